import { addressBytes } from '../net/address-bytes.ts'

/** The record types that the zone holds or treats by name (IANA, DNS parameters). */
export const TYPE = { A: 1, NS: 2, SOA: 6, HINFO: 13, TXT: 16, AAAA: 28, ANY: 255 } as const
export const CLASS_IN = 1

const MNEMONICS = new Map<number, string>([
  [TYPE.A, 'A'],
  [TYPE.NS, 'NS'],
  [5, 'CNAME'],
  [TYPE.SOA, 'SOA'],
  [12, 'PTR'],
  [TYPE.HINFO, 'HINFO'],
  [15, 'MX'],
  [TYPE.TXT, 'TXT'],
  [TYPE.AAAA, 'AAAA'],
  [33, 'SRV'],
  [43, 'DS'],
  [48, 'DNSKEY'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [TYPE.ANY, 'ANY'],
  [257, 'CAA'],
])

/** The type's mnemonic, or `TYPE<n>` as RFC 3597 writes what has none here. */
export function typeName(type: number): string {
  return MNEMONICS.get(type) ?? `TYPE${type}`
}

/** Labels before the zone: `['ns']` is `ns.<zone>`, `[]` the zone itself. */
export type Relative = readonly string[]

/** One record. Its data is bytes with names of the zone between them, which the writer compresses. */
export interface Rec {
  /** `asked`: the name in the question. */
  readonly owner: 'asked' | Relative
  readonly type: number
  /** Seconds. */
  readonly ttl: number
  readonly data: readonly (Buffer | Relative)[]
}

/** An A or AAAA record, by the address's family; none for a text that is no address. */
export function addressRecords(owner: Rec['owner'], address: string, ttl: number): readonly Rec[] {
  const bytes = addressBytes(address)
  if (bytes === null) return []
  return [{ owner, type: bytes.length === 4 ? TYPE.A : TYPE.AAAA, ttl, data: [bytes] }]
}

/** A TXT record of single strings, each of at most 255 bytes (RFC 1035 3.3.14): longer ones are cut. */
export function txtRecord(strings: readonly string[], ttl: number): Rec {
  const parts = strings.map((text) => characterString(text))
  return { owner: 'asked', type: TYPE.TXT, ttl, data: [Buffer.concat(parts)] }
}

function characterString(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1').subarray(0, 255)
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

/** What is answered to ANY instead of everything (RFC 8482 4.2). */
export function anyRecord(ttl: number): Rec {
  return { owner: 'asked', type: TYPE.HINFO, ttl, data: [characterString('RFC8482'), characterString('')] }
}

export function nsRecord(server: Relative, ttl: number): Rec {
  return { owner: [], type: TYPE.NS, ttl, data: [server] }
}

/** Times of a zone that has no secondaries and never changes: nobody reads them but the last. */
const SOA_TIMES = { serial: 1, refresh: 3600, retry: 600, expire: 86_400 } as const

/**
 * The zone's SOA. Its last field and, in negative answers, its own TTL say how long a "no" may be kept (RFC 2308 5):
 * not at all, because a nonce that nobody has asked for yet may be asked for in the next second.
 */
export function soaRecord(server: Relative, ttl: number): Rec {
  const numbers = Buffer.alloc(20)
  for (const [index, value] of Object.values(SOA_TIMES).entries()) numbers.writeUInt32BE(value, 4 * index)
  return { owner: [], type: TYPE.SOA, ttl, data: [server, ['hostmaster'], numbers] }
}
