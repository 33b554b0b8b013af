import { refusalCard } from '../cards/refusal-card.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { fold, restOf } from './words.ts'

/** Offices offered when none was named. */
const MAX_OFFERED = 5

type Args =
  | { readonly kind: 'one'; readonly typed: string; readonly download: boolean }
  | { readonly kind: 'all' }
  | { readonly kind: 'all-download' }
  | { readonly kind: 'none' }

const BUTTON = {
  verb: 'check',
  title: (name: string) => `Check ${name}`,
  command: (name: string) => `check office ${name}`,
} as const

const DOWNLOAD_BUTTON = {
  ...BUTTON,
  command: (name: string) => `check office ${name} with download`,
} as const

/** The end of a command that asks for a download too. */
const WITH_DOWNLOAD = /\s+with download$/i

/** `check office Seattle`, `check Seattle`, `check all`: live progress, then the result; `... with download` for one office. */
export const check: Command<Args> = {
  name: 'check',
  forms: ['check office <name>', 'check <name>', 'check office <name> with download', 'check all'],
  summary: 'Measures an office now and judges it against the exit criteria.',
  examples: [
    { say: 'check office Seattle', get: 'live progress, then the result' },
    { say: 'check office Seattle with download', get: 'how fast a file comes from SharePoint, too' },
    { say: 'check all', get: 'one card for all offices' },
  ],
  group: 'Check',
  verb: 'check',
  card: 'progress',
  read(words) {
    if (words.folded[0] !== 'check') return { kind: 'not-mine' }
    const named = words.folded[1] === 'office' ? 2 : 1
    const rest = ` ${restOf(words, named)}`
    const typed = rest.replace(WITH_DOWNLOAD, '').trim()
    const download = WITH_DOWNLOAD.test(rest)
    if (typed === '') return { kind: 'args', args: { kind: 'none' } }
    if (named === 1 && fold(typed) === 'all') {
      return { kind: 'args', args: { kind: download ? 'all-download' : 'all' } }
    }
    return { kind: 'args', args: { kind: 'one', typed, download } }
  },
  async handle(args, context) {
    const offices = await context.offices()
    if (args.kind === 'none') return whichOffice(context)
    if (args.kind === 'all-download') return oneAtATime()
    if (args.kind === 'one') {
      const { typed, download } = args
      const found = await officeOr(typed, offices, context, download ? DOWNLOAD_BUTTON : BUTTON)
      if ('answer' in found) return found.answer
      const allowed = context.may('check', found.office)
      if (!allowed.ok) return notAllowed(allowed)
      return { kind: 'check', officeIds: [found.office.id], ...(download ? { download } : {}) }
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

/** A download takes what people at the office need; nobody fills every line of a company with one message. */
function oneAtATime(): Answer {
  const card = refusalCard({
    happened: 'A download is made at one office at a time',
    why: 'Nothing was checked: it fills the line of the office while it runs.',
    todo: 'Say check office, its name, and with download.',
  })
  return { kind: 'card', card, refused: true }
}

function noOffices(): Answer {
  const card = refusalCard({ happened: 'There is no office to check yet', why: 'Nothing was checked.' })
  return { kind: 'card', card, refused: true }
}
