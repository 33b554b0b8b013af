/** Where an address is, as far as it is known. */
export interface Located {
  readonly address: string
  /** How far from the office in km, rounded; null when its place is not known. */
  readonly km: number | null
  /** The place's name; null when it is not known. */
  readonly label: string | null
  /** Who owns it, when a cloud security vendor or another known owner does. */
  readonly owner: string | null
  /** Inside one of the ranges that the office registered for this purpose. */
  readonly registered: boolean
  /** Other offices (names) whose registered egress holds it. */
  readonly otherOffices: readonly string[]
}
