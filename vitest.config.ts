import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole programs; they take turns (`takeTurn`), so that only one file of them runs at a time. */
const PROGRAMS = ['test/e2e/**/*.test.ts', 'test/namespaces/**/*.test.ts']

/** Worlds with measured times in the test's own process; they take turns too. */
const WORLDS = ['test/worlds/**/*.test.ts', 'test/local/world/**/*.test.ts']

/** Seconds, where the others take up to a minute: last. */
const SHORT = /\/test\/local\//

/** One file of programs and one of worlds at work; the others wait for their turn, so that neither kind runs out. */
const TURN_WORKERS = 6

/** Deals programs and worlds alternately: both kinds wait most of their time, and neither waits for the other. */
class Alternately extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isProgram = ({ moduleId }: TestSpecification): boolean =>
      /\/test\/(e2e|namespaces)\//.test(moduleId)
    const programs = sorted.filter(isProgram)
    const others = sorted
      .filter((file) => !isProgram(file))
      .toSorted((a, b) => Number(SHORT.test(a.moduleId)) - Number(SHORT.test(b.moduleId)))
    return others
      .flatMap((file, at) => [...programs.slice(at, at + 1), file])
      .concat(programs.slice(others.length))
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
