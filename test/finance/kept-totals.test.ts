import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type CivilDate, civilDate, plusDays, startOfDay } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { type Cell, mergeCells } from '../../shared/finance/cube.ts'
import { pack } from '../../shared/finance/packing.ts'
import { countFloat, createParts } from '../../shared/finance/totals.ts'
import { inserted } from '../functions/publish/records.ts'
import { startTotals, type TotalsWorld } from '../functions/totals/world.ts'
import { capacityOf } from '../ledger/capacity.ts'
import { accrualOf, entriesOfLife, fundingOf, historyOf, origin, paidAfter } from './people.ts'

/** Totals on their table. */

const totals = await startTotals()
afterAll(() => totals.stop())
let world: TotalsWorld
beforeEach(async () => {
  world = await totals.begin()
})

const first = civilDate('2020-09-18')
/** A funding on each of these days, `nth` days after the first. */
async function fund(...nths: readonly number[]) {
  for (const nth of nths) {
    const parts = createParts()
    parts.add(countFloat([fundingOf('bni', nth + 1, startOfDay(plusDays(first, nth)))]))
    for (const part of parts.parts()) await world.counters.replace({ ...part, version: 0 })
  }
}
const dayOf = (nth: number): CivilDate => plusDays(first, nth)

describe('days are read', () => {
  test.each<{ what: string; from?: number; to?: number; read: readonly number[] }>([
    { what: 'all', read: [0, 1, 6, 7, 8, 13, 20, 21, 40] },
    { what: 'from one on', from: 8, read: [8, 13, 20, 21, 40] },
    { what: 'up to one', to: 7, read: [0, 1, 6, 7] },
    { what: 'from one to another', from: 1, to: 20, read: [1, 6, 7, 8, 13, 20] },
    { what: 'one', from: 13, to: 13, read: [13] },
    { what: 'from before all to after all', from: -30, to: 90, read: [0, 1, 6, 7, 8, 13, 20, 21, 40] },
    { what: 'from a day to one before it', from: 8, to: 7, read: [] },
  ])('$what', async ({ from, to, read }) => {
    await fund(0, 1, 6, 7, 8, 13, 20, 21, 40)
    const days = await world.counters.read(
      from === undefined ? undefined : dayOf(from),
      to === undefined ? undefined : dayOf(to),
    )
    expect(days.map(({ day }) => day)).toEqual(read.map(dayOf))
  })

  test('of nothing', async () => {
    expect(await world.counters.read()).toEqual([])
  })
})

test('a day at a partner fits its item with more training providers than there have ever been', () => {
  const pairs = Array.from({ length: 400 }, (_, nth) => [`platform-${nth % 8}`, `provider-${nth}`] as const)
  const cells = [1, 2, 3, 4, 5, 6].flatMap((wave) =>
    pairs.flatMap(([platform, trainingProvider], nth) =>
      (['incentive', 'survey'] as const).flatMap((kind) =>
        ['payable in-transit', 'in-transit paid', 'in-transit payable', 'paid payable'].map(
          (move, step): Cell => {
            const [from = '', to = ''] = move.split(' ').map((book) => `${book}/gopay/${kind}/SK-PKP-2020`)
            const count = ((nth * 7919 + wave * 31 + step * 17) % 97) + 1
            const dimensions = { wave, scheme: 'prakerja-2020', kind, platform, trainingProvider }
            return { ...dimensions, partner: 'gopay', from, to, count, amount: rupiah(count * 600_000) }
          },
        ),
      ),
    ),
  )
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items
  const bytes = pack({ cells: mergeCells(cells), milestones: [] }).length
  expect(bytes).toBeLessThan(400_000)
})

test('a checkpoint moves only from where it was read, and with its parts or not at all', async () => {
  const partOn = (day: CivilDate) => ({ day, partner: 'bni', cells: [], milestones: [], version: 0 })
  const after = { sequence: '5', at: startOfDay(first) }
  const step = { before: undefined, after, parts: [partOn(dayOf(0))] }
  expect(await world.counters.count('shard-1', step)).toBe('counted')
  const stale = { ...step, parts: [partOn(dayOf(1))] }
  expect(await world.counters.count('shard-1', stale)).toBe('overtaken')
  const other = { ...after, sequence: '4' }
  expect(await world.counters.count('shard-1', { ...stale, before: other })).toBe('overtaken')
  const taken = { before: after, after: { ...after, sequence: '9' }, parts: step.parts }
  expect(await world.counters.count('shard-1', taken)).toBe('overtaken')
  expect(await world.counters.checkpoint('shard-1')).toEqual(after)
  expect(await world.counters.count('shard-2', stale)).toBe('counted')
  expect((await world.counters.read()).map(({ day }) => day)).toEqual([dayOf(0), dayOf(1)])
})

describe('a thousand payouts', () => {
  /** Paid within a minute, of some waves, platforms and training providers. */
  const people = Array.from({ length: 1_000 }, (_, nth) => ({
    id: `P-${String(nth).padStart(5, '0')}`,
    event: origin({
      wave: 3 + (nth % 4),
      platform: `platform-${nth % 8}`,
      trainingProvider: `provider-${nth % 40}`,
    }),
  }))
  const accruals = people.map(({ id, event }) => accrualOf(id, event))
  const payments = people.flatMap(({ id, event }) =>
    entriesOfLife(id, { 'incentive-1': paidAfter(0) }, event).slice(1),
  )

  test('cost together no more than the hundredth part of a write unit each', async () => {
    const history = historyOf([...accruals, ...payments])
    await world.count('shard-1', accruals.map(inserted), { history })
    const client = world.connect()
    const consumed = capacityOf(client)
    let charged = 0
    const { counters } = world.open(client, (_owner, _sk, units) => {
      charged += units()
    })
    expect(await world.count('shard-1', payments.map(inserted), { counters, history })).toBe(
      2 * people.length,
    )
    const units = consumed()
    expect(charged).toBe(units)
    expect(units / people.length).toBeLessThan(0.01)
  })
})
