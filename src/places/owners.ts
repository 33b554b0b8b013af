import { parseIp, parseRange } from '../core/cidr.ts'
import { looksLikeMmdb, openMmdb } from './mmdb-file.ts'
import { prefixRows } from './prefix-table.ts'
import { at, nameOf } from './record.ts'

/** Who addresses belong to. */
export interface OwnerTable {
  /** The owner's name as the file gives it (`core/vendors.ts` tells whether it is a cloud security vendor); else null. */
  ownerOf(address: string): string | null
}

/** What reading an operator's file of owners gave. */
export type OwnersRead =
  | {
      readonly ok: true
      readonly table: OwnerTable
      /** Lines of a CSV that were left out, one sentence each, `line 3: ...`. */
      readonly problems: readonly string[]
    }
  | {
      readonly ok: false
      /** One sentence without its full stop; nothing of the file stands in it. */
      readonly problem: string
    }

/** No file: every owner is unknown. */
export const NO_OWNERS: OwnerTable = { ownerOf: () => null }

/** Where makers write the owner, the most exact first: MaxMind's ISP and ASN files (DB-IP's alike), then IPinfo's. */
const OWNER_KEYS = ['organization', 'isp', 'autonomous_system_organization', 'as_name', 'name']

/**
 * Reads an ASN database in MaxMind's format, or a CSV `cidr,owner` in UTF-8: the first line is the header, blank lines
 * and a byte order mark are skipped, the owner is all that follows the first comma, with or without quotes around it.
 */
export function ownersFrom(bytes: Uint8Array): OwnersRead {
  return looksLikeMmdb(bytes) ? fromMmdb(bytes) : fromCsv(new TextDecoder().decode(bytes))
}

function fromMmdb(bytes: Uint8Array): OwnersRead {
  const read = openMmdb(bytes)
  if (!read.ok) return { ok: false, problem: 'the file is a damaged database' }
  const { file } = read
  if (!file.sample.some((record) => ownerIn(record) !== null)) {
    return { ok: false, problem: 'the file names no owners' }
  }
  const ownerOf = (address: string): string | null => {
    const ip = parseIp(address)
    return ip === null ? null : ownerIn(file.record(ip))
  }
  return { ok: true, table: { ownerOf }, problems: [] }
}

function ownerIn(record: unknown): string | null {
  for (const key of OWNER_KEYS) {
    const name = nameOf(at(record, key))
    if (name !== null) return name
  }
  return null
}

function fromCsv(text: string): OwnersRead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  if (!/^\s*cidr\s*,\s*owner\s*$/i.test(lines[0] ?? '')) {
    return {
      ok: false,
      problem: "the file is no database in MaxMind's format, and no CSV that begins with cidr,owner",
    }
  }
  const rows = prefixRows<string>()
  const problems: string[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue
    const comma = line.indexOf(',')
    const range = comma < 0 ? null : parseRange(line.slice(0, comma).trim())
    const owner = nameOf(
      line
        .slice(comma + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1'),
    )
    if (range === null) problems.push(`line ${index + 1}: the cidr is no range of addresses`)
    else if (!range.exact) problems.push(`line ${index + 1}: the cidr has bits set beyond its length`)
    else if (owner === null) problems.push(`line ${index + 1}: the owner is empty`)
    else if (!rows.add(range, owner)) problems.push(`line ${index + 1}: the range stands in the file twice`)
  }
  const table = rows.table()
  return { ok: true, table: { ownerOf: (address) => table.find(address) }, problems }
}
