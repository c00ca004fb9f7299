import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { budgetOf, bundle } from '../../infra/bundle.ts'

const outdir = mkdtempSync(join(tmpdir(), 'bundle-test-'))
afterAll(() => rmSync(outdir, { recursive: true }))

it('puts an entry and all it imports into one module with a source map', async () => {
  const directory = bundle('shared/domain/instant.ts', outdir)
  expect(directory).toBe(join(outdir, 'shared/domain'))
  expect(existsSync(join(directory, 'index.mjs.map'))).toBe(true)
  const { plusMonths } = await import(join(directory, 'index.mjs'))
  expect(plusMonths('2020-01-31', 1)).toBe('2020-02-29')
})

it('puts what a function runs on into the module, small, and leaves nothing but Node to be found elsewhere', () => {
  const text = readFileSync(
    join(bundle('functions/close/handler.ts', join(outdir, 'whole')), 'index.mjs'),
    'utf8',
  )
  const imported = [...text.matchAll(/(?:^|;)import[^;"()]*"([^"]+)"/gm)].map(([, name]) => name)
  expect(imported.filter((name) => !isBuiltin(name ?? ''))).toEqual([])
  expect(text).toContain('DynamoDB')
  // Minified: few lines for so many bytes.
  expect(text.length / text.split('\n').length).toBeGreaterThan(500)
})

it('gives every entry its own directory', () => {
  expect(bundle('shared/domain/rupiah.ts', join(outdir, 'a'))).toBe(join(outdir, 'a', 'shared/domain'))
})

it('leaves packages out when told to', () => {
  const size = (packages: 'bundle' | 'external') => {
    const directory = bundle('shared/runtime/environment.ts', join(outdir, packages), packages)
    return statSync(join(directory, 'index.mjs')).size
  }
  expect(size('bundle')).toBeGreaterThan(20_000)
  expect(size('external')).toBeLessThan(5_000)
})

it('throws when an entry does not exist', () => {
  expect(() => bundle('shared/domain/nowhere.ts', outdir)).toThrow('Build failed')
})

it.each([
  ['functions/pay/handler.ts', 450_000],
  ['functions/ops/handler.ts', 700_000],
  ['infra/ops/main.ts', Number.POSITIVE_INFINITY],
])('of %s has %d bytes at most', (entry, most) => {
  expect(budgetOf(entry)).toBe(most)
})

it('throws when a function has become larger than it may be', () => {
  const directory = join(outdir, 'functions')
  mkdirSync(directory)
  writeFileSync(join(directory, 'large.ts'), `export const text = '${'x'.repeat(450_000)}'`)
  expect(() => bundle('functions/large.ts', join(outdir, 'out'), 'bundle', outdir)).toThrow(
    /has 450\d{3} bytes, of 450000 at most/,
  )
})

it('leaves out what the SDK needs elsewhere only', () => {
  const directory = bundle('shared/runtime/clients.ts', outdir)
  const text = readFileSync(join(directory, 'index.mjs'), 'utf8')
  expect(text.includes('AssumeRoleWithWebIdentity')).toBe(false)
  expect(text.includes('event streams are not in the bundle')).toBe(true)
})
