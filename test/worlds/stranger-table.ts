import { expect, it } from 'vitest'
import { checkStranger } from './stranger.ts'
import { isKnowable, type StrangerRow } from './stranger-rows.ts'
import { inLanes } from './table.ts'

const LONGEST_MS = 90_000

/** One test per world, several worlds at once; those that no probe can know yet are skipped. */
export const strangersAreToldRight = (rows: readonly StrangerRow[]): void => {
  const knowable = rows.filter(isKnowable)
  const checked = inLanes(
    knowable.map(
      ([, world]) =>
        () =>
          checkStranger(world),
    ),
  )
  it.each(knowable.map(([name, , truth], index) => [name, truth, index] as const))(
    'is told right: %s',
    { timeout: LONGEST_MS },
    async (_name, truth, index) => {
      const { letters, why, peak } = await checked(index)
      const seen = [...letters].map((letter, at) => (truth[at] === '?' ? '?' : letter)).join('')
      expect(seen, `${why}\npeak ${peak}`).toBe(truth)
      // Gateways may have room for no more.
      expect(peak).toBeLessThanOrEqual(50)
    },
  )
  const waiting = rows.filter((row) => !isKnowable(row))
  if (waiting.length > 0) it.skip.each(waiting.map(([name]) => name))('is told right: %s', () => {})
}
