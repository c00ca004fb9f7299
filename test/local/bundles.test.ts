import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bundle } from '../../infra/bundle.ts'
import { buildBundles } from '../../infra/local/bundles.ts'
import { cache, fingerprint } from '../../infra/local/cache.ts'

const directory = mkdtempSync(join(tmpdir(), 'bundles-'))
afterAll(() => rmSync(directory, { recursive: true }))

const entry = 'functions/close/handler.ts'
/** Of the tests, and so bundled each time. */
const fixture = 'test/local/fixtures/echo/handler.ts'
let made = 0
function build(entries: readonly string[], packages: 'bundle' | 'external') {
  const target = join(directory, String(++made))
  mkdirSync(target)
  return buildBundles(new Set(entries), target, packages)
}

test.each(['bundle', 'external'] as const)(
  'packages %s: what is loaded is what bundling gives',
  (packages) => {
    for (const { bundleOf, workerFile } of [build([entry, fixture], packages), build([entry], packages)]) {
      const fresh = (name: string) => join(bundle(name, join(directory, 'fresh'), packages), 'index.mjs')
      expect(readFileSync(bundleOf(entry), 'utf8')).toBe(readFileSync(fresh(entry), 'utf8'))
      expect(readFileSync(workerFile, 'utf8')).toBe(readFileSync(fresh('infra/local/worker.ts'), 'utf8'))
    }
  },
)

test('what has been bundled before is not bundled again', () => {
  const kept = () =>
    globSync('bundles-*/functions/close/index.mjs', { cwd: cache })
      .sort()
      .map((file) => [file, statSync(join(cache, file)).ino])
  build([entry], 'external')
  const before = kept()
  expect(before.length).toBeGreaterThan(0)
  build([entry], 'external')
  expect(kept()).toEqual(before)
})

test('sources that differ have another fingerprint, whatever their order', () => {
  const one = ['infra/bundle.ts', 'infra/app.ts']
  expect(fingerprint(one)).toBe(fingerprint([...one].reverse()))
  expect(fingerprint(one)).not.toBe(fingerprint(one.slice(1)))
})
