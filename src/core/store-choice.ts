/** Where the rows are, as configured. */
export type StoreChoice =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'azure'; readonly connectionString: string }
  | { readonly kind: 'azure'; readonly url: string }
