import { t } from '../core/t.ts'
import type { RunnerShown } from './band.ts'
import type { CardButton } from './buttons.ts'
import { formCard } from './form-card.ts'
import type { RenderedCard } from './render-card.ts'
import { outside } from './text.ts'
import { countText, listText } from './wording.ts'

/** Names shown of many. */
const NAMES_MAX = 5

/** States of a runner that answers. */
const ANSWERS: ReadonlySet<RunnerShown['status']> = new Set(['online', 'busy'])

/** A check of many offices that waits for a yes. */
export interface DryRunView {
  readonly offices: readonly {
    /** Outside text. */
    readonly name: string
    readonly runners: readonly RunnerShown[]
  }[]
  /** Offices that were meant too, and that whoever asks may not check. */
  readonly leftOut: number
  readonly buttons: readonly CardButton[]
}

/** What would be done: nobody is to fill the lines of forty offices by a slip. */
export function dryRunCard({ offices, leftOut, buttons }: DryRunView): RenderedCard {
  const runners = offices.flatMap((office) => office.runners)
  const silent = runners.filter(({ status }) => !ANSWERS.has(status)).length
  const unheard = offices.filter((office) => !office.runners.some(({ status }) => ANSWERS.has(status)))
  return formCard({
    kind: 'dry-run',
    title: t`Check ${countText(offices.length, 'office')}?`,
    lead: t`Nothing is measured yet. Run begins, and one card shows how it goes.`,
    facts: [
      { label: t`Offices`, value: `${offices.length}: ${namesOf(offices)}` },
      { label: t`Runners`, value: runnersText(runners.length, silent) },
      ...(unheard.length > 0
        ? [{ label: t`No answer from`, value: t`${namesOf(unheard)}. What is not measured is unproven.` }]
        : []),
      ...(leftOut > 0
        ? [{ label: t`Left out`, value: t`${countText(leftOut, 'office')} that you may not check` }]
        : []),
      { label: t`Time`, value: t`Usually under half a minute. After a minute it ends with what is in.` },
    ],
    buttons,
  })
}

function namesOf(offices: DryRunView['offices']): string {
  return listText(
    offices.map(({ name }) => outside(name)),
    NAMES_MAX,
  )
}

function runnersText(count: number, silent: number): string {
  if (count === 0) return 'none'
  return silent === 0 ? t`${count}, all online` : t`${count - silent} online, ${silent} without an answer`
}
