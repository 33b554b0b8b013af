import { t } from '../core/t.ts'
import type { RunnerShown } from './band.ts'
import { outside } from './text.ts'
import { listText, RUNNER_WORDS } from './wording.ts'

/** Parts of a foot that name the runners: those that take part, then the others with the word for their state. */
export function runnersText(runners: readonly RunnerShown[]): readonly string[] {
  if (runners.length === 0) return [t`no runner registered`]
  const takePart = runners.filter(({ status }) => status === 'online' || status === 'busy')
  const others = runners.filter((runner) => !takePart.includes(runner))
  const quarantined = runners.filter((runner) => runner.quarantined === true)
  const words = [...new Set(others.map(({ status }) => status))]
  const names = (some: readonly RunnerShown[]) => listText(some.map(({ name }) => outside(name)))
  return [
    takePart.length === 0 ? '' : t`${takePart.length === 1 ? t`runner` : t`runners`} ${names(takePart)}`,
    ...words.map(
      (status) => `${RUNNER_WORDS[status]}: ${names(others.filter((runner) => runner.status === status))}`,
    ),
    quarantined.length === 0 ? '' : t`quarantined for rubbish: ${names(quarantined)}`,
  ]
}
