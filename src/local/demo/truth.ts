import { CRITERIA, verdictOf } from '../../core/verdict.ts'
import type { VerdictWord } from '../world/spec.ts'

/**
 * The demo world's truth, written by hand before the code and never taken from a run: one letter per criterion, in the
 * order of `CRITERIA`. Seattle is as it should be. London's DNS and egress are backhauled. Sydney is inspected by a
 * proxy. Tokyo has a local forwarder in front of a remote recursive. Lyon's runner is silent.
 */
export const DEMO_TRUTH = {
  Seattle: 'ppppppppp',
  London: 'ffffpuppp',
  Sydney: 'pppufuppp',
  Tokyo: 'pffppuppp',
  Lyon: 'uuuuuupup',
} as const

export type DemoOffice = keyof typeof DEMO_TRUTH

/** The truth of an office as world.json carries it. */
export const truthOf = (office: DemoOffice): Readonly<Record<string, VerdictWord>> => {
  const letters = DEMO_TRUTH[office]
  return Object.fromEntries(CRITERIA.map((criterion, index) => [criterion, verdictOf(letters[index] ?? '')]))
}
