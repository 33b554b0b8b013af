import { refusalCard } from '../cards/refusal-card.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, Command, CommandContext } from './command.ts'
import {
  AT_ONCE_MAX,
  dryRun,
  keptRun,
  NARROW_COMMAND,
  NARROWED_COMMAND,
  narrowForm,
  RUN_COMMAND,
  WHICH_FIELD,
} from './dry-run.ts'
import { readSelectionOrCity } from './in-city.ts'
import { matchOffice } from './match-office.ts'
import { notAllowed, officeOr } from './refusals.ts'
import { problemOf, type Selected, selectedOr } from './selection.ts'
import { readSelection } from './selector.ts'
import { fold, MAX_COMMAND_LENGTH, readWords, restOf } from './words.ts'

/** Offices offered when none was named. */
const MAX_OFFERED = 5

type Args =
  /** Words that select offices; `named`: they came behind the word `office`, so a name goes before all else. */
  | { readonly kind: 'some'; readonly typed: string; readonly named: boolean; readonly download: boolean }
  /** What a dry run showed, from its button. */
  | { readonly kind: 'shown'; readonly kept: string }
  | { readonly kind: 'narrow'; readonly typed: string }
  | { readonly kind: 'narrowed'; readonly typed: string }
  | { readonly kind: 'none' }

const BUTTON = {
  verb: 'check',
  word: 'check',
  title: (name: string) => t`Check ${name}`,
  command: (name: string) => `check office ${name}`,
} as const

const DOWNLOAD_BUTTON = {
  ...BUTTON,
  command: (name: string) => `check office ${name} with download`,
} as const

/** The end of a command that asks for a download too. */
const WITH_DOWNLOAD = /\s+with download$/i

/** `check Seattle`, `check all`, `check #emea + Seattle - London`; `... with download` for one office. */
export const check: Command<Args> = {
  name: 'check',
  forms: [
    'check office <name>',
    'check <name>',
    'check office <name> with download',
    'check all',
    'check all - <name>',
  ],
  summary: t`Measures offices now and judges them against the exit criteria.`,
  examples: [
    { say: 'check office Seattle', get: t`live progress, then the result` },
    { say: 'check office Seattle with download', get: t`how fast a file comes from SharePoint, too` },
    { say: 'check all', get: t`one card for all offices` },
    { say: 'check all - Seattle', get: t`all but one; #tags work too, and +` },
  ],
  group: 'Check',
  verb: 'check',
  card: 'progress',
  read(words, { kept, inputs }) {
    if (words.folded[0] !== 'check') return { kind: 'not-mine' }
    const said = words.folded.join(' ')
    if (kept !== null && said === RUN_COMMAND) return { kind: 'args', args: { kind: 'shown', kept } }
    if (kept !== null && said === NARROW_COMMAND)
      return { kind: 'args', args: { kind: 'narrow', typed: kept } }
    const which = inputs[WHICH_FIELD]
    if (which !== undefined && said === NARROWED_COMMAND) {
      return { kind: 'args', args: { kind: 'narrowed', typed: which } }
    }
    const at = words.folded[1] === 'office' ? 2 : 1
    const rest = ` ${restOf(words, at)}`
    const typed = rest.replace(WITH_DOWNLOAD, '').trim()
    const download = WITH_DOWNLOAD.test(rest)
    if (typed === '') return { kind: 'args', args: { kind: 'none' } }
    return { kind: 'args', args: { kind: 'some', typed, named: at === 2, download } }
  },
  async handle(args, context) {
    switch (args.kind) {
      case 'none':
        return whichOffice(context)
      case 'shown':
        return runShown(args.kept, context)
      case 'narrow':
        return narrowForm(args.typed, null, context)
      case 'narrowed':
        return narrowed(args.typed, context)
      case 'some':
        return args.named ? checkNamed(args, context) : checkSome(args, context)
    }
  },
}

interface Asked {
  readonly typed: string
  readonly download: boolean
}

/** `office` may be a word of ours, or the first one of the name: Office Park, Office 1. */
async function checkNamed({ typed, download }: Asked, context: CommandContext): Promise<Answer> {
  const use = download ? DOWNLOAD_BUTTON : BUTTON
  const meant = meantOf(typed, await context.offices())
  if (meant === 'whole') return checkSome({ typed: `office ${typed}`, download }, context)
  if (meant === 'some') return checkSome({ typed, download }, context)
  const found = await officeOr(typed, await context.offices(), context, use)
  if ('answer' in found) return found.answer
  const allowed = context.may('check', found.office)
  if (!allowed.ok) return notAllowed(allowed)
  return { kind: 'check', officeIds: [found.office.id], ...(download ? { download } : {}) }
}

function meantOf(typed: string, offices: readonly Office[]): 'name' | 'whole' | 'some' {
  if (matchOffice(offices, typed).kind === 'one') return 'name'
  if (readSelection(`office ${typed}`, offices).kind === 'picked') return 'whole'
  const read = readSelection(typed, offices)
  // `check office all` is a slip: everything is checked by `check all` alone.
  return read.kind === 'picked' && !read.byName && fold(typed) !== 'all' ? 'some' : 'name'
}

async function checkSome({ typed, download }: Asked, context: CommandContext): Promise<Answer> {
  const found = await selectedOr(typed, context, download ? DOWNLOAD_BUTTON : BUTTON)
  if ('answer' in found) return found.answer
  const { selected } = found
  if (download && (selected.offices.length > 1 || selected.leftOut > 0)) return oneAtATime()
  if (selected.offices.length > AT_ONCE_MAX) return dryRun(selected, typed, context, false)
  return begin(selected, download)
}

function begin({ offices, leftOut }: Selected, download = false): Answer {
  return {
    kind: 'check',
    officeIds: offices.map(({ id }) => id),
    ...(download ? { download } : {}),
    ...(leftOut > 0 ? { leftOut } : {}),
  }
}

/** The offices that the card showed, as far as they are still there and whoever presses may check them. */
async function runShown(kept: string, context: CommandContext): Promise<Answer> {
  const shown = keptRun(kept)
  const ids = new Set(shown?.officeIds)
  const offices = (await context.offices()).filter(({ id }) => ids.has(id))
  const answered = offices.map((office) => ({ office, permission: context.may('check', office) }))
  const mine = answered.filter(({ permission }) => permission.ok).map(({ office }) => office)
  const leftOut = (shown?.leftOut ?? 0) + offices.length - mine.length
  if (mine.length > 0) return begin({ offices: mine, leftOut })
  const refused = answered.find(({ permission }) => !permission.ok)?.permission
  return refused && !refused.ok ? notAllowed(refused) : noOffices()
}

/** What is wrong with the form comes back as the form; a choice of few begins at once, as if it were typed. */
async function narrowed(typed: string, context: CommandContext): Promise<Answer> {
  const words = readWords(typed)
  if (words.kind !== 'words') {
    const says = words.kind === 'empty' ? t`Say at least one office.` : t`That is too long for me.`
    return narrowForm(typed.slice(0, MAX_COMMAND_LENGTH), says, context)
  }
  const said = restOf(words.words, 0)
  const problem = problemOf(await readSelectionOrCity(said, await context.offices(), context.geography))
  if (problem !== null) return narrowForm(said, problem, context)
  const found = await selectedOr(said, context, BUTTON)
  if ('answer' in found) return found.answer
  if (found.selected.offices.length > AT_ONCE_MAX) return dryRun(found.selected, said, context, true)
  return begin(found.selected)
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
    happened: t`Which office?`,
    why: t`Nothing was checked.`,
    todo: t`Press one, or say its name after check. Say offices to see all of them.`,
    buttons,
  })
  return { kind: 'card', card, refused: true }
}

/** A download takes what people at the office need; nobody fills every line of a company with one message. */
function oneAtATime(): Answer {
  const card = refusalCard({
    happened: t`A download is made at one office at a time`,
    why: t`Nothing was checked: it fills the line of the office while it runs.`,
    todo: t`Say check office, its name, and with download.`,
  })
  return { kind: 'card', card, refused: true }
}

function noOffices(): Answer {
  const card = refusalCard({ happened: t`There is no office to check yet`, why: t`Nothing was checked.` })
  return { kind: 'card', card, refused: true }
}
