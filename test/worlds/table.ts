import { expect, it } from 'vitest'
import { type Case, check } from './parts.ts'

/** As long as a check may take, a world's start and end, and the wait for a lane. */
const LONGEST_MS = 120_000

/**
 * Most worlds wait most of their time, for round trips and what never answers. They share a process with their runner,
 * and two files run at once: more would disturb each other's times.
 */
const LANES = 3

/** Runs jobs in order, so many at once; gives one promise per job. None starts before the first is asked for. */
export const inLanes = <T>(
  jobs: readonly (() => Promise<T>)[],
  lanes = LANES,
): ((index: number) => Promise<T>) => {
  const done = jobs.map(() => Promise.withResolvers<T>())
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) {
      const own = done[at]
      // A job that fails before its test awaits it must not end the process, nor its lane.
      own?.promise.catch(() => {})
      await Promise.try(jobs[at] ?? (() => Promise.reject(new Error('no such job')))).then(
        own?.resolve,
        own?.reject,
      )
    }
  }
  let begun = false
  return (index) => {
    if (!begun) for (let lane = 0; lane < lanes; lane++) void work()
    begun = true
    return done[index]?.promise ?? Promise.reject(new Error('no such job'))
  }
}

/** One test per world, several worlds at once, slow ones first: verdicts are compared, never times. */
export const tellsTheTruth = (worlds: Readonly<Record<string, Case>>, lanes = LANES): void => {
  const cases = Object.entries(worlds).toSorted(
    ([, a], [, b]) => Number(b.slow ?? false) - Number(a.slow ?? false),
  )
  const checked = inLanes(
    cases.map(
      ([, one]) =>
        () =>
          check(one),
    ),
    lanes,
  )
  it.each(cases.map(([name, one], index) => [name, one, index] as const))(
    'is told right for %s',
    { timeout: LONGEST_MS },
    async (_name, one, index) => {
      const { seen, why, checked: judged } = await checked(index)
      expect(seen, why).toEqual(one.truth)
      const findings = judged.judgements.flatMap((judgement) => judgement.evidence.findings)
      for (const [code, args] of Object.entries(one.states ?? {})) {
        const stated = findings.find((finding) => finding.code === code)?.args
        if (args === null) expect(stated, code).toBeUndefined()
        else expect(stated, code).toMatchObject(args)
      }
    },
  )
}
