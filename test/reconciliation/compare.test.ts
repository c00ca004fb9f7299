import { describe, expect, test } from 'vitest'
import { plusDays } from '../../shared/domain/instant.ts'
import type { Compared } from '../../shared/reconciliation/compare.ts'
import { countByKind } from '../../shared/reconciliation/summary.ts'
import { type DayGiven, firstDay, ours, reconciled, theirs } from './day.ts'

const A = { partnerReferenceNo: 'P-1-I1-A1' }
const B = { partnerReferenceNo: 'P-1-I1-A2' }
const later = (days: number) => plusDays(firstDay, days)

const kindsOf = ({ breaks }: Compared) => breaks.map(({ kind }) => kind).sort()
const counted = ({ summary: { open } }: Compared) => {
  const total = ({ debit, credit, fee }: typeof open.ours) => debit.count + credit.count + fee.count
  return { ours: total(open.ours), theirs: total(open.theirs) }
}

describe('a day', () => {
  test.for<readonly [string, DayGiven, { pairs: number; ours?: number; theirs?: number; breaks?: string[] }]>(
    [
      ['of nothing', {}, { pairs: 0 }],
      ['of one payment', { ours: [ours('disbursed', A)], theirs: [theirs('debit', A)] }, { pairs: 1 }],
      [
        'of what was paid, returned and paid again: three honest lines',
        {
          ours: [ours('disbursed', A), ours('returned', A), ours('disbursed', B)],
          theirs: [theirs('debit', A), theirs('credit', A), theirs('debit', B)],
        },
        { pairs: 3 },
      ],
      [
        'of money that surfaced, was overpaid, came back',
        {
          ours: [ours('surfaced', A), ours('overpaid', B), ours('recovered', B)],
          theirs: [theirs('debit', A), theirs('debit', B), theirs('credit', B)],
        },
        { pairs: 3 },
      ],
      [
        'of a funding, a sweep and a fee, by their documents',
        {
          ours: [
            ours('funded', { document: 'F-1' }),
            ours('swept', { document: 'S-1' }),
            ours('fee', { document: 'X' }),
          ],
          theirs: [
            theirs('credit', { document: 'F-1' }),
            theirs('debit', { document: 'S-1' }),
            theirs('fee', { document: 'X' }),
          ],
        },
        { pairs: 3 },
      ],
      [
        'whose statement has only the partner’s references',
        {
          ours: [
            ours('disbursed', { ...A, referenceNo: 'R-1' }),
            ours('disbursed', { ...B, referenceNo: 'R-2' }),
          ],
          theirs: [theirs('debit', { referenceNo: 'R-2' }), theirs('debit', { referenceNo: 'R-1' })],
        },
        { pairs: 2 },
      ],
      [
        'with a line of another of our references, but the same of the partner’s',
        {
          ours: [ours('disbursed', { ...A, referenceNo: 'R-1' })],
          theirs: [theirs('debit', { partnerReferenceNo: 'WRITTEN WRONGLY', referenceNo: 'R-1' })],
        },
        { pairs: 1 },
      ],
      [
        'with equal amounts on one day and other references',
        { ours: [ours('disbursed', A)], theirs: [theirs('debit', B)] },
        { pairs: 0, ours: 1, theirs: 1 },
      ],
      [
        'with a credit where we have a debit',
        { ours: [ours('disbursed', A)], theirs: [theirs('credit', A)] },
        { pairs: 0, ours: 1, theirs: 1 },
      ],
      [
        'with a line twice: it uses the movement up',
        { ours: [ours('disbursed', A)], theirs: [theirs('debit', A), theirs('debit', A)] },
        { pairs: 1, theirs: 1 },
      ],
      [
        'with a movement in two files',
        { ours: [ours('disbursed', A), ours('disbursed', A)], theirs: [theirs('debit', A)] },
        { pairs: 1 },
      ],
      [
        'with another amount',
        { ours: [ours('disbursed', A)], theirs: [theirs('debit', { ...A, amount: 60_000 })] },
        { pairs: 1, breaks: ['amount-differs'] },
      ],
      [
        'with a wrong amount beside the right one',
        {
          ours: [ours('disbursed', A)],
          theirs: [theirs('debit', { ...A, amount: 60_000 }), theirs('debit', A)],
        },
        { pairs: 1, theirs: 1 },
      ],
      ['with what moved no money of the float', { ours: [ours('claimed', A)] }, { pairs: 0 }],
      [
        'with a line that cannot be read',
        { theirs: [{ complaint: 'amount: must be whole rupiah' }] },
        { pairs: 0, breaks: ['unparsable-line'] },
      ],
      [
        'whose control total is not that of its lines',
        {
          ending: {
            ending: 'whole',
            lines: 0,
            unparsable: 0,
            differences: [{ total: 'lines', stated: 1, read: 0 }],
          },
        },
        { pairs: 0, breaks: ['control-total-differs'] },
      ],
    ],
  )('%s', async ([, given, expected]) => {
    const compared = await reconciled(given)
    expect(compared.matched).toHaveLength(expected.pairs)
    expect(counted(compared)).toEqual({ ours: expected.ours ?? 0, theirs: expected.theirs ?? 0 })
    expect(kindsOf(compared)).toEqual(expected.breaks ?? [])
  })
})

describe('what is left for the next day', () => {
  test('is matched by it, within the tolerance without a word', async () => {
    const first = await reconciled({ ours: [ours('disbursed', A)] })
    expect(kindsOf(first)).toEqual([])
    const second = await reconciled({
      day: later(1),
      left: first,
      theirs: [theirs('debit', { ...A, day: later(1) })],
    })
    expect(second.matched).toHaveLength(1)
    expect(kindsOf(second)).toEqual([])
    expect(second.open).toEqual([])
  })

  test.for([
    [2, []],
    [3, ['paid-here-not-on-statement']],
  ] as const)('after %i days without a line is %j', async ([days, kinds]) => {
    const first = await reconciled({ ours: [ours('disbursed', A)] })
    expect(kindsOf(await reconciled({ day: later(days), left: first }))).toEqual(kinds)
  })

  test('a line of something nobody here knows is a break after the tolerance', async () => {
    const first = await reconciled({ theirs: [theirs('credit', { document: 'F-9' })] })
    expect(kindsOf(first)).toEqual([])
    const overdue = await reconciled({ day: later(3), left: first })
    expect(kindsOf(overdue)).toEqual(['on-statement-unknown-here'])
    const booked = ours('funded', { document: 'F-9', day: later(4) })
    expect(kindsOf(await reconciled({ day: later(4), left: overdue, ours: [booked] }))).toEqual([])
  })

  test('is matched after the tolerance, too, as of the wrong day, which is said until people close it', async () => {
    const first = await reconciled({ ours: [ours('disbursed', A)] })
    const overdue = await reconciled({ day: later(3), left: first })
    const found = await reconciled({
      day: later(4),
      left: overdue,
      theirs: [theirs('debit', { ...A, day: later(4) })],
    })
    expect(kindsOf(found)).toEqual(['wrong-day'])
    const [wrongDay] = found.breaks
    const after = await reconciled({ day: later(5), left: found })
    expect(after.breaks).toEqual([wrongDay])
  })
})

describe('what a partner paid twice', () => {
  const twice = (lines: readonly unknown[]) =>
    Promise.resolve(
      lines.map(() => ({ verdict: 'break', kind: 'paid-twice-by-partner', detail: '' }) as const),
    )

  test('and took back itself cancels out, and is no return of the payment', async () => {
    const first = await reconciled({
      ours: [ours('disbursed', A)],
      theirs: [theirs('debit', A), theirs('debit', A)],
      judge: twice,
    })
    expect(kindsOf(first)).toEqual(['paid-twice-by-partner'])
    const second = await reconciled({
      day: later(1),
      left: first,
      theirs: [theirs('credit', { ...A, day: later(1) })],
      judge: twice,
    })
    expect(kindsOf(second)).toEqual([])
    expect(second.open).toEqual([])
  })
})

test('the summary is the same to the byte, whatever the order of the movements', async () => {
  const movements = Array.from({ length: 300 }, (_, index) =>
    ours('disbursed', { partnerReferenceNo: `P-${index}-I1-A1` }),
  )
  const lines = movements
    .slice(5)
    .map(({ partnerReferenceNo }) => theirs('debit', { partnerReferenceNo: partnerReferenceNo ?? '' }))
  const one = await reconciled({ ours: movements, theirs: lines })
  const other = await reconciled({ ours: movements.toReversed(), theirs: lines })
  expect(JSON.stringify(other.summary)).toBe(JSON.stringify(one.summary))
  expect(one.summary.matched.debit).toEqual({ count: 295, rupiah: 295 * 600_000 })
})

test('a file with too many lines of others is refused before anything is settled by it', async () => {
  const lines = Array.from({ length: 10_001 }, (_, index) =>
    theirs('debit', { partnerReferenceNo: `X-${index}` }),
  )
  const judge = () => Promise.reject(new Error('nobody may be asked'))
  await expect(reconciled({ theirs: lines, judge })).rejects.toThrow('are not of ours')
})

describe('however much was left open before', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ours('disbursed', { partnerReferenceNo: `P-${index}-I1-A1` }))
  const lateFor = (movements: ReturnType<typeof many>, day: ReturnType<typeof later>) =>
    movements.map(({ partnerReferenceNo }) =>
      theirs('debit', { partnerReferenceNo: partnerReferenceNo ?? '', day }),
    )

  test('a good file is reconciled: its own breaks are counted, not those that stand', async () => {
    const movements = many(10_002)
    const [known, fresh] = [movements.slice(0, 9_999), movements.slice(9_999)]
    const missing = await reconciled({ ours: known })
    const late = await reconciled({ day: later(4), left: missing, theirs: lateFor(known, later(4)) })
    expect(countByKind(late.breaks)).toEqual({ 'wrong-day': 9_999 })
    const next = await reconciled({
      day: later(8),
      left: late,
      ours: fresh,
      theirs: lateFor(fresh, later(8)),
    })
    expect(countByKind(next.breaks)).toEqual({ 'wrong-day': 10_002 })
  })

  test('a day of a large programme whose file never came is told of, and holds up no other day', async () => {
    const missing = await reconciled({ ours: many(12_000) })
    const next = await reconciled({ day: later(3), left: missing })
    expect(countByKind(next.breaks)).toEqual({ 'paid-here-not-on-statement': 12_000 })
  })

  test('nothing is refused any more once something may have been settled', async () => {
    const given = {
      ours: many(6_000),
      theirs: Array.from({ length: 5_000 }, (_, index) => theirs('debit', { referenceNo: `X-${index}` })),
    }
    const first = await reconciled(given)
    const next = await reconciled({ day: later(3), left: first })
    expect(countByKind(next.breaks)).toEqual({
      'on-statement-unknown-here': 5_000,
      'paid-here-not-on-statement': 6_000,
    })
  })

  test('more movements without a line than any day has are refused, with what to do', async () => {
    const missing = await reconciled({ ours: many(100_001) })
    await expect(reconciled({ day: later(3), left: missing })).rejects.toThrow(
      'more than 100000 movements of ours are on no statement: hand in the statements of the days before',
    )
  })
})
