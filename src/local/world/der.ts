/** Writes what a certificate is made of (DER, ITU-T X.690): each function gives one whole element. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const

/** What a PrintableString may hold (X.680 41.4). */
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/

/** An element with this tag. Lengths up to 65,535, far above any certificate. */
export const tagged = (tag: number, content: Uint8Array): Buffer => {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer =>
  tagged(TAG.sequence, Buffer.concat(parts))

export const set = (...parts: readonly Uint8Array[]): Buffer => tagged(TAG.set, Buffer.concat(parts))

/** @param bytes the number as it is written, most significant byte first, the first below 128 */
export const integer = (bytes: Uint8Array): Buffer => tagged(TAG.integer, bytes)

export const yes = (): Buffer => tagged(TAG.boolean, Buffer.from([0xff]))

export const octets = (content: Uint8Array): Buffer => tagged(TAG.octets, content)

/** @param unused how many of the last byte's bits do not count */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  tagged(TAG.bits, Buffer.concat([Buffer.from([unused]), content]))

/** @param dotted `2.5.4.3` */
export const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(TAG.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** Seven bits a byte, all but the last marked. */
const base128 = (value: number): number[] => {
  const bytes = [value & 0x7f]
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80)
  return bytes
}

/** A text as public authorities write names: printable where it can be. */
export const text = (value: string): Buffer =>
  tagged(PRINTABLE.test(value) ? TAG.printable : TAG.utf8, Buffer.from(value))

/** @param at ms since 1970, before 2050: UTCTime has years of two digits (RFC 5280 4.1.2.5) */
export const utcTime = (at: number): Buffer => {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)
  return tagged(TAG.utcTime, Buffer.from(`${digits}Z`))
}
