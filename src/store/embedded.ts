import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Random } from '../core/ports.ts'
import {
  ANY_ETAG,
  type BatchAnswer,
  type BatchOp,
  type Missing,
  type NewProps,
  type Page,
  type Query,
  type Refusal,
  type Removed,
  type Row,
  type RowName,
  type Stale,
  StoreTrouble,
  type TableStore,
  type WriteMode,
  type Written,
} from '../core/table-store.ts'
import { type FileSystemType, openDatabase, sqliteCode, systemFileSystemType } from './embedded-file.ts'
import { applied, fromJson, toJson } from './embedded-props.ts'
import { GroupedWrites } from './embedded-writes.ts'
import { cursorAfter, decodeKey, encodeKey, keyRange } from './key-encoding.ts'
import { checkBatch, checkProps, checkSelect, checkTable, pageLimit } from './row-rules.ts'

/** What the embedded store needs. `fileSystemType` is the running system's where absent. */
export interface EmbeddedDeps {
  readonly random: Pick<Random, 'hex'>
  readonly fileSystemType?: FileSystemType
}

/**
 * Opens the store in a folder of a local disk, for this process alone. A write is on the disk when its promise is
 * fulfilled. Throws `CannotOpenStore`.
 */
export async function openEmbeddedStore(folder: string, deps: EmbeddedDeps): Promise<TableStore> {
  const database = await openDatabase(folder, deps.fileSystemType ?? systemFileSystemType)
  return new EmbeddedStore(database, deps.random)
}

/** A refusal inside a transaction, to undo it. */
type Step = Written | Removed | { readonly ok: false; readonly why: Refusal }

interface Statements {
  readonly get: StatementSync
  readonly put: StatementSync
  readonly remove: StatementSync
  readonly range: StatementSync
}

/** Larger than any stored key: keys are ASCII. */
const END_OF_KEYS = '\u007f'

/** The port on one SQLite file. Its calls are synchronous inside, so each is atomic in this process. */
class EmbeddedStore implements TableStore {
  readonly #database: DatabaseSync
  readonly #random: Pick<Random, 'hex'>
  readonly #tables = new Map<string, Statements>()
  readonly #writes: GroupedWrites

  constructor(database: DatabaseSync, random: Pick<Random, 'hex'>) {
    this.#database = database
    this.#random = random
    this.#writes = new GroupedWrites(database)
    const found = database.prepare(
      "SELECT substr(name, 3) AS name FROM sqlite_schema WHERE name LIKE 't\\_%' ESCAPE '\\'",
    )
    for (const row of found.all()) this.#open(String(row['name']))
  }

  async ensure(tables: readonly string[]): Promise<void> {
    tables.forEach(checkTable)
    this.#run(() => {
      for (const table of tables) this.#ensured(table)
    })
  }

  async insert(row: RowName, props: NewProps) {
    const op: BatchOp = { op: 'insert', rk: row.rk, props }
    return this.#single<Written | { readonly ok: false; readonly why: 'conflict' }>(row, op)
  }

  async upsert(row: RowName, props: NewProps, mode: WriteMode) {
    return this.#single<Written>(row, { op: 'upsert', rk: row.rk, props, mode })
  }

  async update(row: RowName, props: NewProps, mode: WriteMode, etag: string) {
    return this.#single<Written | Stale | Missing>(row, { op: 'update', rk: row.rk, props, mode, etag })
  }

  async remove(row: RowName, etag?: string) {
    return this.#single<Removed | Stale | Missing>(row, { op: 'remove', rk: row.rk }, etag)
  }

  async get(row: RowName, select?: readonly string[]): Promise<Row | undefined> {
    checkTable(row.table)
    checkSelect(select)
    const [pk, rk] = [encodeKey(row.pk), encodeKey(row.rk)]
    const stored = this.#run(() => this.#tables.get(row.table)?.get.get(pk, rk))
    return stored === undefined ? undefined : this.#toRow(row.pk, rk, stored, select)
  }

  async query(query: Query): Promise<Page> {
    checkTable(query.table)
    checkSelect(query.select)
    const limit = pageLimit(query.limit)
    const pk = encodeKey(query.pk)
    const { from = '', to = END_OF_KEYS } = keyRange(query)
    const found = this.#run(() => this.#tables.get(query.table)?.range.all(pk, from, to, limit + 1)) ?? []
    const rows = found
      .slice(0, limit)
      .map((row) => this.#toRow(query.pk, String(row['rk']), row, query.select))
    const last = found[limit - 1]
    return found.length > limit && last ? { rows, cursor: cursorAfter(String(last['rk'])) } : { rows }
  }

  async batch(table: string, pk: string, ops: readonly BatchOp[]): Promise<BatchAnswer> {
    checkTable(table)
    checkBatch(ops)
    return this.#write(table, (statements) => this.#all(statements, encodeKey(pk), ops))
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return
    this.#writes.flush()
    this.#database.close()
  }

  #all(statements: Statements, pk: string, ops: readonly BatchOp[]): BatchAnswer {
    const etags: (string | undefined)[] = []
    for (const [index, op] of ops.entries()) {
      const step = this.#step(statements, pk, op)
      if (!step.ok) return { ok: false, why: step.why, index }
      etags.push('etag' in step ? step.etag : undefined)
    }
    return { ok: true, etags }
  }

  async #single<Answer extends Step>(row: RowName, op: BatchOp, removeAt?: string): Promise<Answer> {
    checkTable(row.table)
    const pk = encodeKey(row.pk)
    // The cast holds: #step answers with a kind of refusal only for the kind of operation that has it.
    return (await this.#write(row.table, (statements) => this.#step(statements, pk, op, removeAt))) as Answer
  }

  async #write<Answer extends { readonly ok: boolean }>(
    table: string,
    write: (statements: Statements) => Answer,
  ): Promise<Answer> {
    // Before the transaction, which may be undone while we remember the table.
    const statements = this.#run(() => this.#ensured(table))
    try {
      return await this.#writes.add(
        () => write(statements),
        ({ ok }) => ok,
      )
    } catch (error) {
      throw asTrouble(error)
    }
  }

  #step(statements: Statements, pk: string, op: BatchOp, removeAt?: string): Step {
    const rk = encodeKey(op.rk)
    const stored = statements.get.get(pk, rk)
    if (op.op !== 'remove') checkProps(pk, rk, op.props)
    if (op.op === 'insert' && stored !== undefined) return { ok: false, why: 'conflict' }
    if (op.op === 'update' || op.op === 'remove') {
      const wanted = op.op === 'update' ? op.etag : (removeAt ?? ANY_ETAG)
      if (stored === undefined) return { ok: false, why: 'missing' }
      if (wanted !== ANY_ETAG && wanted !== stored['etag']) return { ok: false, why: 'stale' }
    }
    if (op.op === 'remove') {
      statements.remove.run(pk, rk)
      return { ok: true }
    }
    const merge = op.op !== 'insert' && op.mode === 'merge' && stored !== undefined
    const after = applied(merge ? fromJson(String(stored['props'])) : {}, op.props)
    checkProps(pk, rk, after)
    const etag = this.#random.hex(16)
    statements.put.run(pk, rk, etag, toJson(after))
    return { ok: true, etag }
  }

  #toRow(pk: string, rk: string, stored: Record<string, unknown>, select?: readonly string[]): Row {
    const props = fromJson(String(stored['props']), select)
    return { pk, rk: decodeKey(rk), etag: String(stored['etag']), props }
  }

  #ensured(table: string): Statements {
    const known = this.#tables.get(table)
    if (known) return known
    // One SQLite table for each: a month's table then goes away whole. The name passed checkTable.
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS "t_${table}" (pk TEXT NOT NULL, rk TEXT NOT NULL, etag TEXT NOT NULL, props TEXT NOT NULL,
       PRIMARY KEY (pk, rk)) WITHOUT ROWID`,
    )
    return this.#open(table)
  }

  #open(table: string): Statements {
    const name = `"t_${table}"`
    const statements: Statements = {
      get: this.#database.prepare(`SELECT etag, props FROM ${name} WHERE pk = ? AND rk = ?`),
      put: this.#database.prepare(`INSERT OR REPLACE INTO ${name} (pk, rk, etag, props) VALUES (?, ?, ?, ?)`),
      remove: this.#database.prepare(`DELETE FROM ${name} WHERE pk = ? AND rk = ?`),
      range: this.#database.prepare(
        `SELECT rk, etag, props FROM ${name} WHERE pk = ? AND rk >= ? AND rk < ? ORDER BY rk LIMIT ?`,
      ),
    }
    this.#tables.set(table, statements)
    return statements
  }

  #run<T>(run: () => T): T {
    if (!this.#database.isOpen) throw new StoreTrouble('failed', 'the embedded store is closed')
    try {
      return run()
    } catch (error) {
      throw asTrouble(error)
    }
  }
}

function asTrouble(error: unknown): unknown {
  if (sqliteCode(error) === undefined) return error
  return new StoreTrouble('failed', `the embedded store failed: ${(error as Error).message}`, {
    cause: error,
  })
}
