import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payouts } from '../../shared/domain/payout.ts'
import { balances } from '../../shared/domain/postings.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { balancesOf, type Cell, cellsOf, createTally, mergeCells, sumBy } from '../../shared/finance/cube.ts'
import { type Movement, movementOf } from '../../shared/finance/movement.ts'
import { pack, unpack } from '../../shared/finance/packing.ts'
import { accrualOf, entriesOfLife, fundingOf, journals, origin, paidAfter } from './people.ts'

const movements = journals.map((entries): readonly Movement[] => {
  const beginnings = new Map(
    entries.flatMap(({ owner, event }) => (event.type === 'accrued' ? [[owner, event] as const] : [])),
  )
  return entries.flatMap((entry) => movementOf(entry, beginnings.get(entry.owner)) ?? [])
})
const cellsOfAll = (all: Iterable<Movement>): readonly Cell[] => {
  const tally = createTally()
  for (const movement of all) tally.add(cellsOf(movement))
  return tally.cells()
}
const postingsIn = ({ postings }: Movement) =>
  postings.map(({ from, to, amount }) => ({ from, to, amount: rupiah(amount) }))
const countOf = (sums: readonly { readonly count: number }[]) =>
  sums.reduce((total, { count }) => total + count, 0)
const amountOf = (sums: readonly { readonly amount: number }[]) =>
  sums.reduce((total, { amount }) => total + amount, 0)
const dimensions = [
  ...(['wave', 'scheme', 'kind', 'platform', 'trainingProvider', 'partner', 'from', 'to'] as const),
]

describe('a movement gives', () => {
  const told = (movement: Movement | undefined) =>
    (movement ? cellsOf(movement) : []).map(({ kind, partner, wave, from, to, count, amount }) =>
      [wave, kind, partner, from, to, count, amount].join(' '),
    )

  test('for an accrual a cell for each component, with as many payouts as it has', () => {
    expect(told(movementOf(accrualOf('P-1'), origin()))).toEqual([
      '5 incentive  budget/incentive/SK-PKP-2020-INCENTIVE payable/incentive/SK-PKP-2020-INCENTIVE 4 2400000',
      '5 survey  budget/survey/SK-PKP-2020-SURVEY payable/survey/SK-PKP-2020-SURVEY 3 150000',
    ])
  })

  test('for a payment the obligation with all its dimensions, and the money with its partner only', () => {
    const [, , disbursed] = entriesOfLife('P-1', { 'survey-1': paidAfter(0) })
    expect(told(disbursed && movementOf(disbursed, origin()))).toEqual([
      '5 survey gopay in-transit/gopay/survey/SK-PKP-2020-SURVEY paid/gopay/survey/SK-PKP-2020-SURVEY 1 50000',
      '  gopay float/gopay spent/gopay 1 50000',
    ])
  })

  test('for a funding money only', () => {
    expect(told(movementOf(fundingOf('bni', 1), undefined))).toEqual(['  bni treasury float/bni 1 10000000'])
  })
})

describe('sums of whatever has befallen anybody', () => {
  test('are the same for every grouping, in count and rupiah', () => {
    fc.assert(
      fc.property(movements, fc.subarray(dimensions), (all, chosen) => {
        const cells = cellsOfAll(all)
        const groups = sumBy(cells, (cell) => chosen.map((dimension) => cell[dimension]))
        expect(countOf(groups)).toBe(countOf(cells))
        expect(amountOf(groups)).toBe(amountOf(cells))
        expect(amountOf(groups)).toBe(amountOf(all.flatMap(postingsIn)))
        expect(new Set(groups.map(({ group }) => JSON.stringify(group))).size).toBe(groups.length)
      }),
    )
  })

  test('do not depend on order, nor on what is merged first', () => {
    fc.assert(
      fc.property(movements, fc.nat(), fc.nat(), (all, one, other) => {
        const [first, second] = [one % (all.length + 1), other % (all.length + 1)].sort((a, b) => a - b)
        const thirds = [all.slice(0, first), all.slice(first, second), all.slice(second)].map(cellsOfAll)
        const [a = [], b = [], c = []] = thirds
        const whole = cellsOfAll(all)
        expect(cellsOfAll(all.toReversed())).toEqual(whole)
        expect(mergeCells(mergeCells(a, b), c)).toEqual(whole)
        expect(mergeCells(a, mergeCells(c, b))).toEqual(whole)
      }),
    )
  })

  test('give the balances that the postings themselves give, which are 0 together', () => {
    fc.assert(
      fc.property(movements, (all) => {
        const ours = balancesOf(cellsOfAll(all))
        const theirs = balances(all.flatMap(postingsIn))
        expect(new Map([...ours].sort())).toEqual(new Map([...theirs].sort()))
        expect([...ours.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0)
      }),
    )
  })

  test('count every payout in one place: owed, in transit, paid or given back', () => {
    fc.assert(
      fc.property(movements, (all) => {
        const obligations = cellsOfAll(all).filter(({ kind }) => kind !== null)
        const net = (book: string) =>
          obligations.reduce((sum, { from, to, count }) => {
            const gained = to.startsWith(`${book}/`) ? count : 0
            return sum + gained - (from.startsWith(`${book}/`) ? count : 0)
          }, 0)
        const participants = all.filter(({ type }) => type === 'accrued').length
        expect(net('budget') + net('payable') + net('in-transit') + net('paid')).toBe(0)
        expect(net('payable') + net('in-transit') + net('paid')).toBeLessThanOrEqual(
          participants * payouts.length,
        )
        expect(net('in-transit')).toBeGreaterThanOrEqual(0)
        expect(net('paid')).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

test('what is packed is unpacked as it was, and equal sums are equal bytes', () => {
  const milestones = [{ name: 'entitled', wave: 5, participants: -2 }] as const
  fc.assert(
    fc.property(movements, (all) => {
      const cells = cellsOfAll(all)
      const bytes = pack({ cells, milestones })
      expect(unpack(bytes)).toEqual({ cells, milestones })
      expect(pack({ cells: cellsOfAll(all.toReversed()), milestones })).toEqual(bytes)
    }),
  )
  expect(unpack(pack({ cells: [], milestones: [] }))).toEqual({ cells: [], milestones: [] })
})
