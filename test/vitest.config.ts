import { defineConfig } from 'vitest/config'

/** What shows the ledger on an engine, whichever: not an engine's own figures, nor what needs none. */
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
      // Once more, so that the memory database of test/chaos is held to what the engine does.
      {
        extends: true,
        test: { name: 'memory', ...onMemory, isolate: false, env: { TEST_ENGINE: 'memory' } },
      },
    ],
  },
})
