import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readArguments } from './arguments.ts'
import { huntAll } from './hunt.ts'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import { describeHunts, summaryOf } from './report.ts'
import { outdated } from './sources.ts'

const root = join(import.meta.dirname, '../../..')
const names = mutants.map(({ name }) => name)
const named = (name: string): Mutant => {
  const mutant = mutants.find((candidate) => candidate.name === name)
  if (!mutant) throw new Error(`there is no defect ${name}`)
  return mutant
}

describe('the defects', () => {
  test('each have a name of their own', () => {
    expect(new Set(names).size).toBe(mutants.length)
  })
  test('replace what occurs in the code exactly once', async () => {
    expect((await outdated(root, mutants)).map(({ name }) => name)).toEqual([])
  })
  test.each([
    ['nowhere', { before: 'is nowhere in the code' }],
    ['more than once', { before: 'const ' }],
    ['in a file that is gone', { file: 'functions/gone.ts' }],
  ])('are out of date where their place is found %s', async (_, change) => {
    const mutant = { ...named('append-over'), ...change }
    expect(await outdated(root, [mutant])).toEqual([mutant])
  })
})

test('a defect is noticed, and a change that does no harm is not', async () => {
  const wrong = named('float-untouched')
  const harmless: Mutant = {
    name: 'harmless',
    sentence: 'Nothing is wrong.',
    file: 'shared/domain/permit.ts',
    before: 'const lingeringMax = 4',
    after: 'const lingeringMax = 2 + 2',
  }
  const options = { seeds: 3, participants: 5, width: 2, note: () => {}, done: () => {} }
  const all = await huntAll(root, [harmless, wrong], options)
  expect(all).toMatchObject([
    { mutant: harmless, seeds: 3 },
    { mutant: wrong, caught: { check: 'float' } },
  ])
  expect(summaryOf(all).survivors).toEqual(['harmless'])
  expect(describeHunts(all)).toContain('2 defects, not noticed: harmless')
}, 30_000)

test.each([
  [[], { seeds: 200, participants: 15, only: [], json: false }],
  [
    ['--only', 'append-over', '--only', 'send-again', '--json'],
    { seeds: 200, participants: 15, only: ['append-over', 'send-again'], json: true },
  ],
  [['--seeds', '3', '--participants', '9'], { seeds: 3, participants: 9, only: [], json: false }],
  [['--help'], 'help'],
  [['--seeds', '0'], { mistake: '--seeds takes a whole number from 1 to 100,000' }],
  [['--participants', 'x'], { mistake: '--participants takes a whole number from 1 to 1,000' }],
  [['--only', 'nothing'], { mistake: `there is no defect nothing; there are ${names.join(', ')}` }],
  [['--fast'], { mistake: "Unknown option '--fast'; --help lists what there is" }],
])('%j', (args, asked) => {
  expect(readArguments(args, names)).toEqual(asked)
})
