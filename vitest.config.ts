import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // NODE_EXTRA_CA_CERTS would add a machine's own roots to the tests' clean ones.
    env: { NODE_EXTRA_CA_CERTS: '' },
  },
})
