import { describe, expect, it } from 'vitest'
import { STRANGER_WORLDS } from './cases/stranger.ts'
import { checkStranger } from './stranger.ts'
import { inLanes } from './table.ts'

const LONGEST_MS = 90_000

describe('a world of another make', () => {
  const checked = inLanes(
    STRANGER_WORLDS.map(
      ([, world]) =>
        () =>
          checkStranger(world),
    ),
  )
  it.each(STRANGER_WORLDS.map(([name, , truth], index) => [name, truth, index] as const))(
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
})
