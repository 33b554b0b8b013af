import { z } from 'zod'
import {
  AUDIT_OUTCOMES,
  type AuditEntry,
  type AuditLine,
  type AuditPage,
  type AuditQuery,
} from '../core/audited.ts'
import type { NewProps, Row, TableStore } from '../core/table-store.ts'
import { everyRow } from '../core/table-store.ts'
import { auditKey, day, fromRev, rev } from './keys.ts'

export type { AuditLine } from '../core/audited.ts'

const DAY_MS = 24 * 3600_000

/** Days read side by side: most days of a small installation are empty, and each costs a request. */
const DAYS_AT_ONCE = 8

/** Offices that a line names; a check of more is a check of all. */
const OFFICES_MAX = 50

/** A line as its row holds it. Lines of older versions have no name, place or offices. */
const LINE = z.object({
  at: z.number(),
  objectId: z.string(),
  name: z.string().default(''),
  verb: z.string(),
  command: z.string(),
  conversationId: z.string(),
  where: z.enum(['personal', 'group', 'channel']).default('group'),
  click: z.boolean().default(false),
  offices: z.string().default(''),
  outcome: z.enum(AUDIT_OUTCOMES),
})

/** A line as properties of its row. */
export function auditProps(line: AuditLine): NewProps {
  return { ...line, offices: line.offices.slice(0, OFFICES_MAX).join(' ') }
}

/** Reads the audit; lines that cannot be read are left out. */
export interface AuditReader {
  read(query: AuditQuery): Promise<AuditPage>
}

/** The audit in the tables `audit<yyyymm>`, a partition a day. */
export function auditReader(store: TableStore): AuditReader {
  const linesOf = async function* (at: number, query: AuditQuery): AsyncGenerator<AuditEntry> {
    const { table, pk } = auditKey(at, '')
    const rkFrom = query.after ?? rev(query.until)
    for await (const row of everyRow(store, { table, pk, rkFrom })) {
      const entry = row.rk === query.after ? null : entryOf(row)
      if (entry !== null && entry.at < query.since) return
      if (entry !== null && query.matches(entry)) yield entry
    }
  }
  return {
    async read(query) {
      const newest = query.after === null ? query.until : fromRev(query.after)
      const days = daysBack(newest, query.since)
      const found: AuditEntry[] = []
      for (let from = 0; from < days.length && found.length <= query.limit; from += DAYS_AT_ONCE) {
        const some = days.slice(from, from + DAYS_AT_ONCE)
        const pages = await Promise.all(some.map((at) => upTo(linesOf(at, query), query.limit + 1)))
        found.push(...pages.flat())
      }
      return { lines: found.slice(0, query.limit), more: found.length > query.limit }
    },
  }
}

/** One time within each day from `newest` back to `since`, newest first. */
function daysBack(newest: number, since: number): readonly number[] {
  const days: number[] = []
  for (let at = newest; day(at) >= day(Math.min(since, newest)); at -= DAY_MS) days.push(at)
  return days
}

async function upTo<T>(all: AsyncGenerator<T>, most: number): Promise<readonly T[]> {
  const some: T[] = []
  for await (const one of all) {
    some.push(one)
    if (some.length >= most) break
  }
  return some
}

function entryOf({ rk, props }: Row): AuditEntry | null {
  const read = LINE.safeParse(props)
  if (!read.success) return null
  const offices = read.data.offices.split(' ').filter((id) => id !== '')
  return { ...read.data, offices, mark: rk, reference: rk.slice(rk.indexOf('.') + 1) }
}
