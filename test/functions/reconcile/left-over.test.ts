import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { paid } from '../../domain/examples.ts'
import { day, lineOf, startWith } from './payments.ts'

test('what a killed run has left on the disk is gone before the next one fills it, which leaves nothing', async () => {
  const { world, people } = await startWith(paid)
  const { directory, statements } = world.deps
  const left = join(directory, 'own-0.ndjson')
  mkdirSync(directory)
  writeFileSync(left, 'of a run that was killed')
  const keep = statements.keep.bind(statements)
  const kept = vi.spyOn(statements, 'keep').mockImplementation(async (...given) => {
    expect(readdirSync(directory)).not.toEqual([])
    expect(existsSync(left)).toBe(false)
    await keep(...given)
  })
  expect(
    await world.statement(
      day,
      people.map((id) => lineOf(id)),
    ),
  ).toMatchObject([{ outcome: 'recorded' }])
  expect(kept).toHaveBeenCalledOnce()
  expect(readdirSync(dirname(directory))).toEqual([])
})
