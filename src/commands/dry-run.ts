import type { RunnerShown } from '../cards/band.ts'
import { formCard } from '../cards/form-card.ts'
import { outside } from '../cards/text.ts'
import { countText, listText } from '../cards/wording.ts'
import type { Office } from '../core/office.ts'
import type { Answer, CommandContext } from './command.ts'
import type { Selected } from './selection.ts'

/** More offices than this are shown before anything is measured; it is also what one page of the summary holds. */
export const AT_ONCE_MAX = 10

/** What the Run button of a dry run stands for: the offices that were shown, and no others. */
export const RUN_COMMAND = 'check the offices shown'

/** What the Narrow button stands for, and what its form sends. */
export const NARROW_COMMAND = 'check narrower'
export const NARROWED_COMMAND = 'check the narrower choice'

/** The field of the Narrow form. */
export const WHICH_FIELD = 'which'

/** Names shown of many. */
const NAMES_MAX = 5

/** States of a runner that answers. */
const ANSWERS: ReadonlySet<RunnerShown['status']> = new Set(['online', 'busy'])

/** What would be done, before it is: nobody fills the lines of forty offices by a slip. */
export async function dryRun(
  { offices, leftOut }: Selected,
  typed: string,
  context: CommandContext,
  inPlace: boolean,
): Promise<Answer> {
  const byOffice = await context.runners()
  const runners = offices.flatMap((office) => byOffice.get(office.id) ?? [])
  const silent = runners.filter(({ status }) => !ANSWERS.has(status)).length
  const unheard = offices.filter(
    (office) => !(byOffice.get(office.id) ?? []).some(({ status }) => ANSWERS.has(status)),
  )
  const keep = JSON.stringify({ officeIds: offices.map(({ id }) => id), leftOut })
  const card = formCard({
    title: `Check ${countText(offices.length, 'office')}?`,
    lead: 'Nothing is measured yet. Run begins, and one card shows how it goes.',
    facts: [
      { label: 'Offices', value: namesText(offices) },
      { label: 'Runners', value: runnersText(runners.length, silent) },
      ...(unheard.length > 0 ? [{ label: 'Will be unproven', value: unheardText(unheard) }] : []),
      ...(leftOut > 0 ? [{ label: 'Left out', value: leftOutText(leftOut) }] : []),
      { label: 'Time', value: 'Usually under half a minute. After a minute it ends with what is in.' },
    ],
    buttons: [
      await context.offer('Run', 'check', RUN_COMMAND, { uses: 'once', keep }),
      await context.offer('Narrow', 'check', NARROW_COMMAND, { keep: typed }),
    ],
  })
  return { kind: 'card', card, ...(inPlace ? { inPlace } : {}) }
}

/** The form behind Narrow: the same words again, to be changed. */
export async function narrowForm(
  typed: string,
  problem: string | null,
  context: CommandContext,
): Promise<Answer> {
  const card = formCard({
    title: 'Which offices?',
    lead: 'Names, #tags or all, joined by + and -, from left to right.',
    ...(problem === null ? {} : { problems: [problem] }),
    fields: [
      {
        id: WHICH_FIELD,
        label: 'Offices',
        kind: 'text',
        value: typed,
        placeholder: 'all - #small',
        required: true,
        hint: 'Say at least one office.',
        maxLength: 150,
      },
    ],
    buttons: [await context.offer('Show', 'check', NARROWED_COMMAND)],
  })
  return { kind: 'card', card, inPlace: true, ...(problem === null ? {} : { refused: true }) }
}

/** What a Run button kept; null when it is none of ours. */
export function keptRun(
  kept: string,
): { readonly officeIds: readonly string[]; readonly leftOut: number } | null {
  try {
    const { officeIds, leftOut } = JSON.parse(kept) as { officeIds?: unknown; leftOut?: unknown }
    if (!Array.isArray(officeIds) || typeof leftOut !== 'number') return null
    return { officeIds: officeIds.map(String), leftOut }
  } catch {
    return null
  }
}

/** `2 offices that you may not check`. */
export function leftOutText(count: number): string {
  return `${countText(count, 'office')} that you may not check`
}

function namesText(offices: readonly Office[]): string {
  return `${offices.length}: ${listText(
    offices.map(({ name }) => outside(name)),
    NAMES_MAX,
  )}`
}

function runnersText(count: number, silent: number): string {
  if (count === 0) return 'none'
  if (silent === 0) return `${count}, all online`
  return `${count}, ${silent} of them ${silent === 1 ? 'does' : 'do'} not answer`
}

function unheardText(offices: readonly Office[]): string {
  return `${countText(offices.length, 'office')} without a runner that answers: ${listText(
    offices.map(({ name }) => outside(name)),
    NAMES_MAX,
  )}`
}
