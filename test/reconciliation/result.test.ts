import fs, { mkdtempSync, rmSync, type WriteStream } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createResult } from '../../shared/reconciliation/result.ts'
import { ours, reconciled, theirs } from './day.ts'

/** Tells which files are opened for results from now on. */
function watchFiles(): () => readonly WriteStream[] {
  const opening = vi.spyOn(fs, 'createWriteStream')
  syncBuiltinESMExports()
  onTestFinished(() => {
    opening.mockRestore()
    syncBuiltinESMExports()
  })
  return () => opening.mock.results.flatMap(({ type, value }) => (type === 'return' ? [value] : []))
}

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'result-test-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}
const much = 'x'.repeat(1 << 20)
type Result = ReturnType<typeof createResult>

describe('a result whose file cannot be written', () => {
  const broken = { code: 'ENOENT' }
  const startBroken = () => createResult(join(directory(), 'there is no such directory', 'open.ndjson.gz'))

  test.for<readonly [string, number, (result: Result) => Promise<unknown>]>([
    ['at the next lines', 0, (result) => result.add(much)],
    ['at lines long after the error', 50, (result) => result.add(much)],
    ['at its end', 0, (result) => result.end()],
    ['at its end long after the error', 50, (result) => result.end()],
  ])('says so %s, and nobody waits for it', async ([, waitMs, use]) => {
    const result = startBroken()
    await setTimeout(waitMs)
    await expect(use(result)).rejects.toMatchObject(broken)
    await result.discard()
  })
})

describe('a result that nobody wants any more', () => {
  test.for<readonly [string, (result: Result) => Promise<unknown>]>([
    ['before anything was written', async () => undefined],
    ['with lines in it', (result) => result.add(much)],
    ['after its end', (result) => result.end()],
  ])('is let go of %s', async ([, use]) => {
    const opened = watchFiles()
    const result = createResult(join(directory(), 'open.ndjson.gz'))
    await use(result)
    await result.discard()
    expect(opened().map(({ closed }) => closed)).toEqual([true])
  })
})

describe('a run leaves no file open', () => {
  const A = { partnerReferenceNo: 'P-1-I1-A1' }
  const line = { complaint: 'amount: must be whole rupiah' }
  test.for<readonly [string, Parameters<typeof reconciled>[0], string | undefined]>([
    ['that goes well', { ours: [ours('disbursed', A)], theirs: [theirs('debit', A)] }, undefined],
    ['of a file that is refused', { theirs: Array.from({ length: 10_001 }, () => line) }, 'more than'],
    [
      'whose journal cannot be asked',
      { theirs: [theirs('debit', A)], judge: () => Promise.reject(new Error('throttled')) },
      'throttled',
    ],
  ])('%s', async ([, given, why]) => {
    const opened = watchFiles()
    const run = reconciled(given)
    if (why === undefined) await run
    else await expect(run).rejects.toThrow(why)
    expect(opened().length).toBeGreaterThan(1)
    expect(opened().filter(({ closed }) => !closed)).toEqual([])
  })
})
