import { type BatchOp, MAX_BATCH, MAX_PAGE, type NewProps, RowRefused } from '../core/table-store.ts'

/**
 * The rules for rows, one set for both adapters, so that what works on the embedded store works on Azure. The numbers
 * are Azure Tables' own ("Understanding the Table service data model"); its emulator does not enforce all of them.
 */

/** UTF-16 characters in a string property: 64 KiB. */
export const MAX_STRING = 32_768
/** Bytes in a binary property. */
export const MAX_BINARY = 65_536
/** Properties of a row: Azure's 255 less PartitionKey, RowKey and Timestamp. One of the 252 is our `opId`. */
export const MAX_PROPERTIES = 252
/** Bytes of a row by Azure's formula, names and keys included. */
export const MAX_ROW_BYTES = 1_048_576
/** Bytes of a batch as it travels. */
export const MAX_BATCH_BYTES = 4 * 1_048_576
/** The 128-bit mark that the Azure adapter writes with every row to recognise its own writes. */
export const OP_ID = 'opId'

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/
const TABLE = /^[a-z][a-z0-9]{2,62}$/
/** Names that Azure Tables or its client library gives a meaning, compared without case. */
const RESERVED = new Set(['partitionkey', 'rowkey', 'timestamp', 'etag', 'opid', '__proto__'])
/** Headers and JSON around one operation of a batch, generously. */
const BATCH_OP_OVERHEAD = 1_200
/** An `opId` of 32 characters and a Timestamp, by the formula below. */
const OWN_PROPERTIES_BYTES = 8 + 2 * 4 + 4 + 2 * 32 + 8 + 2 * 9 + 8

/** Throws `RowRefused` unless the table's name is fit: lower case, because Azure does not tell cases apart. */
export function checkTable(table: string): void {
  if (!TABLE.test(table)) throw new RowRefused(`not a table name: ${JSON.stringify(table)}`)
}

/** Throws `RowRefused`, naming the property, unless these properties may be stored under these stored keys. */
export function checkProps(pk: string, rk: string, props: NewProps): void {
  const entries = Object.entries(props)
  if (entries.length > MAX_PROPERTIES - 1) {
    throw new RowRefused(`row has ${entries.length} properties, at most ${MAX_PROPERTIES - 1}`)
  }
  let bytes = 4 + 2 * (pk.length + rk.length) + OWN_PROPERTIES_BYTES
  for (const [name, value] of entries) {
    checkName(name)
    bytes += 8 + 2 * name.length + checkedSize(name, value)
  }
  if (bytes > MAX_ROW_BYTES) throw new RowRefused(`row is ${bytes} bytes, at most ${MAX_ROW_BYTES}`)
}

/** Throws `RowRefused` unless the operations make one batch: a few, on different rows, small enough together. */
export function checkBatch(ops: readonly BatchOp[]): void {
  if (ops.length === 0 || ops.length > MAX_BATCH) {
    throw new RowRefused(`batch has ${ops.length} operations, at least 1 and at most ${MAX_BATCH}`)
  }
  if (new Set(ops.map((op) => op.rk)).size < ops.length) throw new RowRefused('batch names one row twice')
  let bytes = 0
  for (const op of ops) bytes += BATCH_OP_OVERHEAD + (op.op === 'remove' ? 0 : wireSize(op.props))
  if (bytes > MAX_BATCH_BYTES) throw new RowRefused(`batch is ${bytes} bytes, at most ${MAX_BATCH_BYTES}`)
}

/** The page size a query asks for. Throws `RowRefused` on anything but 1 to `MAX_PAGE`. */
export function pageLimit(limit: number | undefined): number {
  const wanted = limit ?? MAX_PAGE
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_PAGE) {
    throw new RowRefused(`a page holds 1 to ${MAX_PAGE} rows, not ${wanted}`)
  }
  return wanted
}

/** Throws `RowRefused` unless each name to read could be a property's. */
export function checkSelect(select: readonly string[] | undefined): void {
  for (const name of select ?? []) checkName(name)
}

function checkName(name: string): void {
  if (!NAME.test(name) || RESERVED.has(name.toLowerCase())) {
    throw new RowRefused(`not a property name: ${JSON.stringify(name)}`)
  }
}

/** Bytes of a value by Azure's formula; refuses what cannot be stored. */
function checkedSize(name: string, value: unknown): number {
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value === 'string') {
    if (value.length > MAX_STRING) {
      throw new RowRefused(`${name} is ${value.length} characters, at most ${MAX_STRING}`)
    }
    return 4 + 2 * value.length
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RowRefused(`${name} is ${value}, which cannot be stored`)
    return 8
  }
  if (value instanceof Uint8Array) {
    if (value.byteLength > MAX_BINARY) {
      throw new RowRefused(`${name} is ${value.byteLength} bytes, at most ${MAX_BINARY}`)
    }
    return 4 + value.byteLength
  }
  throw new RowRefused(`${name} is ${typeof value}, which cannot be stored`)
}

function wireSize(props: NewProps): number {
  let bytes = 0
  for (const [name, value] of Object.entries(props)) {
    bytes += 2 * name.length + 40
    if (typeof value === 'string') bytes += asciiJsonLength(value)
    else if (value instanceof Uint8Array) bytes += Math.ceil(value.byteLength / 3) * 4
  }
  return bytes
}

/** JSON in ASCII alone: six bytes for each UTF-16 unit beyond it. */
function asciiJsonLength(text: string): number {
  const json = JSON.stringify(text)
  return json.length + 5 * (json.match(/[^\x00-\x7f]/g)?.length ?? 0)
}
