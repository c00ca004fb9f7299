import { defineConfig } from 'vitest/config'

/** Every file has a process of its own: some make the clock of their process virtual. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [process.env.CI ? 'dot' : 'default', './test/support/count-reporter.ts'],
  },
})
