import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { silence } from './chaos/silence.ts'

const root = join(import.meta.dirname, '..')
const every = 'test/**/*.test.ts'

/** What changes something that its whole process shares: the clock, the environment, the classes of the SDK. */
const changesProcess =
  /\b(?:startPipeline|startProgramme|runProgramme|startLocalStack|createClock|useFakeTimers|stubEnv|mockClient|process\.env)\b|\/host\.ts'/

/** What takes long; whatever has a process of its own starts first. */
const long = 'test/local/start.test.ts'

/** The simulator's: its handlers log and count much that nobody would read. */
const worlds = { every: 'test/chaos/**/*.test.ts', long: 'test/chaos/promises.test.ts' }

/** What judges all that the scenarios have called. */
const last = 'test/least-privilege/permissions.test.ts'

const alone = globSync(every, { cwd: root, exclude: [worlds.long] }).filter(
  (file) => file === long || changesProcess.test(readFileSync(join(root, file), 'utf8')),
)

/** What shows the ledger on an engine, whichever: not an engine's own figures, nor what needs none. */
const onMemory = {
  include: ['test/ledger/*.test.ts'],
  exclude: ['attributes', 'cost', 'write-units', 'commands', 'item-sizes'].map(
    (subject) => `test/ledger/${subject}.test.ts`,
  ),
}

export default defineConfig({
  test: {
    pool: 'forks',
    // On two cores, threads that only collect garbage keep others from their work.
    execArgv: ['--single-threaded-gc'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['./test/support/recordings.ts', './test/support/compiled.ts'],
    reporters: [process.env.CI ? 'dot' : 'default', './test/support/count-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'promises', include: [worlds.long], env: silence } },
      { extends: true, test: { name: 'alone', include: alone } },
      // In the same two processes, one after the other: to start one and load the packages takes longer than most files.
      {
        extends: true,
        test: {
          name: 'together',
          include: [every],
          exclude: [...alone, worlds.every, last],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'worlds',
          include: [worlds.every],
          exclude: [...alone, worlds.long],
          isolate: false,
          env: silence,
        },
      },
      // Once more, so that the memory database of test/chaos is held to what the engine does.
      {
        extends: true,
        test: { name: 'memory', ...onMemory, isolate: false, env: { TEST_ENGINE: 'memory' } },
      },
      { extends: true, test: { name: 'last', include: [last], sequence: { groupOrder: 1 } } },
    ],
  },
})
