import type { NewProps, RowName, TableStore } from '../../src/core/table-store.ts'

/** The table that the contract's tests share. */
export const TABLE = 'contract'

/** What the parts of the contract share: the store under test and rows that no other test touches. */
export interface Scope {
  store(): TableStore
  /** A name in a partition of its own. */
  row(rk?: string, pk?: string): RowName
  /** A partition of its own. */
  partition(): string
  /** Inserts a row that must be new, and gives its ETag. */
  inserted(row: RowName, props?: NewProps): Promise<string>
}
