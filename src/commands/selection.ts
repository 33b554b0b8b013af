import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import type { Verb } from '../core/authority.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, CommandContext } from './command.ts'
import { readSelectionOrCity } from './in-city.ts'
import { matchOffice } from './match-office.ts'
import { misread, notAllowed, officeOr } from './refusals.ts'
import type { Selection } from './selector.ts'

/** Suggestions of a part that nobody goes by: a few, beside the way to all offices. */
const MAX_SUGGESTED = 3

/** What a selection is for; `command` makes a whole command of one office's name. */
export interface SelectionUse {
  readonly verb: Extract<Verb, 'check' | 'compare' | 'status' | 'why'>
  /** The first word of the command that takes selections. */
  readonly word: string
  title(name: string): string
  command(name: string): string
}

/** The offices that were meant and that the person may use so. */
export interface Selected {
  readonly offices: readonly Office[]
  /** How many were meant and are none of theirs. */
  readonly leftOut: number
}

/** The offices of a typed selection, or the refusal that suggests instead of guessing. */
export async function selectedOr(
  typed: string,
  context: CommandContext,
  use: SelectionUse,
): Promise<{ readonly selected: Selected } | { readonly answer: Answer }> {
  const offices = await context.offices()
  const read = await readSelectionOrCity(typed, offices, context.geography)
  if (read.kind !== 'picked') return { answer: await unread(read, typed, offices, context, use) }
  const answered = read.offices.map((office) => ({ office, permission: context.may(use.verb, office) }))
  const mine = answered.filter(({ permission }) => permission.ok).map(({ office }) => office)
  if (mine.length > 0) return { selected: { offices: mine, leftOut: answered.length - mine.length } }
  const refused = answered.find(({ permission }) => !permission.ok)?.permission
  if (refused && !refused.ok) return { answer: notAllowed(refused) }
  return { answer: nothingLeft(offices.length) }
}

/** Why a selection cannot be followed, as one sentence for a form; null when it can. */
export function problemOf(read: Selection): string | null {
  switch (read.kind) {
    case 'picked':
      return read.offices.length === 0 ? t`No office is left of that.` : null
    case 'incomplete':
      return t`A plus or a minus has no office before or behind it.`
    case 'no-tag':
      return t`No office has the tag ${outside(`#${read.tag}`)}.`
    case 'unclear':
      return read.match.kind === 'several'
        ? t`Several offices match ${outside(read.typed)}.`
        : t`No office is called ${outside(read.typed)}.`
  }
}

async function unread(
  read: Exclude<Selection, { readonly kind: 'picked' }>,
  typed: string,
  offices: readonly Office[],
  context: CommandContext,
  use: SelectionUse,
): Promise<Answer> {
  if (read.kind === 'incomplete') {
    return misread(
      t`A plus or a minus has an office before and behind it, for example #emea - London`,
      context,
    )
  }
  if (read.kind === 'no-tag') return noTag(read.tag, offices, context, use)
  if (read.alone && matchOffice(offices, read.typed).kind === read.match.kind) {
    const found = await officeOr(read.typed, offices, context, use)
    if ('answer' in found) return found.answer
  }
  return unclearPart(read, typed, context, use)
}

/** One part is wrong: each button says the whole again with that part put right. */
async function unclearPart(
  read: Extract<Selection, { readonly kind: 'unclear' }>,
  typed: string,
  context: CommandContext,
  use: SelectionUse,
): Promise<Answer> {
  const found = read.match.kind === 'several' ? read.match.offices : read.match.suggestions
  // A suggestion must not tell of an office that the person may not see.
  const some = found.filter((office) => context.may(use.verb, office).ok).slice(0, MAX_SUGGESTED)
  const buttons = await Promise.all(
    some.map(({ name }) =>
      read.alone
        ? context.offer(use.title(name), use.verb, use.command(name))
        : context.offer(t`With ${name}`, use.verb, `${use.word} ${typed.replace(read.typed, () => name)}`),
    ),
  )
  const many = read.match.kind === 'several' && some.length > 0
  const card = refusalCard({
    happened: many
      ? t`Several offices match “${outside(read.typed)}”`
      : t`No office is called “${outside(read.typed)}”`,
    why: t`Nothing was checked.`,
    todo: buttons.length > 0 ? t`Did you mean one of these?` : t`Say offices to see all of them.`,
    buttons: buttons.length > 0 ? buttons : [await context.offer(t`Offices`, 'offices', 'offices')],
  })
  return { kind: 'card', card, refused: true }
}

/** Tags that the person may use are named; others are none of their business. */
async function noTag(
  tag: string,
  offices: readonly Office[],
  context: CommandContext,
  use: SelectionUse,
): Promise<Answer> {
  const mine = offices.filter((office) => !office.onlyWhenNamed && context.may(use.verb, office).ok)
  const tags = [...new Set(mine.flatMap((office) => office.tags))].sort().slice(0, MAX_SUGGESTED)
  const buttons = await Promise.all(
    tags.map((own) => context.offer(`#${own}`, use.verb, `${use.word} #${own}`)),
  )
  const card = refusalCard({
    happened: t`No office has the tag “${outside(`#${tag}`)}”`,
    why: t`Nothing was checked.`,
    todo: buttons.length > 0 ? t`Did you mean one of these?` : t`Say offices to see all of them.`,
    buttons: buttons.length > 0 ? buttons : [await context.offer(t`Offices`, 'offices', 'offices')],
  })
  return { kind: 'card', card, refused: true }
}

function nothingLeft(registered: number): Answer {
  const card =
    registered === 0
      ? refusalCard({ happened: t`There is no office to check yet`, why: t`Nothing was checked.` })
      : refusalCard({
          happened: t`No office is left of that`,
          why: t`What was added was taken away again. Nothing was checked.`,
          todo: t`Say offices to see all of them.`,
        })
  return { kind: 'card', card, refused: true }
}
