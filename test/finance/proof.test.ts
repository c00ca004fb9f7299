import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { AnyEntry } from '../../shared/domain/entry.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { KeptPart } from '../../shared/finance/totals.ts'
import { at } from '../domain/examples.ts'
import { startTotals, type TotalsWorld } from '../functions/totals/world.ts'
import { entriesOfLife, fundingOf, paidAfter } from './people.ts'
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
const longAfter = at('2020-10-01T00:00:00+07:00')

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
    const { at: countedTo } = moving.reduce((one, other) => (one.at < other.at ? other : one))
    const { countedTo: said, ...verified } = await verify(world, shares)
    expect(verified).toEqual({ differences: [], movements: moving.length, later: 0 })
    expect(at(said ?? '')).toBe(countedTo)
  })

  test('of nothing finds nothing', async () => {
    const verified = await verify(world)
    expect(verified).toEqual({ differences: [], movements: 0, countedTo: undefined, later: 0 })
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

  test('says how much is later than what was counted', async () => {
    const records = await world.write(journal)
    const [accrued = {}] = records
    await world.count('shard-1', [accrued])
    const { countedTo, ...verified } = await verify(world)
    const before = journal[0]?.at ?? longAfter
    const later = moving.filter((entry) => entry.at > before).length
    expect(at(countedTo ?? '')).toBe(before)
    expect(verified).toMatchObject({ movements: moving.length, later })
    expect(verified.differences.length).toBeGreaterThan(0)
  })

  test('refuses a journal without the accrual of one who was paid', async () => {
    await world.write(journal.slice(1, 4))
    await expect(verify(world)).rejects.toThrow('without the accrual of P-0')
  })
})
