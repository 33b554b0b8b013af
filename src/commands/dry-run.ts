import { dryRunCard } from '../cards/dry-run-card.ts'
import { formCard } from '../cards/form-card.ts'
import { t } from '../core/t.ts'
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

/** What would be done, before it is: nobody fills the lines of forty offices by a slip. */
export async function dryRun(
  { offices, leftOut }: Selected,
  typed: string,
  context: CommandContext,
  inPlace: boolean,
): Promise<Answer> {
  const byOffice = await context.runners()
  const keep = JSON.stringify({ officeIds: offices.map(({ id }) => id), leftOut })
  const card = dryRunCard({
    offices: offices.map(({ id, name }) => ({ name, runners: byOffice.get(id) ?? [] })),
    leftOut,
    buttons: [
      await context.offer(t`Run`, 'check', RUN_COMMAND, { uses: 'once', keep }),
      await context.offer(t`Narrow`, 'check', NARROW_COMMAND, { keep: typed }),
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
    title: t`Which offices?`,
    lead: t`Names, #tags or all, joined by + and -, from left to right.`,
    ...(problem === null ? {} : { problems: [problem] }),
    fields: [
      {
        id: WHICH_FIELD,
        label: t`Offices`,
        kind: 'text',
        value: typed,
        placeholder: 'all - #small',
        required: true,
        hint: t`Say at least one office.`,
        maxLength: 150,
      },
    ],
    buttons: [await context.offer(t`Show`, 'check', NARROWED_COMMAND)],
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
