import type { Answer } from 'dns-packet'
import { addressBytes } from './addresses.ts'

/** Record types that a world's servers write (RFC 1035, RFC 3596). */
const TYPE: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, TXT: 16, AAAA: 28, OPT: 41 }
const CLASS = { IN: 1, CH: 3 } as const
/** A pointer has 14 bits for the offset of the name that it repeats (RFC 1035 4.1.4). */
const POINTER = 0xc000
const LONGEST_LABEL = 63

const number16 = (value: number): number[] => [(value >> 8) & 255, value & 255]
const number32 = (value: number): number[] => [...number16(value >>> 16), ...number16(value & 0xffff)]

/**
 * Builds a message with compressed names, as real servers do: a seven-link chain stays below the 512 bytes of clients
 * without EDNS, which it does not with dns-packet's encoder.
 */
export const createWriter = () => {
  const bytes: number[] = []
  const names = new Map<string, number>()
  const name = (text: string): void => {
    const labels = text.replace(/\.$/, '').split('.').filter(Boolean)
    for (const [index, label] of labels.entries()) {
      const rest = labels.slice(index).join('.')
      const known = names.get(rest)
      if (known !== undefined) {
        bytes.push(...number16(POINTER | known))
        return
      }
      if (bytes.length < POINTER >> 2) names.set(rest, bytes.length)
      const raw = Buffer.from(label, 'latin1').subarray(0, LONGEST_LABEL)
      bytes.push(raw.length, ...raw)
    }
    bytes.push(0)
  }
  const data = (record: Answer): void => {
    if (record.type === 'A' || record.type === 'AAAA') bytes.push(...addressBytes(record.data))
    else if (record.type === 'CNAME' || record.type === 'NS') name(record.data)
    else if (record.type === 'TXT') {
      for (const text of [record.data].flat()) {
        const raw = Buffer.from(text).subarray(0, 255)
        bytes.push(raw.length, ...raw)
      }
    } else throw new Error(`a world writes no ${record.type} records`)
  }
  const sized = (write: () => void): void => {
    const at = bytes.length
    bytes.push(0, 0)
    write()
    bytes.splice(at, 2, ...number16(bytes.length - at - 2))
  }
  return {
    numbers: (...values: readonly number[]): void => {
      bytes.push(...values.flatMap(number16))
    },
    question: (text: string, type: number, chaos: boolean): void => {
      name(text)
      bytes.push(...number16(type), ...number16(chaos ? CLASS.CH : CLASS.IN))
    },
    record: (record: Answer, chaos: boolean): void => {
      name(record.name)
      const ttl = 'ttl' in record ? (record.ttl ?? 0) : 0
      bytes.push(
        ...number16(TYPE[record.type] ?? 0),
        ...number16(chaos ? CLASS.CH : CLASS.IN),
        ...number32(ttl),
      )
      sized(() => data(record))
    },
    /** The EDNS pseudo-record (RFC 6891) with whole options, each a code and its bytes. */
    opt: (
      bufsize: number,
      flags: number,
      options: readonly { readonly code: number; readonly data: Buffer }[],
    ): void => {
      bytes.push(0, ...number16(TYPE['OPT'] ?? 0), ...number16(bufsize), ...number32(flags))
      sized(() => {
        for (const option of options)
          bytes.push(...number16(option.code), ...number16(option.data.length), ...option.data)
      })
    },
    done: (): Buffer => Buffer.from(bytes),
  }
}
