import type { TableClient } from '@azure/data-tables'
import type { Random } from '../core/ports.ts'
import {
  ANY_ETAG,
  type BatchAnswer,
  type BatchOp,
  type Conflict,
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
import { type Called, call } from './azure-calls.ts'
import { type AzureAccount, type AzureClients, azureClients } from './azure-client.ts'
import { fromEntity, toEntity } from './azure-entity.ts'
import { filterOf, libraryMode, type Stored, stored, toAction } from './azure-requests.ts'
import { cursorAfter, encodeKey } from './key-encoding.ts'
import { checkBatch, checkSelect, checkTable, OP_ID, pageLimit } from './row-rules.ts'

/** One call of the port at most, its retries and read-backs included, ms (design: no storage call above 5 s). */
export const CALL_MS = 5_000

/** What the Azure adapter needs. `callMs` is `CALL_MS` where absent. */
export interface AzureDeps {
  readonly random: Pick<Random, 'hex'>
  readonly callMs?: number
}

/** Opens the store on an Azure Storage account, without a request yet. Throws `CannotOpenStore`. */
export async function openAzureStore(account: AzureAccount, deps: AzureDeps): Promise<TableStore> {
  return new AzureStore(await azureClients(account), deps)
}

const REFUSALS: Readonly<Record<404 | 409 | 412, Refusal>> = { 404: 'missing', 409: 'conflict', 412: 'stale' }

/**
 * The port on Azure Tables. The library repeats a request whose answer was lost, and the second try then meets our own
 * first one: 409, 412 or 404. So every write carries a fresh `opId`, and such an answer to a repeated request is
 * settled by reading the row: our `opId` in it means that we won.
 */
class AzureStore implements TableStore {
  readonly #clients: AzureClients
  readonly #deps: AzureDeps
  readonly #tables = new Map<string, TableClient>()
  #closed = false

  constructor(clients: AzureClients, deps: AzureDeps) {
    this.#clients = clients
    this.#deps = deps
  }

  async ensure(tables: readonly string[]): Promise<void> {
    tables.forEach(checkTable)
    const signal = this.#deadline()
    await Promise.all(tables.map((table) => this.#create(table, signal)))
  }

  async insert(row: RowName, props: NewProps): Promise<Written | Conflict> {
    const key = stored(row, props)
    const opId = this.#opId()
    const signal = this.#deadline()
    const entity = toEntity(key, props, false, opId)
    const answer = await this.#creating(key.table, signal, (client) =>
      client.createEntity(entity, { abortSignal: signal }),
    )
    if (answer.ok) return written(answer.value.etag)
    if (answer.status !== 409) throw unexpected(answer)
    return (answer.repeated && (await this.#own(key, opId, signal))) || { ok: false, why: 'conflict' }
  }

  async upsert(row: RowName, props: NewProps, mode: WriteMode): Promise<Written> {
    const key = stored(row, props)
    const signal = this.#deadline()
    const entity = toEntity(key, props, mode === 'merge', this.#opId())
    const answer = await this.#creating(key.table, signal, (client) =>
      client.upsertEntity(entity, libraryMode(mode), { abortSignal: signal }),
    )
    if (!answer.ok) throw unexpected(answer)
    return written(answer.value.etag)
  }

  async update(
    row: RowName,
    props: NewProps,
    mode: WriteMode,
    etag: string,
  ): Promise<Written | Stale | Missing> {
    const key = stored(row, props)
    const opId = this.#opId()
    const signal = this.#deadline()
    const entity = toEntity(key, props, mode === 'merge', opId)
    const answer = await this.#call(signal, () =>
      this.#client(key.table).updateEntity(entity, libraryMode(mode), { etag, abortSignal: signal }),
    )
    if (answer.ok) return written(answer.value.etag)
    if (answer.status === 404) return { ok: false, why: 'missing' }
    if (answer.status === 409) throw unexpected(answer)
    return (answer.repeated && (await this.#own(key, opId, signal))) || { ok: false, why: 'stale' }
  }

  async remove(row: RowName, etag: string = ANY_ETAG): Promise<Removed | Stale | Missing> {
    const { table, pk, rk } = stored(row, {})
    const signal = this.#deadline()
    const answer = await this.#call(signal, () =>
      this.#client(table).deleteEntity(pk, rk, { etag, abortSignal: signal }),
    )
    // Nothing is left to read back; "gone" after a repeated request is what was asked for.
    if (answer.ok || (answer.status === 404 && answer.repeated)) return { ok: true }
    if (answer.status === 409) throw unexpected(answer)
    return { ok: false, why: answer.status === 404 ? 'missing' : 'stale' }
  }

  async get(row: RowName, select?: readonly string[]): Promise<Row | undefined> {
    checkSelect(select)
    const key = stored(row, {})
    const entity = await this.#read(key, this.#deadline(), select)
    return entity && fromEntity(row.pk, entity, row.rk)
  }

  async query(query: Query): Promise<Page> {
    checkTable(query.table)
    checkSelect(query.select)
    const limit = pageLimit(query.limit)
    const queryOptions = {
      filter: filterOf(query),
      ...(query.select ? { select: [...query.select, 'RowKey'] } : {}),
    }
    const signal = this.#deadline()
    const answer = await this.#call(signal, async () => {
      const found: Row[] = []
      const list = this.#client(query.table).listEntities<Record<string, unknown>>({
        queryOptions,
        abortSignal: signal,
      })
      // Azure may give an empty page with a continuation: only a missing token means the end.
      for await (const page of list.byPage({ maxPageSize: limit })) {
        for (const entity of page) found.push(fromEntity(query.pk, entity))
        if (found.length >= limit)
          return { found, more: found.length > limit || page.continuationToken !== undefined }
      }
      return { found, more: false }
    })
    if (!answer.ok) {
      if (answer.status === 404) return { rows: [] }
      throw unexpected(answer)
    }
    const rows = answer.value.found.slice(0, limit)
    const last = rows.at(-1)
    return answer.value.more && last ? { rows, cursor: cursorAfter(encodeKey(last.rk)) } : { rows }
  }

  async batch(table: string, pk: string, ops: readonly BatchOp[]): Promise<BatchAnswer> {
    checkTable(table)
    checkBatch(ops)
    const keys = ops.map((op) => stored({ table, pk, rk: op.rk }, op.op === 'remove' ? {} : op.props))
    const opId = this.#opId()
    const signal = this.#deadline()
    const actions = ops.map((op, index) => toAction(op, keys[index] as Stored, opId))
    const answer = await this.#creating(table, signal, (client) =>
      client.submitTransaction(actions, { abortSignal: signal }),
    )
    if (answer.ok) {
      const parts = answer.value.subResponses
      return {
        ok: true,
        etags: ops.map((op, index) => (op.op === 'remove' ? undefined : parts[index]?.etag)),
      }
    }
    const own = answer.repeated ? await this.#ownBatch(ops, keys, opId, signal) : undefined
    return own ?? { ok: false, why: REFUSALS[answer.status], index: answer.index }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  /** Reads a row back; a success when the write that stands in the way was this one. */
  async #own(key: Stored, opId: string, signal: AbortSignal): Promise<Written | undefined> {
    const entity = await this.#read(key, signal, [OP_ID])
    return entity?.[OP_ID] === opId ? written(entity.etag) : undefined
  }

  /** A batch is done whole, so one row of ours proves it, or, where it only removes, that all of its rows are gone. */
  async #ownBatch(ops: readonly BatchOp[], keys: readonly Stored[], opId: string, signal: AbortSignal) {
    const rows = await Promise.all(keys.map((key) => this.#read(key, signal, [OP_ID])))
    const writes = ops.some((op) => op.op !== 'remove')
    const won = writes ? rows.some((row) => row?.[OP_ID] === opId) : rows.every((row) => row === undefined)
    if (!won) return undefined
    return { ok: true, etags: rows.map((row) => (row?.[OP_ID] === opId ? row?.etag : undefined)) } as const
  }

  async #read(key: Stored, signal: AbortSignal, select?: readonly string[]) {
    const options = {
      abortSignal: signal,
      ...(select ? { queryOptions: { select: [...select, 'RowKey'] } } : {}),
    }
    const answer = await this.#call(signal, () =>
      this.#client(key.table).getEntity<Record<string, unknown>>(key.pk, key.rk, options),
    )
    if (answer.ok) return answer.value
    if (answer.status === 404) return undefined
    throw unexpected(answer)
  }

  /** Does a write; where the table does not exist (a new month), creates it and does the write once more. */
  async #creating<T>(
    table: string,
    signal: AbortSignal,
    write: (client: TableClient) => Promise<T>,
  ): Promise<Called<T>> {
    const first = await this.#call(signal, () => write(this.#client(table)))
    if (first.ok || first.code !== 'TableNotFound') return first
    await this.#create(table, signal)
    return this.#call(signal, () => write(this.#client(table)))
  }

  async #create(table: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#call(signal, () => this.#client(table).createTable({ abortSignal: signal }))
    if (!answer.ok && answer.code !== 'TableAlreadyExists') throw unexpected(answer)
  }

  #call<T>(signal: AbortSignal, run: () => Promise<T>): Promise<Called<T>> {
    return call(run, signal, this.#clients.sends)
  }

  #client(table: string): TableClient {
    const known = this.#tables.get(table)
    if (known) return known
    const client = this.#clients.table(table)
    this.#tables.set(table, client)
    return client
  }

  #deadline(): AbortSignal {
    if (this.#closed) throw new StoreTrouble('failed', 'the store is closed')
    return AbortSignal.timeout(this.#deps.callMs ?? CALL_MS)
  }

  #opId(): string {
    return this.#deps.random.hex(16)
  }
}

function written(etag: string | undefined): Written {
  if (etag === undefined)
    throw new StoreTrouble('failed', 'Azure Tables stored a row without naming its ETag')
  return { ok: true, etag }
}

function unexpected(answer: { readonly status: number; readonly code: string }): StoreTrouble {
  const word = answer.code === 'TableBeingDeleted' ? 'busy' : 'failed'
  return new StoreTrouble(word, `Azure Tables: ${answer.status} ${answer.code}`)
}
