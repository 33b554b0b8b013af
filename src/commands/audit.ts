import { AUDIT_ROWS, auditCard } from '../cards/audit-card.ts'
import { outside } from '../cards/text.ts'
import type { AuditLine } from '../core/audited.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { matchOffice } from './match-office.ts'
import { misread } from './refusals.ts'
import { calledOn, meantBy } from './role-person.ts'
import { takePerson, type Whom } from './role-words.ts'
import { fold, restOf, tidy } from './words.ts'

interface Args {
  readonly whom: Whom
  /** As typed; empty: any. */
  readonly office: string
  readonly spanMs: number
  readonly span: string
  readonly from: Kept | null
}

/** Where a next page goes on. */
interface Kept {
  readonly after: string
  readonly since: number
}

const HOUR_MS = 3600_000
const UNITS: Readonly<Record<string, { readonly ms: number; readonly word: string }>> = {
  h: { ms: HOUR_MS, word: t`hours` },
  d: { ms: 24 * HOUR_MS, word: t`days` },
  w: { ms: 7 * 24 * HOUR_MS, word: t`weeks` },
}

/** Without a time, a month: whoever looks for something older knows so. */
const USUAL = '30d'

/** Audit lines are kept for a year. */
const MAX_MS = 366 * 24 * HOUR_MS

/** `audit`, `audit Seattle`, `audit @Ana`, `audit 7d`, in any combination: who did what. */
export const audit: Command<Args> = {
  name: 'audit',
  forms: ['audit', 'audit <office>', 'audit @person', 'audit 7d'],
  summary: t`Lists who did what, where, and what came of it, newest first.`,
  examples: [
    { say: 'audit', get: t`what was done in the last 30 days` },
    { say: 'audit Seattle 7d', get: t`what was done about one office in a week` },
    { say: 'audit @Ana', get: t`what one person did` },
  ],
  group: 'People',
  verb: 'audit',
  card: 'audit',
  read(words, { mentions, kept }) {
    if (words.folded[0] !== 'audit') return { kind: 'not-mine' }
    const taken = takePerson(restOf(words, 1), mentions)
    const parts = taken.rest.split(' ').filter((part) => part !== '')
    const spans = parts.filter((part) => SPAN.test(part))
    if (spans.length > 1) return { kind: 'misread', hint: t`Name one time: audit 7d, audit 12h or audit 4w.` }
    const [span = USUAL] = spans
    const [, count = '', unit = ''] = SPAN.exec(span) ?? []
    const { ms = 0, word = '' } = UNITS[unit.toLowerCase()] ?? {}
    const spanMs = Number(count) * ms
    if (spanMs <= 0 || spanMs > MAX_MS)
      return { kind: 'misread', hint: t`I keep a year: say audit 7d, or at most audit 366d.` }
    const office = parts.filter((part) => !SPAN.test(part)).join(' ')
    const args = {
      whom: taken.whom,
      office,
      spanMs,
      span: t`the last ${Number(count)} ${word}`,
      from: keptIn(kept),
    }
    return { kind: 'args', args }
  },
  async handle(args, context) {
    const meant = await meantBy(args.whom, context)
    if (meant.kind === 'problem') return misread(meant.says, context)
    if (meant.kind === 'missing' && args.office.startsWith('@'))
      return misread(
        t`I know people by mention or object id. Type @ and pick the person from the list.`,
        context,
      )
    const offices = await context.offices()
    const found = args.office === '' ? null : matchOffice(offices, args.office)
    if (found !== null && found.kind !== 'one') {
      return misread(
        t`No office is called “${outside(args.office)}”. Say audit and an office, a mention, or a time like 7d.`,
        context,
      )
    }
    const person = meant.kind === 'person' ? meant.person : null
    return page(args, person, found?.office ?? null, context)
  },
}

const SPAN = /^(\d{1,4})([hdw])$/i

async function page(
  args: Args,
  person: { readonly objectId: string; readonly name: string } | null,
  office: Office | null,
  context: CommandContext,
): Promise<Answer> {
  const since = args.from?.since ?? context.now - args.spanMs
  const { lines, more } = await context.audit.read({
    since,
    until: context.now,
    after: args.from?.after ?? null,
    limit: AUDIT_ROWS,
    matches: (line) =>
      (person === null || line.objectId === person.objectId) && (office === null || concerns(line, office)),
  })
  const last = lines.at(-1)
  const command = ['audit', person?.objectId, office?.name].filter((part) => part !== undefined).join(' ')
  const next =
    more && last
      ? [
          await context.offer(t`Next`, 'audit', command, {
            onlyMe: true,
            keep: JSON.stringify({ after: last.mark, since } satisfies Kept),
          }),
        ]
      : []
  const about = [
    person && calledOn({ ...person }),
    office && outside(office.name),
    args.from ? t`older ones` : args.span,
  ]
  const card = auditCard({
    lines,
    about: about.filter((part) => part !== null).join(', '),
    more,
    timeZone: context.timeZone,
    buttons: next,
  })
  return { kind: 'card', card }
}

/** The line began a check of the office, or its command names it. */
function concerns(line: AuditLine, office: Office): boolean {
  const said = ` ${fold(tidy(line.command))} `
  const names = [office.name, office.id, ...office.aliases].map((name) => ` ${fold(tidy(name))} `)
  return line.offices.includes(office.id) || names.some((name) => said.includes(name))
}

function keptIn(kept: string | null): Kept | null {
  if (kept === null) return null
  const { after, since }: Partial<Kept> = JSON.parse(kept)
  return typeof after === 'string' && typeof since === 'number' ? { after, since } : null
}
