import { refusalCard } from '../cards/refusal-card.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { restOf } from './words.ts'

/** Offices offered when none was named. */
const MAX_OFFERED = 5

type Args =
  | { readonly kind: 'one'; readonly typed: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }

const BUTTON = {
  verb: 'check',
  title: (name: string) => `Check ${name}`,
  command: (name: string) => `check office ${name}`,
} as const

/** `check office Seattle`, `check Seattle`, `check all`: live progress, then the result. */
export const check: Command<Args> = {
  name: 'check',
  forms: ['check office <name>', 'check <name>', 'check all'],
  summary: 'Measures an office now and judges it against the exit criteria.',
  examples: [
    { say: 'check office Seattle', get: 'live progress, then the result' },
    { say: 'check all', get: 'one card for all offices' },
  ],
  group: 'Check',
  verb: 'check',
  card: 'progress',
  read(words) {
    if (words.folded[0] !== 'check') return { kind: 'not-mine' }
    const named = words.folded[1] === 'office' ? 2 : 1
    const typed = restOf(words, named)
    if (typed === '') return { kind: 'args', args: { kind: 'none' } }
    if (named === 1 && words.folded.length === 2 && words.folded[1] === 'all') {
      return { kind: 'args', args: { kind: 'all' } }
    }
    return { kind: 'args', args: { kind: 'one', typed } }
  },
  async handle(args, context) {
    const offices = await context.offices()
    if (args.kind === 'none') return whichOffice(context)
    if (args.kind === 'one') {
      const found = await officeOr(args.typed, offices, context, BUTTON)
      if ('answer' in found) return found.answer
      const allowed = context.may('check', found.office)
      return allowed.ok ? { kind: 'check', officeIds: [found.office.id] } : notAllowed(allowed)
    }
    const permissions = offices
      .filter((office) => !office.onlyWhenNamed)
      .map((office) => ({ office, permission: context.may('check', office) }))
    const mine = permissions.filter(({ permission }) => permission.ok)
    if (mine.length > 0) return { kind: 'check', officeIds: mine.map(({ office }) => office.id) }
    const refused = permissions.find(({ permission }) => !permission.ok)?.permission
    if (refused && !refused.ok) return notAllowed(refused)
    return noOffices()
  },
}

async function whichOffice(context: CommandContext): Promise<Answer> {
  const offices = (await context.offices()).filter((office) => context.may('check', office).ok)
  if (offices.length === 0) return noOffices()
  const buttons = await Promise.all(
    offices
      .slice(0, MAX_OFFERED)
      .map(({ name }) => context.offer(BUTTON.title(name), BUTTON.verb, BUTTON.command(name))),
  )
  const card = refusalCard({
    happened: 'Which office?',
    why: 'Nothing was checked.',
    todo: 'Press one, or say its name after check. Say offices to see all of them.',
    buttons,
  })
  return { kind: 'card', card, refused: true }
}

function noOffices(): Answer {
  const card = refusalCard({ happened: 'There is no office to check yet', why: 'Nothing was checked.' })
  return { kind: 'card', card, refused: true }
}
