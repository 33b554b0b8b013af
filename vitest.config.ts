import { defineConfig } from 'vitest/config'

/** Whole programs, worlds with measured times, and real resolvers: one file at a time, after everything else. */
const ALONE = [
  'test/e2e/**/*.test.ts',
  'test/worlds/**/*.test.ts',
  'test/local/world/**/*.test.ts',
  'test/namespaces/**/*.test.ts',
]

const shared = {
  environment: 'node',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // NODE_EXTRA_CA_CERTS would add a machine's own roots to the tests' clean ones.
  env: { NODE_EXTRA_CA_CERTS: '' },
} as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'whole',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
