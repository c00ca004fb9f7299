import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bundle } from '../../infra/bundle.ts'
import { buildBundles } from '../../infra/local/bundles.ts'
import { fingerprint } from '../../infra/local/cache.ts'

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

test('what has been bundled before is taken from where it is kept', () => {
  const kept = join(directory, 'kept')
  const build = () => {
    const target = join(directory, String(++made))
    mkdirSync(target)
    return readFileSync(buildBundles(new Set([entry]), target, 'external', kept).bundleOf(entry), 'utf8')
  }
  const text = build()
  const [file = '', ...others] = globSync('bundles-external-*/functions/close/index.mjs', { cwd: kept })
  expect(others).toEqual([])
  writeFileSync(join(kept, file), 'kept')
  expect(build()).toBe('kept')
  rmSync(join(kept, file))
  expect(build()).toBe(text)
})

test('what has been bundled from sources of yesterday goes when something is bundled anew', () => {
  const kept = join(directory, 'old')
  const old = join(kept, 'bundles-external-old')
  const young = join(kept, 'bundles-external-young')
  for (const home of [old, young]) mkdirSync(home, { recursive: true })
  const yesterday = Date.now() / 1_000 - 86_401
  utimesSync(old, yesterday, yesterday)
  const target = join(directory, String(++made))
  mkdirSync(target)
  buildBundles(new Set([entry]), target, 'external', kept)
  expect([existsSync(old), existsSync(young)]).toEqual([false, true])
})

test('sources that differ have another fingerprint, whatever their order', () => {
  const one = ['infra/bundle.ts', 'infra/app.ts']
  expect(fingerprint(one)).toBe(fingerprint([...one].reverse()))
  expect(fingerprint(one)).not.toBe(fingerprint(one.slice(1)))
})
