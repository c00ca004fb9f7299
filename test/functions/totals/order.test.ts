import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { AnyEntry } from '../../../shared/domain/entry.ts'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import { isPayout } from '../../../shared/domain/payout.ts'
import { paymentOf } from '../../../shared/finance/milestones.ts'
import { entriesOfLife, journals, paidAfter } from '../../finance/people.ts'
import { inserted } from '../publish/records.ts'
import { startTotals } from './world.ts'

/** Milestones, whatever order payments are written and counted in. */

const totals = await startTotals()
afterAll(() => totals.stop())
const nothingWrong = { differences: [], files: [] }

/** Entries in the order in which they are written, each of them so many seconds after its own instant. */
const asWritten = (entries: readonly AnyEntry[], late: readonly number[]): readonly AnyEntry[] =>
  entries
    .map((entry, nth) => ({
      entry,
      written: plusSeconds(entry.at, entry.seq === 1 ? 0 : (late[nth % late.length] ?? 0)),
    }))
    .sort((one, other) => (one.written < other.written ? -1 : 1))
    .map(({ entry }) => entry)

test('whatever befalls anybody, however it is cut, repeated and spread over shards', async () => {
  const plans = fc.record({
    journal: journals,
    cuts: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }),
    again: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
    late: fc.array(fc.nat({ max: 900 }), { minLength: 1, maxLength: 9 }),
  })
  await fc.assert(
    fc.asyncProperty(plans, async ({ journal: dated, cuts, again, late }) => {
      const own = await totals.begin()
      const journal = asWritten(dated, late)
      const records = await own.write(journal)
      const batches: (readonly [shard: string, records: readonly object[]])[] = []
      // The entries of an owner are in one shard.
      const sharded = Map.groupBy(records, (_, index) => `shard-${(journal[index]?.owner.length ?? 0) % 2}`)
      for (const [shard, ofShard] of sharded)
        for (let from = 0, cut = 0; from < ofShard.length; from += cuts[cut++ % cuts.length] ?? 1)
          batches.push([shard, ofShard.slice(from, from + (cuts[cut % cuts.length] ?? 1))])
      for (const [index, batch] of batches.entries()) {
        await own.count(...batch)
        const earlier = batches[index - (again[index % Math.max(1, again.length)] ?? 0)]
        if (earlier) await own.count(...earlier)
      }
      expect(await own.wrongFor(journal)).toEqual(nothingWrong)
    }),
    { numRuns: 10 },
  )
})

describe('payments of one person within a second count the same in whatever order they are written', () => {
  const all = entriesOfLife('P-1', {
    'incentive-1': paidAfter(1),
    'incentive-2': paidAfter(0),
    'incentive-3': paidAfter(0),
    'incentive-4': paidAfter(-40 * 86_400),
    'survey-1': paidAfter(-40 * 86_400),
    'survey-2': paidAfter(2),
    'survey-3': paidAfter(0),
  })
  const payments = all.filter((entry) => isPayout(entry.subject) && paymentOf(entry) === 1)
  const others = all.filter((entry) => !payments.includes(entry))
  const [early, near] = [payments.slice(3, 5), [...payments.slice(0, 3), ...payments.slice(5)]]
  const order = fc.shuffledSubarray(near, { minLength: near.length })

  test.each([
    ['in batches of their own, each read when it is written', 1, true],
    ['in batches of their own, all read in the end', 1, false],
    ['by twos, each read when it is written', 2, true],
    ['by twos, all read in the end', 2, false],
    ['by threes, all read in the end', 3, false],
  ])('%s', async (_, size, atOnce) => {
    await fc.assert(
      fc.asyncProperty(order, async (written) => {
        const own = await totals.begin()
        const journal = [...others, ...early, ...written]
        await own.count('parent', await own.write([...others, ...early]))
        const batches: object[][] = []
        const records = atOnce ? written.map((entry) => inserted(entry)) : await own.write(written)
        for (let from = 0; from < records.length; from += size) batches.push(records.slice(from, from + size))
        for (const [nth, batch] of batches.entries()) {
          if (atOnce) await own.write(written.slice(nth * size, (nth + 1) * size))
          // Its files are written, and it fails with all that is after it.
          const failing = { counters: { ...own.counters, count: () => Promise.reject(new Error('down')) } }
          await own.count('shard-1', batches.slice(nth).flat(), failing).catch(() => {})
          await own.count('shard-1', batch)
        }
        expect(await own.wrongFor(journal)).toEqual(nothingWrong)
      }),
      { numRuns: 4 },
    )
  })
})
