import { odata, type TransactionAction } from '@azure/data-tables'
import type { BatchOp, NewProps, Query, RowName, WriteMode } from '../core/table-store.ts'
import { toEntity } from './azure-entity.ts'
import { encodeKey, keyRange } from './key-encoding.ts'
import { checkProps, checkTable } from './row-rules.ts'

/** A row under its stored keys, checked. */
export interface Stored {
  readonly table: string
  readonly pk: string
  readonly rk: string
}

/** Checks a row by the rules and gives its stored keys. Throws `RowRefused`. */
export function stored(row: RowName, props: NewProps): Stored {
  checkTable(row.table)
  const key = { table: row.table, pk: encodeKey(row.pk), rk: encodeKey(row.rk) }
  checkProps(key.pk, key.rk, props)
  return key
}

/** The library's word for a mode. */
export function libraryMode(mode: WriteMode): 'Merge' | 'Replace' {
  return mode === 'merge' ? 'Merge' : 'Replace'
}

/** One operation of a transaction; a removal is unconditional there. */
export function toAction(op: BatchOp, key: Stored, opId: string): TransactionAction {
  if (op.op === 'remove') return ['delete', { partitionKey: key.pk, rowKey: key.rk }]
  if (op.op === 'insert') return ['create', toEntity(key, op.props, false, opId)]
  const entity = toEntity(key, op.props, op.mode === 'merge', opId)
  if (op.op === 'upsert') return ['upsert', entity, libraryMode(op.mode)]
  return ['update', entity, libraryMode(op.mode), { etag: op.etag }]
}

/** The OData filter of a range, with quotes doubled by the library's own tag. */
export function filterOf(query: Query): string {
  const { from, to } = keyRange(query)
  const parts = [odata`PartitionKey eq ${encodeKey(query.pk)}`]
  if (from !== undefined) parts.push(odata`RowKey ge ${from}`)
  if (to !== undefined) parts.push(odata`RowKey lt ${to}`)
  return parts.join(' and ')
}
