import { parseRange } from '../../src/core/cidr.ts'

/** What a record may hold: a `number` that is whole and not negative is written as uint32, any other as double. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

/** A database to be written: later networks win inside earlier ones. */
export interface Spec {
  /** 4: a tree of 32 bits. 6: of 128, with IPv4 networks below `::/96`. */
  readonly ipVersion: 4 | 6
  readonly type: string
  readonly networks: readonly (readonly [cidr: string, record: Value])[]
}

/** A small valid database in MaxMind's format 2.0 (https://maxmind.github.io/MaxMind-DB/) with records of 24 bits. */
export function mmdbOf({ ipVersion, type, networks }: Spec): Buffer {
  const records: Buffer[] = []
  const nodes: Node[] = [[null, null]]
  let offset = 0
  for (const [cidr, record] of networks) {
    const bytes = encoded(record)
    insert(nodes, pathOf(cidr, ipVersion), { record: offset })
    records.push(bytes)
    offset += bytes.length
  }
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_790_000_000,
    database_type: type,
    description: { en: 'made by a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  }
  return Buffer.concat([
    ...nodes.map((node) => nodeBytes(node, nodes.length)),
    Buffer.alloc(16),
    ...records,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    encoded(metadata),
  ])
}

/** A node's side: nothing, the index of another node, or a record by its offset. */
type Side = null | number | { readonly record: number }
type Node = [Side, Side]

function insert(nodes: Node[], path: readonly (0 | 1)[], leaf: Side): void {
  let node = nodes[0] as Node
  for (const [depth, bit] of path.entries()) {
    if (depth === path.length - 1) node[bit] = leaf
    else {
      const side = node[bit]
      if (typeof side !== 'number') {
        // A shorter network's record goes on to both sides of the new node.
        nodes.push([side, side])
        node[bit] = nodes.length - 1
      }
      node = nodes[node[bit] as number] as Node
    }
  }
}

function pathOf(cidr: string, ipVersion: 4 | 6): readonly (0 | 1)[] {
  const range = parseRange(cidr)
  if (range === null || range.family > ipVersion) throw new Error(`no network for this tree: ${cidr}`)
  const width = range.family === 4 ? 32 : 128
  const path = Array.from({ length: range.bits }, (_, i): 0 | 1 =>
    (range.first >> BigInt(width - 1 - i)) & 1n ? 1 : 0,
  )
  return range.family === 4 && ipVersion === 6 ? [...Array<0>(96).fill(0), ...path] : path
}

function nodeBytes(node: Node, count: number): Buffer {
  const bytes = Buffer.alloc(6)
  for (const [index, side] of node.entries()) {
    const value = side === null ? count : typeof side === 'number' ? side : count + 16 + side.record
    bytes.writeUIntBE(value, 3 * index, 3)
  }
  return bytes
}

/** Types of the format: 2 string, 3 double, 6 uint32, 7 map, 11 array, 14 boolean. */
function encoded(value: Value): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'boolean') return control(14, value ? 1 : 0)
  if (typeof value === 'number') {
    const whole = Number.isInteger(value) && value >= 0 && !Object.is(value, -0)
    const bytes = Buffer.alloc(whole ? 4 : 8)
    if (whole) bytes.writeUInt32BE(value)
    else bytes.writeDoubleBE(value)
    return Buffer.concat([control(whole ? 6 : 3, bytes.length), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encoded)])
  const entries = Object.entries(value)
  return Buffer.concat([control(7, entries.length), ...entries.flat().map(encoded)])
}

function control(type: number, size: number): Buffer {
  if (size >= 285) throw new Error('this writer knows sizes below 285 only')
  const low = Math.min(size, 29)
  const more = size >= 29 ? [size - 29] : []
  return Buffer.from(type < 8 ? [(type << 5) | low, ...more] : [low, type - 7, ...more])
}
