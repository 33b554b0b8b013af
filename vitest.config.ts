import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole programs; they take turns (`takeTurn`), so that only one file of them runs at a time. */
const PROGRAMS = ['test/e2e/**/*.test.ts', 'test/namespaces/**/*.test.ts']

/** Worlds with measured times in the test's own process, and what measures them. */
const WORLDS = [
  'test/worlds/**/*.test.ts',
  'test/local/{world,demo}/**/*.test.ts',
  'test/net/**/*.test.ts',
  'test/probes/media.test.ts',
]

/** Seconds, where the others take up to a minute: last. */
const SHORT = /\/test\/(local|net|probes)\//

/** A file of programs, which waits most of its time, and rooms beside it, which hardly wait: a core each. */
const ROOM_WORKERS = 1 + Math.max(2, availableParallelism() - 1)

/**
 * Worlds come when all else is done: what runs beside them is in their times. Two files, each with its lanes (see
 * `test/worlds/table.ts`) in a process of its own.
 */
const WORLD_WORKERS = 2

/** Deals the files of programs among the rooms, so that there is always one at work and seldom one that waits. */
class Dealt extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const of = (name: string) => sorted.filter(({ project }) => project.name === name)
    const programs = of('programs')
    const rooms = of('rooms')
    const apart = Math.ceil(rooms.length / Math.max(1, programs.length))
    const dealt = programs.map((file, at) => [file, ...rooms.slice(at * apart, (at + 1) * apart)])
    const worlds = of('worlds').toSorted(
      (a, b) => Number(SHORT.test(a.moduleId)) - Number(SHORT.test(b.moduleId)),
    )
    return [...dealt.flat(), ...rooms.slice(programs.length * apart), ...worlds]
  }
}

const shared = {
  environment: 'node',
  // Five times what the slowest test takes that names no time of its own, with a core for itself.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // NODE_EXTRA_CA_CERTS would add a machine's own roots to the tests' clean ones.
  env: { NODE_EXTRA_CA_CERTS: '' },
} as const

export default defineConfig({
  test: {
    sequence: { sequencer: Dealt },
    projects: [
      {
        test: {
          ...shared,
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: [...PROGRAMS, ...WORLDS],
          setupFiles: ['test/support/yield-to-programs.ts'],
          maxWorkers: ROOM_WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'programs',
          include: PROGRAMS,
          maxWorkers: ROOM_WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'worlds',
          include: WORLDS,
          maxWorkers: WORLD_WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
