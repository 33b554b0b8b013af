import { t } from '../core/t.ts'
import type { RunnerShown } from './band.ts'
import type { CardButton } from './buttons.ts'
import { formCard } from './form-card.ts'
import type { RenderedCard } from './render-card.ts'
import { outside } from './text.ts'
import { countText, earlierText, momentText, RUNNER_WORDS, zoneText } from './wording.ts'

/** An office and its runners; names are outside text. */
export interface OfficeRunners {
  readonly office: string
  readonly runners: readonly RunnerShown[]
}

export interface RunnersView {
  readonly offices: readonly OfficeRunners[]
  /** Whether one office was asked for: then it is named once, above its runners. */
  readonly ofOne: boolean
  /** Epoch ms. */
  readonly at: number
  readonly buttons: readonly CardButton[]
}

/** Every runner with its state, version and age; offices without one come last. */
export function runnersCard({ offices, ofOne, at, buttons }: RunnersView): RenderedCard {
  const rows = offices.flatMap(({ office, runners }) => runners.map((runner) => ({ office, runner })))
  const without = offices.filter(({ runners }) => runners.length === 0)
  const [only] = offices
  return formCard({
    title: ofOne && only ? t`Runners of ${outside(only.office)}` : t`Runners`,
    lead: t`${countText(rows.length, 'runner')} in ${countText(offices.length, 'office')}.`,
    facts: [
      ...rows.map(({ office, runner }) => ({
        label: ofOne ? runner.name : office,
        value: [ofOne ? '' : outside(runner.name), ...stateOf(runner, at)]
          .filter((part) => part !== '')
          .join(' · '),
      })),
      ...without.map(({ office }) => ({ label: office, value: t`no runner registered` })),
    ],
    buttons,
  })
}

function stateOf(runner: RunnerShown, at: number): readonly string[] {
  return [
    RUNNER_WORDS[runner.status],
    runner.quarantined === true ? t`quarantined for rubbish` : '',
    runner.version === undefined ? '' : t`version ${outside(runner.version)}`,
    runner.platform === undefined ? '' : outside(runner.platform),
    runner.seenAt === undefined ? '' : t`heard of ${earlierText(runner.seenAt, at)}`,
  ]
}

/** A one-time code, for the person who asked alone. */
export interface RunnerCodeView {
  /** Outside text. */
  readonly office: string
  readonly code: string
  /** Epoch ms. */
  readonly expiresAt: number
  readonly timeZone: string
  /** The hub's origin, from its configuration. */
  readonly hub: string
  readonly buttons: readonly CardButton[]
}

/** The code of a new runner, and what to type on its machine. */
export function runnerCodeCard(view: RunnerCodeView): RenderedCard {
  const until = `${momentText(view.expiresAt, view.timeZone)}, ${zoneText(view.timeZone)}`
  return formCard({
    title: t`A new runner for ${outside(view.office)}`,
    lead: t`Copy the runner to a machine in the office that has Node, then type these two lines there.`,
    facts: [
      { label: t`Good until`, value: t`${until}; once` },
      { label: t`Who has it`, value: t`can join as a runner of this office: keep it to yourself` },
    ],
    fields: [
      { id: 'code', label: t`One-time code`, kind: 'copy', value: view.code },
      {
        id: 'lines',
        label: t`On the machine`,
        kind: 'copy',
        value: `node runner.mjs enroll --hub ${view.hub}\nnode runner.mjs run`,
      },
    ],
    foot: [t`the first line asks for the code`],
    buttons: view.buttons,
  })
}
