import { describe, expect, it } from 'vitest'
import type { Outcome } from './attempt.ts'
import { createSigningKey } from './partners/partner.ts'
import { run } from './run.ts'
import { shrink } from './shrink.ts'

const met = { points: new Map(), faults: new Map(), behaviours: new Map() }
const problem = { check: 'planted', subject: '', detail: 'as told' }
const outcome = (fails: boolean, steps = 1000): Outcome => ({
  seed: 1,
  problems: fails ? [problem] : [],
  steps,
  digest: '',
  met,
})

describe('the shortest prefix of faults', () => {
  it.each([
    ['none, when the seed fails without faults', 0],
    ['the first step', 1],
    ['some steps', 617],
    ['all steps', 1000],
  ])('is %s', async (_, needed) => {
    const attempt = async (faultsUntil: number) => outcome(faultsUntil >= needed)
    expect((await shrink(outcome(true), attempt)).prefix).toBe(needed)
  })

  it('breaks the same promise: what breaks another is another failure', async () => {
    const other = { ...outcome(true), problems: [{ ...problem, check: 'another' }] }
    const attempt = async (faultsUntil: number) => (faultsUntil >= 617 ? outcome(true) : other)
    const { prefix, outcome: shortest } = await shrink(outcome(true), attempt)
    expect([prefix, shortest.problems]).toEqual([617, [problem]])
  })

  it('is looked for in at most 19 runs when nobody knows how many steps there were', async () => {
    const asked: number[] = []
    const attempt = async (faultsUntil: number) => {
      asked.push(faultsUntil)
      return outcome(faultsUntil >= 123_456, 0)
    }
    expect((await shrink(outcome(true, 0), attempt)).prefix).toBe(123_456)
    expect(asked.length).toBeLessThanOrEqual(19)
  })

  it('of a run that does not survive its third fault ends with that fault', async () => {
    const signingKey = createSigningKey()
    const survived = 2
    const fragile = async (seed: number, faultsUntil?: number) => {
      const limit = faultsUntil === undefined ? {} : { faultsUntil }
      const { lines, steps } = await run({ seed, participants: 1, signingKey, ...limit })
      const faulty = lines.filter((line) => faultForm.test(line)).length
      return { ...outcome(faulty > survived, steps), faulty, lines }
    }
    const found = await firstOf(10, async (seed) => {
      const failed = await fragile(seed)
      return failed.faulty > survived + 1 ? { seed, failed } : undefined
    })
    const { prefix } = await shrink(found.failed, (faultsUntil) => fragile(found.seed, faultsUntil))
    const shortest = await fragile(found.seed, prefix)
    const shorter = await fragile(found.seed, prefix - 1)
    expect([shortest.faulty, shorter.faulty]).toEqual([survived + 1, survived])
    // Until its last fault, it is the run that failed.
    const told = shortest.lines.slice(0, shortest.lines.findLastIndex((line) => faultForm.test(line)) + 1)
    expect(told).toEqual(found.failed.lines.slice(0, told.length))
  })
})

const faultForm = / \([a-z-]+\)$/

/** What is found in the first seed that has it, of so many. */
async function firstOf<Found>(
  seeds: number,
  find: (seed: number) => Promise<Found | undefined>,
): Promise<Found> {
  for (let seed = 1; seed <= seeds; seed++) {
    const found = await find(seed)
    if (found !== undefined) return found
  }
  throw new Error(`none of ${seeds} seeds has it`)
}
