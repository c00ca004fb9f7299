import { describe, expect, test } from 'vitest'
import { plusDays } from '../../shared/domain/instant.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { toItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { itemSize } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Item } from '../../shared/reconciliation/item.ts'
import { leftOutAmountsMax, unmatchedDebitsMax } from '../../shared/reconciliation/outcome.ts'
import { countByKind } from '../../shared/reconciliation/summary.ts'
import type { Ending } from '../../shared/statements/ending.ts'
import { firstDay, ours, reconciled, theirs } from './day.ts'

/** What one day's statement has wrong is its own: later days are judged by theirs. */
const later = (days: number) => plusDays(firstDay, days)
const referenceOf = (index: number) => `P-${index}-I1-A1`

/** Debits of the first day's statement that nothing matched. */
const carried = (count: number, nameOf = referenceOf): readonly Item[] =>
  Array.from({ length: count }, (_, index) => ({
    side: 'theirs',
    id: `${firstDay}/${index + 1}`,
    day: firstDay,
    direction: 'debit',
    amount: rupiah(600_000),
    partnerReferenceNo: nameOf(index),
  }))
const strangers = (count: number, day = later(1)) =>
  Array.from({ length: count }, (_, index) => theirs('debit', { partnerReferenceNo: `X-${index}`, day }))

describe('a day is complete', () => {
  const differing: Ending = {
    ending: 'whole',
    lines: 0,
    unparsable: 0,
    differences: [{ total: 'lines', stated: 1, read: 0 }],
  }
  test.for<readonly [string, Parameters<typeof reconciled>[0], boolean]>([
    ['where all of it was read', {}, true],
    ['not where a line cannot be read', { theirs: [{ complaint: 'amount: must be whole rupiah' }] }, false],
    ['not where its control total differs', { ending: differing }, false],
  ])('%s; the day after is, whatever stands from the day before', async ([, given, complete]) => {
    const first = await reconciled(given)
    expect(first.complete).toBe(complete)
    const next = await reconciled({ day: later(1), left: first })
    expect(next.breaks).toEqual(first.breaks)
    expect(next.complete).toBe(true)
  })
})

describe('lines of the days before that nothing matches', () => {
  test('do not count against a good file, whose own strangers are few', async () => {
    const left = { open: carried(9_000), breaks: [] }
    const next = await reconciled({ day: later(1), left, theirs: strangers(2_000) })
    expect(next.summary.open.theirs.debit.count).toBe(11_000)
  })

  test('do not count against it, either, when their movements come too late', async () => {
    const movements = Array.from({ length: 10_001 }, (_, index) =>
      ours('disbursed', { partnerReferenceNo: referenceOf(index), day: later(4) }),
    )
    const left = { open: carried(10_001), breaks: [] }
    const next = await reconciled({ day: later(4), left, ours: movements })
    expect(countByKind(next.breaks)).toEqual({ 'wrong-day': 10_001 })
  })

  test('have a bound of their own, which says what to do', async () => {
    const left = { open: carried(50_001), breaks: [] }
    await expect(reconciled({ day: later(1), left })).rejects.toThrow(
      `more than 50000 lines of the statements before it are still matched by nothing: hand in corrected statements of those days, the oldest of which is ${firstDay}`,
    )
  })
})

describe('debits that nothing matches', () => {
  test.for<readonly [string, string, object]>([
    [
      'their reference where it may be an attempt’s',
      'P-1-I1-A1',
      { amount: 601_000, partnerReferenceNo: 'P-1-I1-A1' },
    ],
    ['no other', 'A SHOP OF ITS OWN', { amount: 601_000 }],
  ])('are kept with %s', async ([, partnerReferenceNo, kept]) => {
    const debit = theirs('debit', { partnerReferenceNo, amount: 601_000 })
    const { unmatchedDebits, leftOut } = await reconciled({ theirs: [debit] })
    expect(unmatchedDebits).toEqual([{ line: `${firstDay}/1`, ...kept }])
    expect(leftOut).toEqual({ amounts: [], references: false })
  })

  test.for([
    [0, unmatchedDebitsMax, false],
    [0, unmatchedDebitsMax + 1, true],
    [unmatchedDebitsMax, 1, false],
  ] as const)(
    'where %i are of days before and %i of its own, its own are left out: %s',
    async ([before, own, leftOut]) => {
      const left = { open: carried(before, (index) => `Y-${index}`), breaks: [] }
      const next = await reconciled({ day: later(1), left, theirs: strangers(own) })
      expect(next.leftOut).toEqual({ amounts: leftOut ? [600_000] : [], references: false })
      expect(next.unmatchedDebits).toHaveLength(unmatchedDebitsMax)
      const kept = next.unmatchedDebits.filter(({ line }) => line.startsWith(later(1)))
      expect(kept).toHaveLength(Math.min(own, unmatchedDebitsMax))
    },
  )

  test('are kept first where their reference may be an attempt’s, that day and the days after', async () => {
    const own = theirs('debit', { partnerReferenceNo: 'P-1-I1-A1', amount: 601_000, day: later(1) })
    const kept = { line: `${later(1)}/1`, amount: 601_000, partnerReferenceNo: 'P-1-I1-A1' }
    const first = await reconciled({ day: later(1), theirs: [own, ...strangers(unmatchedDebitsMax)] })
    expect(first.unmatchedDebits).toContainEqual(kept)
    expect(first.leftOut).toEqual({ amounts: [600_000], references: false })
    const next = await reconciled({ day: later(2), left: first })
    expect(next.unmatchedDebits).toContainEqual(kept)
    expect(next.leftOut).toEqual({ amounts: [], references: false })
  })

  test('where too many have such references, it is said on every day that leaves some out', async () => {
    const left = { open: carried(unmatchedDebitsMax + 1), breaks: [] }
    const next = await reconciled({ day: later(1), left })
    expect(next.leftOut).toEqual({ amounts: [], references: true })
  })

  /** Debits of nobody here, each of another amount. */
  const distinct = (count: number) =>
    Array.from({ length: count }, (_, index) => theirs('debit', { amount: 999_999_999_999 - index }))
  test('have the amounts of those that are left out, each once; of too many amounts, any', async () => {
    const left = { open: carried(unmatchedDebitsMax), breaks: [] }
    const nextDay = (lines: ReturnType<typeof distinct>) => reconciled({ day: later(1), left, theirs: lines })
    const two = distinct(2)
    const twice = await nextDay([...two, ...two])
    expect(twice.leftOut.amounts).toEqual([999_999_999_998, 999_999_999_999])
    expect((await nextDay(distinct(leftOutAmountsMax + 1))).leftOut.amounts).toBe('any')
  })

  test('fit into an item of DynamoDB, however long their references are', async () => {
    const longest = (index: number) => `${String(index).padStart(30, 'P')}-I1-A99`
    expect(parseReference(longest(1))).toBeDefined()
    expect(parseReference(`P${longest(1)}`)).toBeUndefined()
    const debits = Array.from({ length: unmatchedDebitsMax }, (_, index) =>
      theirs('debit', { partnerReferenceNo: longest(index), amount: 999_999_999_999 }),
    )
    const more = distinct(leftOutAmountsMax)
    const { unmatchedDebits, leftOut } = await reconciled({ theirs: [...debits, ...more] })
    expect(unmatchedDebits.every(({ partnerReferenceNo }) => partnerReferenceNo !== undefined)).toBe(true)
    expect(leftOut.amounts).toHaveLength(leftOutAmountsMax)
    // A run's other attributes need less than 16 KB of its 400.
    expect(itemSize(toItem({ unmatchedDebits, leftOut }))).toBeLessThan((400 - 16) * 1_024)
  })
})
