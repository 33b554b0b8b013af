import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole programs; they take turns (`takeTurn`), so that only one file of them runs at a time. */
const PROGRAMS = ['test/e2e/**/*.test.ts', 'test/namespaces/**/*.test.ts']

/** Worlds with measured times in the test's own process; they take turns too. */
const WORLDS = ['test/worlds/**/*.test.ts', 'test/local/world/**/*.test.ts']

/** Seconds, where the others take up to a minute: last. */
const SHORT = /\/test\/local\//

/** Rooms hardly wait, so a core each; without this a machine of two cores would use one. */
const ROOM_WORKERS = Math.max(2, availableParallelism() - 1)

/** One file of programs and one of worlds at work; the others wait for their turn, so that neither kind runs out. */
const TURN_WORKERS = 6

/**
 * Deals programs and worlds alternately: both kinds wait most of their time, and neither waits for the other. The rooms
 * are a group of their own, before them.
 */
class Alternately extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const of = (name: string) => sorted.filter(({ project }) => project.name === name)
    const programs = of('programs')
    const worlds = of('worlds').toSorted(
      (a, b) => Number(SHORT.test(a.moduleId)) - Number(SHORT.test(b.moduleId)),
    )
    const dealt = Array.from({ length: Math.max(programs.length, worlds.length) }, (_, at) => [
      ...programs.slice(at, at + 1),
      ...worlds.slice(at, at + 1),
    ])
    return [...of('rooms'), ...dealt.flat()]
  }
}

const shared = {
  environment: 'node',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // NODE_EXTRA_CA_CERTS would add a machine's own roots to the tests' clean ones.
  env: { NODE_EXTRA_CA_CERTS: '' },
} as const

export default defineConfig({
  test: {
    sequence: { sequencer: Alternately },
    projects: [
      {
        test: {
          ...shared,
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: [...PROGRAMS, ...WORLDS],
          maxWorkers: ROOM_WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'programs',
          include: PROGRAMS,
          maxWorkers: TURN_WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'worlds',
          include: WORLDS,
          setupFiles: ['test/support/worlds-turn.ts'],
          maxWorkers: TURN_WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
