/** The OPT record (RFC 6891) and the client subnet in it (RFC 7871), as a query carries them and an answer repeats them. */

/** The EDNS size that avoids fragments (DNS flag day 2020). */
export const EDNS_BYTES = 1232
/** Without EDNS, and whatever a smaller EDNS size claims (RFC 6891 6.2.3). */
export const PLAIN_BYTES = 512

export const OPT = 41
const CLIENT_SUBNET = 8
const DNSSEC_OK = 0x8000

/** A client subnet as it was sent. */
export interface Subnet {
  /** The option's data as received, scope included (which is 0 in a query). */
  readonly bytes: Buffer
  /** `203.0.113.0/24`; null for family 0, which stands for no network at all. */
  readonly text: string | null
}

export interface Edns {
  readonly version: number
  readonly dnssecOk: boolean
  /** As claimed, however small. */
  readonly bufsize: number
  readonly subnet: Subnet | null
}

/** Reads an OPT record's fixed fields and options; null where the format is broken. */
export function readEdns(bufsize: number, ttl: number, options: Buffer): Edns | null {
  const version = (ttl >>> 16) & 0xff
  const edns = { version, dnssecOk: (ttl & DNSSEC_OK) !== 0, bufsize, subnet: null }
  // What another version puts there is not ours to judge.
  if (version !== 0) return edns
  let subnet: Subnet | null = null
  for (let at = 0; at < options.length; ) {
    if (at + 4 > options.length) return null
    const end = at + 4 + options.readUInt16BE(at + 2)
    if (end > options.length) return null
    if (options.readUInt16BE(at) === CLIENT_SUBNET && subnet === null) {
      const read = readSubnet(options.subarray(at + 4, end))
      if (read === null) return null
      if (read !== 'unknown') subnet = read
    }
    at = end
  }
  return { ...edns, subnet }
}

/** RFC 7871 6: exactly the bytes that the prefix needs, no bit beyond it, scope 0. */
function readSubnet(data: Buffer): Subnet | 'unknown' | null {
  if (data.length < 4) return null
  const family = data.readUInt16BE(0)
  const prefix = data[2] ?? 0
  const most = family === 1 ? 32 : family === 2 ? 128 : family === 0 ? 0 : null
  // A family that RFC 7871 does not name is as if no subnet had been sent.
  if (most === null) return 'unknown'
  const address = data.subarray(4)
  if (prefix > most || data[3] !== 0 || address.length !== Math.ceil(prefix / 8)) return null
  const spare = (8 - (prefix % 8)) % 8
  if (((address.at(-1) ?? 0) & ((1 << spare) - 1)) !== 0) return null
  return { bytes: Buffer.from(data), text: family === 0 ? null : `${networkText(family, address)}/${prefix}` }
}

function networkText(family: number, address: Buffer): string {
  const whole = Buffer.alloc(family === 1 ? 4 : 16)
  address.copy(whole)
  if (family === 1) return whole.join('.')
  const words = whole.toString('hex').match(/.{4}/g) ?? []
  // URL writes the canonical text of RFC 5952.
  return new URL(`http://[${words.join(':')}]/`).hostname.slice(1, -1)
}

/** The OPT record of an answer; `extendedRcode` is the upper eight bits of the code. */
export function writeEdns(edns: Edns, extendedRcode: number): Buffer {
  const subnet = edns.subnet?.bytes ?? null
  const head = Buffer.alloc(11)
  head.writeUInt16BE(OPT, 1)
  head.writeUInt16BE(EDNS_BYTES, 3)
  head.writeUInt32BE(extendedRcode * 0x1000000 + (edns.dnssecOk ? DNSSEC_OK : 0), 5)
  if (subnet === null) return head
  head.writeUInt16BE(4 + subnet.length, 9)
  const option = Buffer.alloc(4)
  option.writeUInt16BE(CLIENT_SUBNET, 0)
  option.writeUInt16BE(subnet.length, 2)
  // The scope in a query is 0, and so is ours: the answer holds for every network.
  return Buffer.concat([head, option, subnet])
}
