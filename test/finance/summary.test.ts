import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { civilDate, plusDays } from '../../shared/domain/instant.ts'
import { kindOf, payouts } from '../../shared/domain/payout.ts'
import { accounts } from '../../shared/domain/postings.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { type Cell, mergeCells } from '../../shared/finance/cube.ts'
import { funnelOf } from '../../shared/finance/funnel.ts'
import type { Dimension } from '../../shared/finance/schemas.ts'
import { type Figures, summarise } from '../../shared/finance/summary.ts'
import type { DayTotals } from '../../shared/finance/totals.ts'

const payout = 'incentive-1'
const scheme = scheme2020
const [budget, payable] = [accounts.budget(scheme, payout), accounts.payable(scheme, payout)]
const inTransit = (partner: string) => accounts.inTransit(partner, scheme, payout)
const paid = (partner: string) => accounts.paid(partner, scheme, payout)

const cell = (from: string, to: string, change: Partial<Cell> = {}): Cell => ({
  wave: 4,
  scheme: scheme.name,
  kind: 'incentive',
  platform: 'tokopedia',
  trainingProvider: 'Skill Academy',
  partner: null,
  from,
  to,
  count: 1,
  amount: rupiah(600_000),
  ...change,
})
const day = (text: string, ...cells: readonly Cell[]): DayTotals => ({
  day: civilDate(text),
  cells,
  milestones: [],
})
const one = { count: 1, rupiah: 600_000 }
const none = { count: 0, rupiah: 0 }

/** Accrued on the first, sent and paid on the second, returned on the third, cancelled on the first of the next month. */
const life = [
  day('2020-10-01', cell(budget, payable)),
  day(
    '2020-10-02',
    cell(payable, inTransit('bni'), { partner: 'bni' }),
    cell(inTransit('bni'), paid('bni'), { partner: 'bni' }),
    cell('float/bni', 'spent/bni', { wave: null, kind: null, partner: 'bni' }),
  ),
  day('2020-10-03', cell(paid('bni'), payable, { partner: 'bni' })),
  day('2020-11-01', cell(payable, budget)),
]

describe('a summary', () => {
  it('tells flows of the period from balances at its end', () => {
    expect(summarise(life.slice(0, 2), { from: '2020-10-02', to: '2020-10-02' }).total).toEqual({
      ...{ accrued: none, paid: one, returned: none, cancelled: none, payable: none, inTransit: none },
    })
    expect(summarise(life.slice(0, 3), { from: '2020-10-03' }).total).toMatchObject({
      paid: none,
      returned: one,
      payable: one,
    })
  })

  it('has a row for each day on which something happened, with the balances of its end', () => {
    const { rows } = summarise(life, { by: ['day'] })
    expect(rows.map(({ group, payable: open, paid: gone }) => [group.day, open.count, gone.count])).toEqual([
      ['2020-10-01', 1, 0],
      ['2020-10-02', 0, 1],
      ['2020-10-03', 1, 0],
      ['2020-11-01', 0, 0],
    ])
  })

  it('takes a month together', () => {
    const { rows } = summarise(life, { by: ['month'] })
    expect(rows).toMatchObject([
      { group: { month: '2020-10' }, accrued: one, paid: one, returned: one, payable: one },
      { group: { month: '2020-11' }, accrued: none, cancelled: one, payable: none },
    ])
  })

  it('has what is payable at no partner, and what is sent at its own', () => {
    const sent = [...life.slice(0, 1), day('2020-10-02', cell(payable, inTransit('bni'), { partner: 'bni' }))]
    const { rows } = summarise(sent, { by: ['partner'] })
    expect(rows).toMatchObject([
      { group: { partner: 'bni' }, accrued: none, payable: none, inTransit: one },
      { group: { partner: null }, accrued: one, payable: none, inTransit: none },
    ])
    expect(summarise(sent, { partner: 'bni' }).total).toMatchObject({ accrued: none, inTransit: one })
  })

  it('takes a cancellation back when the payment surfaces after all', () => {
    const days = [...life, day('2020-11-02', cell(budget, paid('bni'), { partner: 'bni' }))]
    expect(summarise(days, {}).total).toMatchObject({ cancelled: none, paid: { count: 2 }, returned: one })
  })

  it('of a period without anything still has what stood before it', () => {
    expect(summarise(life.slice(0, 1), { from: '2020-10-05', by: ['wave'] })).toMatchObject({
      rows: [{ group: { wave: 4 }, accrued: none, payable: one }],
    })
  })

  it.each<[Dimension, object]>([
    ['wave', { wave: 5 }],
    ['kind', { kind: 'survey' }],
    ['platform', { platform: 'bukalapak' }],
    ['provider', { provider: 'Bukalapak' }],
  ])('of another %s has nothing', (_, filter) => {
    expect(summarise(life, filter).total.accrued).toEqual(none)
    expect(summarise(life, filter).rows).toEqual([])
  })
})

const moves = [
  [budget, payable, null],
  [payable, inTransit('bni'), 'bni'],
  [inTransit('bni'), paid('bni'), 'bni'],
  [inTransit('bni'), payable, 'bni'],
  [paid('bni'), payable, 'bni'],
  [payable, budget, null],
  [budget, paid('gopay'), 'gopay'],
] as const

const anyCell = fc
  .record({
    move: fc.constantFrom(...moves),
    wave: fc.constantFrom(1, 2, 11),
    platform: fc.constantFrom('tokopedia', 'bukalapak'),
    payout: fc.constantFrom(...payouts),
    count: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ move: [from, to, partner], wave, platform, payout: of, count }) =>
    cell(from, to, {
      ...{ wave, platform, partner, count, kind: kindOf(of) },
      amount: rupiah(count * amountOf(scheme, of)),
    }),
  )
const anyDays = fc
  .array(fc.array(anyCell, { maxLength: 6 }), { maxLength: 8 })
  .map((days) =>
    days.map((cells, index) => day(plusDays(civilDate('2020-10-28'), index), ...mergeCells(cells))),
  )

const flows = ['accrued', 'paid', 'returned', 'cancelled'] as const
const whole = ({ accrued, paid: gone, returned, cancelled, payable: open, inTransit: sent }: Figures) =>
  accrued.rupiah - (gone.rupiah - returned.rupiah + cancelled.rupiah + open.rupiah + sent.rupiah)

describe('whatever has happened', () => {
  it('everything accrued is paid, cancelled, payable or in transit', () => {
    fc.assert(fc.property(anyDays, (days) => whole(summarise(days, {}).total) === 0))
  })

  it('the rows of any grouping have the flows of the total', () => {
    const groupings = fc.subarray<Dimension>(['day', 'partner', 'wave', 'kind', 'platform', 'provider'])
    fc.assert(
      fc.property(anyDays, groupings, (days, by) => {
        const { rows, total } = summarise(days, { by })
        for (const name of flows) {
          const sums = rows.reduce((sum, row) => sum + row[name].rupiah, 0)
          expect(sums).toBe(total[name].rupiah)
        }
      }),
    )
  })
})

describe('the funnel', () => {
  const reached = (
    text: string,
    name: 'entitled' | 'first-incentive',
    wave: number,
    participants: number,
  ) => ({
    ...day(text),
    milestones: [{ name, wave, participants }],
  })
  const days = [
    reached('2020-09-30', 'entitled', 10, 3),
    reached('2020-10-01', 'entitled', 2, 5),
    reached('2020-10-02', 'first-incentive', 10, 2),
    reached('2020-11-02', 'first-incentive', 10, -1),
  ]

  it('adds up who has come how far, less who fell back', () => {
    expect(funnelOf(days, {}).total).toMatchObject({ entitled: 8, 'first-incentive': 1, 'paid-in-full': 0 })
  })

  it('has the waves in their order', () => {
    expect(
      funnelOf(days, { by: ['wave'] }).rows.map(({ group, reached: r }) => [group.wave, r.entitled]),
    ).toEqual([
      [2, 5],
      [10, 3],
    ])
  })

  it('takes months together, and one wave alone', () => {
    const { rows } = funnelOf(days, { by: ['month'], wave: 10 })
    expect(rows.map(({ group, reached: r }) => [group.month, r.entitled, r['first-incentive']])).toEqual([
      ['2020-09', 3, 0],
      ['2020-10', 0, 2],
      ['2020-11', 0, -1],
    ])
  })
})
