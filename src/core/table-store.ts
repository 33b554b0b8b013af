/**
 * The one door to stored state, shaped like Azure Tables: rows named by table, partition key and row key, an ETag per
 * row, atomic batches inside one partition, and range queries over one partition. Both adapters (`store/`) pass one
 * contract suite, so code above this port cannot tell which it runs on.
 *
 * Keys may be any text: the adapters encode them. Rows of a partition are ordered by that encoding, which for keys of
 * `[A-Za-z0-9._:@-]` is plain ASCII order; give keys that are compared by range that shape.
 */

/** What a property can hold. No NaN, no infinities, no objects: they are refused, never changed on the way. */
export type Value = string | number | boolean | Uint8Array

/** Properties as read: an absent property is not there. */
export type Props = Readonly<Record<string, Value>>

/**
 * Properties as written. `null` means "absent": a merge with `null` removes the stored property, an insert or a
 * replacement simply does not store it. Names match `[A-Za-z_][A-Za-z0-9_]*`; a few are reserved (`store/row-rules.ts`).
 */
export type NewProps = Readonly<Record<string, Value | null>>

/** A row's full name. */
export interface RowName {
  readonly table: string
  readonly pk: string
  readonly rk: string
}

/** A stored row. `etag` is opaque and changes with every write; a row made anew never has an old one's. */
export interface Row {
  readonly pk: string
  readonly rk: string
  readonly etag: string
  readonly props: Props
}

/** `merge` keeps the properties that are not named; `replace` drops them. */
export type WriteMode = 'merge' | 'replace'

/** Why a write was not done. Expected in races, so an answer and not an exception. */
export type Refusal = 'conflict' | 'stale' | 'missing'

/** The row exists already. */
export interface Conflict {
  readonly ok: false
  readonly why: 'conflict'
}

/** The row has changed since that ETag was read. */
export interface Stale {
  readonly ok: false
  readonly why: 'stale'
}

/** There is no such row. */
export interface Missing {
  readonly ok: false
  readonly why: 'missing'
}

/** The write is stored and survives a crash. */
export interface Written {
  readonly ok: true
  readonly etag: string
}

/** The row is gone. */
export interface Removed {
  readonly ok: true
}

/** Matches whatever version of the row there is, as long as there is one. */
export const ANY_ETAG = '*'

/**
 * One operation of a batch. A removal cannot carry an ETag here: the Azure client library drops it without a word. To
 * remove on a condition, remove alone or update a row of the same batch on the condition.
 */
export type BatchOp =
  | { readonly op: 'insert'; readonly rk: string; readonly props: NewProps }
  | { readonly op: 'upsert'; readonly rk: string; readonly props: NewProps; readonly mode: WriteMode }
  | {
      readonly op: 'update'
      readonly rk: string
      readonly props: NewProps
      readonly mode: WriteMode
      readonly etag: string
    }
  | { readonly op: 'remove'; readonly rk: string }

/**
 * All of a batch or nothing. `etags` are in the order of the operations; `undefined` for a removal, and, rarely, for a
 * row that another writer changed before our success could be confirmed (read it again). `index` is the first
 * operation that was refused.
 */
export type BatchAnswer =
  | { readonly ok: true; readonly etags: readonly (string | undefined)[] }
  | { readonly ok: false; readonly why: Refusal; readonly index: number }

/** A range of one partition, ascending by row key. `rkFrom` is included, `rkTo` is not; `rkPrefix` narrows further. */
export interface Query {
  readonly table: string
  readonly pk: string
  readonly rkFrom?: string
  readonly rkTo?: string
  readonly rkPrefix?: string
  /** Rows at most in this page, 1 to `MAX_PAGE`, which is also the default. */
  readonly limit?: number
  /** From the page before; opaque. It stays good while rows come and go. */
  readonly cursor?: string
  /** Read these properties only. */
  readonly select?: readonly string[]
}

/** One page. No cursor means that this was the last; a cursor may still lead to an empty page. */
export interface Page {
  readonly rows: readonly Row[]
  readonly cursor?: string
}

/** Rows in one page at most: Azure Tables returns 1,000 at a time. */
export const MAX_PAGE = 1000

/** Operations in one batch at most, as in Azure Tables. */
export const MAX_BATCH = 100

/** Why the store gave no answer. After a write this may mean "done, but not confirmed". */
export type TroubleWord = 'timeout' | 'unreachable' | 'denied' | 'busy' | 'failed'

/**
 * The store could not answer. Thrown and not returned, because a caller can only give up, say so, and leave the work
 * to a later sweep: one place per program catches it. `word` is for decisions, the message for engineers.
 */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble'
  readonly word: TroubleWord

  constructor(word: TroubleWord, message: string, options?: ErrorOptions) {
    super(message, options)
    this.word = word
  }
}

/** The caller broke a rule of the port (a bad value, a batch too large): a bug, never retried. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused'
}

/**
 * Every method may throw `StoreTrouble` or `RowRefused`. A table that does not exist is created by the first write to
 * it and reads as empty.
 */
export interface TableStore {
  /** Creates the tables that do not exist yet. Names are `[a-z][a-z0-9]{2,62}`. */
  ensure(tables: readonly string[]): Promise<void>
  /** Stores a row that must not exist. */
  insert(row: RowName, props: NewProps): Promise<Written | Conflict>
  /** Stores a row whether it exists or not. */
  upsert(row: RowName, props: NewProps, mode: WriteMode): Promise<Written>
  /** Changes a row that must exist and be at that ETag (or `ANY_ETAG`). Of several at one ETag exactly one wins. */
  update(row: RowName, props: NewProps, mode: WriteMode, etag: string): Promise<Written | Stale | Missing>
  /** Reads one row. */
  get(row: RowName, select?: readonly string[]): Promise<Row | undefined>
  /** Removes a row, on a condition where an ETag is given. */
  remove(row: RowName, etag?: string): Promise<Removed | Stale | Missing>
  /** Reads one page of one partition. */
  query(query: Query): Promise<Page>
  /** Does up to `MAX_BATCH` operations on different rows of one partition, all or none. */
  batch(table: string, pk: string, ops: readonly BatchOp[]): Promise<BatchAnswer>
  /** Ends the connection or closes the file. Further calls fail. */
  close(): Promise<void>
}

/** Every row of a range, page by page, in order. */
export async function* everyRow(store: Pick<TableStore, 'query'>, query: Query): AsyncGenerator<Row, void> {
  let cursor = query.cursor
  do {
    const page = await store.query(cursor === undefined ? query : { ...query, cursor })
    yield* page.rows
    cursor = page.cursor
  } while (cursor !== undefined)
}
