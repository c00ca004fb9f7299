import { defineConfig } from 'vitest/config'

/** Of the ledger, what does not show an engine's own figures, or does not need an engine at all. */
const onMemory = {
  include: ['test/ledger/*.test.ts'],
  exclude: ['cost', 'write-units', 'commands', 'item-sizes'].map(
    (subject) => `test/ledger/${subject}.test.ts`,
  ),
}

export default defineConfig({
  test: {
    // Every file has a process of its own: some make the clock of their process virtual.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [process.env.CI ? 'dot' : 'default', './test/support/count-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      // Once more on the memory database, which is as good as an engine wherever these tests cannot tell them apart.
      {
        extends: true,
        test: { name: 'memory', ...onMemory, isolate: false, env: { TEST_ENGINE: 'memory' } },
      },
    ],
  },
})
