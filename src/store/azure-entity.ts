import type { TableEntity, TableEntityResult } from '@azure/data-tables'
import type { NewProps, Row, Value } from '../core/table-store.ts'
import { decodeKey } from './key-encoding.ts'
import { OP_ID } from './row-rules.ts'

/**
 * What a merge writes to remove a property. Azure leaves a property alone when a merge says null, and a replacement
 * would need a read first; a Guid can come from nowhere else here, so it reads back as "absent".
 */
const REMOVED = { type: 'Guid', value: '00000000-0000-0000-0000-000000000000' } as const

const INT32 = 2 ** 31
const KEYS_AND_MARKS = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp', OP_ID])

/** A row as the client library sends it, under stored keys, with the mark that tells our own write. */
export function toEntity(
  key: { readonly pk: string; readonly rk: string },
  props: NewProps,
  merge: boolean,
  opId: string,
): TableEntity {
  const entity: TableEntity<Record<string, unknown>> = { partitionKey: key.pk, rowKey: key.rk, [OP_ID]: opId }
  for (const [name, value] of Object.entries(props)) {
    if (value !== null) entity[name] = toSent(value)
    else if (merge) entity[name] = REMOVED
  }
  return entity
}

/** A row from an entity. `pk` and `rk` are the caller's, or the stored key is decoded. */
export function fromEntity(pk: string, entity: TableEntityResult<Record<string, unknown>>, rk?: string): Row {
  const props: Record<string, Value> = {}
  for (const [name, value] of Object.entries(entity)) {
    if (KEYS_AND_MARKS.has(name) || name.startsWith('odata.')) continue
    if (isValue(value)) props[name] = value instanceof Uint8Array ? new Uint8Array(value) : value
  }
  return { pk, rk: rk ?? decodeKey(entity.rowKey ?? ''), etag: entity.etag, props }
}

function toSent(value: Value): unknown {
  if (typeof value === 'number') return toNumber(value)
  // Of a plain Uint8Array the library sends the whole buffer behind it, also where it is a view of a part.
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return value
}

/** The library sends a bare number untyped, and Azure takes a whole one for an Int32 and refuses a large one. */
function toNumber(value: number): number | { type: 'Double'; value: number } {
  const int32 = Number.isInteger(value) && value >= -INT32 && value < INT32
  return int32 ? value : { type: 'Double', value }
}

function isValue(value: unknown): value is Value {
  return ['string', 'number', 'boolean'].includes(typeof value) || value instanceof Uint8Array
}
