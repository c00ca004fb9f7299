import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

test.each([
  'infra/synth.ts --help',
  'infra/ops/main.ts --help',
  'infra/finance/main.ts --help',
  'infra/local/start.ts --help',
])('%s has nothing to complain of when its reader leaves', (command) => {
  // The reader is gone before the first line.
  const script = `"${process.execPath}" ${command} | true`
  const { stderr } = spawnSync('bash', ['-c', script], { cwd: root, encoding: 'utf8', timeout: 30_000 })
  expect(stderr).toBe('')
})
