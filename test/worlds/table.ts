import { expect, it } from 'vitest'
import { type Case, check } from './parts.ts'

/** As long as a check may take, and a world's start and end. */
const LONGEST_MS = 90_000

/** One test per world, several at once: verdicts are compared, never times. */
export const tellsTheTruth = (worlds: Readonly<Record<string, Case>>): void => {
  it.concurrent.each(Object.entries(worlds))(
    'is told right for %s',
    { timeout: LONGEST_MS },
    async (_name, one) => {
      const { seen, why } = await check(one)
      expect(seen, why).toEqual(one.truth)
    },
  )
}
