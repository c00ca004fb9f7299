import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { AnyEntry } from '../../shared/domain/entry.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { type KeptPart, onTheWaySeconds } from '../../shared/finance/totals.ts'
import { at } from '../domain/examples.ts'
import { startTotals, type TotalsWorld } from '../functions/totals/world.ts'
import { begun, entriesOfLife, fundingOf, paidAfter } from './people.ts'
import { verify } from './verify.ts'

/** Totals proven from a journal that is really scanned. */

const totals = await startTotals()
afterAll(() => totals.stop())
let world: TotalsWorld
beforeEach(async () => {
  world = await totals.begin()
})

const journal: readonly AnyEntry[] = [
  ...Array.from({ length: 12 }, (_, nth) =>
    entriesOfLife(`P-${nth}`, { 'incentive-1': paidAfter(nth), 'survey-2': paidAfter(86_400 * (nth % 3)) }),
  ).flat(),
  fundingOf('gopay', 1),
]
const moving = journal.filter(({ postings }) => postings.length > 0)
const countAll = async () => world.count('shard-1', await world.write(journal))

/** Damages what is kept of a day at a partner. */
async function damage(change: (part: KeptPart) => Partial<KeptPart>, partner: string | null = 'gopay') {
  const parts = await world.counters.partsBetween()
  const part = parts.find((each) => each.day === '2020-09-18' && each.partner === partner)
  if (!part) throw new Error('nothing is kept')
  await world.counters.replace({ ...part, ...change(part) })
}

describe('verify', () => {
  test.each([1, 3])('proves sound totals, in %i shares', async (shares) => {
    await countAll()
    const { countedTo, ...verified } = await verify(world, shares)
    expect(verified).toEqual({ differences: [], movements: moving.length, later: 0 })
    expect(journal.every((entry) => entry.at <= at(countedTo))).toBe(true)
  })

  test('of nothing finds nothing', async () => {
    expect(await verify(world)).toMatchObject({ differences: [], movements: 0, later: 0 })
  })

  test('names the day, the partner and the sums that are wrong', async () => {
    await countAll()
    await damage(({ cells: [first, ...others] }) => ({
      cells: first ? [{ ...first, amount: rupiah(first.amount + 1) }, ...others] : [],
    }))
    const { differences } = await verify(world, 2)
    expect(differences).toMatchObject([
      { day: '2020-09-18', partner: 'gopay', moves: [{}], milestones: false },
    ])
    const [one] = differences[0]?.moves ?? []
    expect(one?.kept).toBe((one?.proven ?? 0) + 1)
  })

  test('finds sums that are right, but divided over the wrong training providers', async () => {
    await countAll()
    await damage(({ cells: [first, ...others] }) => ({
      cells: first ? [{ ...first, trainingProvider: 'another' }, ...others] : [],
    }))
    const { differences } = await verify(world)
    expect(differences).toHaveLength(1)
    const [one] = differences[0]?.moves ?? []
    expect(one?.kept).toBe(one?.proven)
  })

  test('looks at certain days only, if asked to', async () => {
    await countAll()
    await damage(() => ({ cells: [] }))
    expect((await verify(world, 2, { from: '2020-09-19' })).differences).toEqual([])
    expect((await verify(world, 2, { to: '2020-09-18' })).differences).toHaveLength(1)
    await expect(verify(world, 1, { from: '2020-09-19', to: '2020-09-18' })).rejects.toThrow(
      'after the last day',
    )
  })

  test('names milestones that are wrong', async () => {
    await countAll()
    await damage(() => ({ milestones: [{ name: 'entitled', wave: 5, participants: 11 }] }), null)
    const { differences } = await verify(world)
    expect(differences).toEqual([{ day: '2020-09-18', partner: null, moves: [], milestones: true }])
  })

  describe('while a shard of the stream is slower than another', () => {
    /** The slow shard has counted the first; the fast one has come to the last, which was written four minutes later. */
    const [first, missing, last] = [0, 60, 240].map((seconds, nth) =>
      fundingOf('gopay', nth + 1, plusSeconds(begun, seconds)),
    )
    const entries = [first, missing, last].filter((entry) => entry !== undefined)
    beforeEach(async () => {
      const [one = {}, , three = {}] = await world.write(entries)
      await world.count('shard-slow', [one])
      await world.count('shard-fast', [three])
    })
    test('what it has still to count is later, and no difference', async () => {
      const verified = await verify(world, 2, {}, plusSeconds(begun, 300))
      expect(verified).toMatchObject({ differences: [], movements: 3, later: 3 })
    })

    test('what it should have counted is a difference', async () => {
      const verified = await verify(world, 2, {}, plusSeconds(begun, 240 + onTheWaySeconds))
      expect(verified).toMatchObject({ differences: [{ partner: 'gopay' }], movements: 3, later: 0 })
    })

    test('what nobody has written is a difference, however much is later', async () => {
      for (const part of await world.counters.partsBetween()) {
        const cells = part.cells.map((cell) => ({ ...cell, amount: rupiah(cell.amount + 20_000_000) }))
        await world.counters.replace({ ...part, cells })
      }
      expect((await verify(world, 2, {}, plusSeconds(begun, 300))).differences).toHaveLength(1)
    })
  })

  test('refuses a journal without the accrual of one who was paid', async () => {
    await world.write(journal.slice(1, 4))
    await expect(verify(world)).rejects.toThrow('without the accrual of P-0')
  })
})
