import { createHash } from 'node:crypto'
import type { Random } from '../core/ports.ts'

/** Crockford's base 32, upper case: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 160 bits: more than anybody can guess, so that a plain hash may stand in the store. */
const BYTES = 20
const CODE = /^dse_([a-z0-9-]{1,24})_([0-9A-HJKMNP-TV-Z]{32})$/

/** A one-time enrolment code, taken apart. */
export interface EnrolmentCode {
  readonly officeId: string
  /** The whole code in its one spelling. */
  readonly code: string
}

/** Makes the code `dse_<officeId>_<32 characters>`; the prefix lets secret scanners find it where it should not be. */
export function newEnrolmentCode(officeId: string, random: Random): string {
  let bits = BigInt(`0x${random.hex(BYTES)}`)
  let text = ''
  for (let i = 0; i < 32; i++) {
    text = `${ALPHABET[Number(bits & 31n)]}${text}`
    bits >>= 5n
  }
  return `dse_${officeId}_${text}`
}

/** Reads a code as a person may have pasted it: white space around it, any case, O for 0 and I or L for 1. */
export function readEnrolmentCode(text: string): EnrolmentCode | null {
  const match = /^dse_([a-z0-9-]+)_([0-9a-z]+)$/i.exec(text.trim())
  if (match === null) return null
  const secret = (match[2] ?? '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  const code = `dse_${(match[1] ?? '').toLowerCase()}_${secret}`
  const officeId = CODE.exec(code)?.[1]
  return officeId === undefined ? null : { officeId, code }
}

/** What the store keeps of a code: hex SHA-256. */
export function hashEnrolmentCode(code: string): string {
  return createHash('sha256').update(code, 'utf8').digest('hex')
}
