import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole programs; they take turns (`takeTurn`), so that only two files of them run at a time. */
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

/** Two files of programs, which wait most of their time, and rooms beside them, which hardly wait: a core each. */
const ROOM_WORKERS = 2 + Math.max(2, availableParallelism() - 1)

/**
 * Worlds come when all else is done: what runs beside them is in their times. Two files, each with its lanes (see
 * `test/worlds/table.ts`) in a process of its own.
 */
const WORLD_WORKERS = 2

/** Deals the files of programs among the rooms, so that there are always two at work and seldom one that waits. */
class Dealt extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const of = (name: string) => sorted.filter(({ project }) => project.name === name)
    const rooms = of('rooms')
    const [first, ...others] = of('programs')
    const apart = Math.ceil(rooms.length / Math.max(1, others.length))
    const dealt = others.map((file, at) => [file, ...rooms.slice(at * apart, (at + 1) * apart)])
    const worlds = of('worlds').toSorted(
      (a, b) => Number(SHORT.test(a.moduleId)) - Number(SHORT.test(b.moduleId)),
    )
    return [...(first ? [first] : []), ...dealt.flat(), ...rooms.slice(others.length * apart), ...worlds]
  }
}

/**
 * What Node compiled is kept for the next start, here as in `npm start`: test files start some hundred programs. For
 * children of the workers; a hub that is started by itself has it in tests alone (`src/main.ts` says why).
 */
const COMPILED = join(import.meta.dirname, 'node_modules', '.cache', 'doorstep')

const shared = {
  environment: 'node',
  // Five times what the slowest test takes that names no time of its own, with a core for itself.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // NODE_EXTRA_CA_CERTS would add a machine's own roots to the tests' clean ones.
  env: { NODE_EXTRA_CA_CERTS: '', NODE_COMPILE_CACHE: COMPILED },
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
