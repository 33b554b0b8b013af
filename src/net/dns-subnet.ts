import type { DecodedPacket } from 'dns-packet'
import { addressBytes } from './address-bytes.ts'

/** The number of the client subnet option (RFC 7871 6). */
export const CLIENT_SUBNET = 8

/**
 * The data of a client subnet option for `prefix/length`: family, source length, scope 0, and as many bytes of the address
 * as the length needs, the bits beyond it cleared. Null for a text that is no subnet.
 */
export function subnetOption(text: string): Buffer | null {
  const [address = '', length = '', ...more] = text.split('/')
  const bytes = addressBytes(address)
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (bytes === null || more.length > 0 || !(bits <= 8 * bytes.length)) return null
  const kept = Buffer.from(bytes.subarray(0, Math.ceil(bits / 8)))
  const last = kept.length - 1
  if (bits % 8 !== 0) kept[last] = (kept[last] ?? 0) & (0xff00 >> (bits % 8))
  return Buffer.concat([Buffer.from([0, bytes.length === 4 ? 1 : 2, bits, 0]), kept])
}

/**
 * The scope of the client subnet in an answer; null without one, undefined when it makes no sense: a length that its
 * family does not have, or another subnet than the one that was `sent` (RFC 7871 11.2: such an answer is dropped).
 */
export function subnetScope(message: DecodedPacket, sent: Buffer | undefined): number | null | undefined {
  for (const record of message.additionals ?? []) {
    if (record.type !== 'OPT') continue
    for (const option of record.options ?? []) {
      if (option.code !== CLIENT_SUBNET || !('scopePrefixLength' in option)) continue
      const most = option.family === 1 ? 32 : option.family === 2 ? 128 : -1
      const { sourcePrefixLength = 0, scopePrefixLength = 0 } = option
      if (sourcePrefixLength > most || scopePrefixLength > most) return undefined
      const echoed = sent === undefined || same(sent, `${option.ip}/${sourcePrefixLength}`)
      return echoed ? scopePrefixLength : undefined
    }
  }
  return null
}

function same(sent: Buffer, text: string): boolean {
  return subnetOption(text)?.equals(sent) ?? false
}
