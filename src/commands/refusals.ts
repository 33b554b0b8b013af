import { refusalCard } from '../cards/refusal-card.ts'
import { outside } from '../cards/text.ts'
import type { Verb } from '../core/authority.ts'
import type { Office } from '../core/office.ts'
import { t } from '../core/t.ts'
import type { Answer, CommandContext } from './command.ts'
import { matchOffice } from './match-office.ts'

export { notAllowed, personalOnly } from './not-allowed.ts'

/** Buttons of a refusal: what Teams shows without a menu. */
const MAX_BUTTONS = 5

/** The words could not be read; the hint is shown as it stands. */
export async function misread(hint: string, context: CommandContext): Promise<Answer> {
  const help = await context.offer(t`Help`, 'help', 'help')
  return {
    kind: 'card',
    refused: true,
    card: refusalCard({ happened: hint, why: t`Nothing was done.`, buttons: [help] }),
  }
}

/** The office was there a moment ago: somebody else removed it, and this hub had not heard yet. */
export function goneMeanwhile(name: string): Answer {
  const card = refusalCard({
    happened: t`${outside(name)} is not registered any more`,
    why: t`Somebody removed it meanwhile. Nothing was changed.`,
  })
  return { kind: 'card', card, refused: true, inPlace: true }
}

/** Something that looks like a host: Doorstep never takes a target from a person. */
const HOST_LIKE = /^(https?:|\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]+:[0-9a-f:]*|[a-z0-9-]+(\.[a-z0-9-]+)+)/i

/** An office by its typed name, or the refusal that suggests instead of guessing. `verb` is what the buttons will do. */
export async function officeOr(
  typed: string,
  offices: readonly Office[],
  context: CommandContext,
  button: {
    readonly verb: Verb
    /** What did not happen; not given: nothing was checked. */
    readonly nothing?: string
    title(name: string): string
    command(name: string): string
  },
): Promise<{ readonly office: Office } | { readonly answer: Answer }> {
  const match = matchOffice(offices, typed)
  if (match.kind === 'one') return { office: match.office }
  const found = match.kind === 'several' ? match.offices : match.suggestions
  // A suggestion must not tell of an office that the person may not see.
  const some = found.filter((office) => context.may(button.verb, office).ok)
  const buttons = await Promise.all(
    some
      .slice(0, MAX_BUTTONS)
      .map((office) => context.offer(button.title(office.name), button.verb, button.command(office.name))),
  )
  const { nothing = t`Nothing was checked.` } = button
  const many = match.kind === 'several' && some.length > 0
  const hostLike = !many && HOST_LIKE.test(typed)
  const card = refusalCard({
    happened: many
      ? t`Several offices match “${outside(typed)}”`
      : t`No office is called “${outside(typed)}”`,
    why: hostLike ? t`I check registered offices only. ${nothing}` : nothing,
    todo: buttons.length > 0 ? t`Did you mean one of these?` : t`Say offices to see all of them.`,
    buttons: buttons.length > 0 ? buttons : [await context.offer(t`Offices`, 'offices', 'offices')],
  })
  return { answer: { kind: 'card', card, refused: true } }
}
