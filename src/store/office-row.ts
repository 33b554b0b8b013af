import { z } from 'zod'
import type { Office } from '../core/office.ts'
import type { Props } from '../core/table-store.ts'
import { CRITERIA } from '../core/verdict.ts'
import { pack, unpack } from './packed.ts'

const criterion = z.enum(CRITERIA)

/** An office as its row holds it; a row that does not fit is left out and reported, the others are not harmed. */
export const OFFICE = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,24}$/),
  name: z.string().min(1),
  aliases: z.array(z.string()),
  tags: z.array(z.string()),
  at: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  placed: z.boolean(),
  timeZone: z.string(),
  egress: z.array(z.string()),
  resolvers: z.array(z.string()),
  doors: z.array(z.string()),
  targets: z.object({ rttMs: z.number().optional(), downloadMBps: z.number().optional() }),
  overrides: z.array(
    z.object({
      criterion,
      value: z.number(),
      author: z.string(),
      authorId: z.string().optional(),
      reason: z.string(),
      setAt: z.number().optional(),
      expiresAt: z.number(),
    }),
  ),
  attestations: z.array(
    z.object({
      criterion,
      by: z.string(),
      byId: z.string().optional(),
      reason: z.string(),
      setAt: z.number().optional(),
      until: z.number(),
    }),
  ),
  world: z.string().nullable(),
  onlyWhenNamed: z.boolean(),
})

/** An office as the properties of its row. */
export function propsOf(office: Office): Props {
  return { name: office.name, ...pack(office) }
}

/** What stays of an office that was removed: its id, so that it is never given again. `at`: epoch ms. */
export function retiredProps(at: number): Props {
  return { retired: true, retiredAt: at }
}

/** The office of a row; null: it was removed; undefined: the row cannot be read. */
export function officeIn(props: Props): Office | null | undefined {
  if (props['retired'] === true) return null
  const read = OFFICE.safeParse(unpack(props))
  return read.success ? (read.data as Office) : undefined
}
