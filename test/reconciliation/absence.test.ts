import { expect, test } from 'vitest'
import {
  type CivilDate,
  civilDate,
  type Instant,
  plusDays,
  plusSeconds,
} from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { type Absence, absenceOf, type ClosedDay, isAbsent } from '../../shared/reconciliation/absence.ts'
import { unknown } from '../domain/examples.ts'
import { claim, told } from '../domain/story.ts'

/** Sent on 18 September, settled a quarter of an hour later; two days of tolerance: statements of 18, 19 and 20. */
const first = civilDate('2020-09-18')
const [attempt] = told(claim, (story) => story.settle(unknown())).situation().standing.attempts
if (!attempt) throw new Error('the story has no attempt')
const windows = { settleWindowSeconds: 900, idempotencyWindowSeconds: 0, toleranceDays: 2 }
const asked = plusSeconds(attempt.until, 900)

const leftOut = { amounts: [], references: false }
const closed = { complete: true, unmatchedDebits: [], writtenOffDebits: [], leftOut, isCarriedOn: false }
function daysOf(count: number, change: Partial<ClosedDay> = {}): Map<CivilDate, ClosedDay> {
  const days = Array.from({ length: count }, (_, index) => plusDays(first, index))
  return new Map(days.map((day) => [day, { day, ...closed, ...change }]))
}
const without = (day: number) => {
  const days = daysOf(3)
  days.delete(plusDays(first, day))
  return days
}

const day = (number: number) => plusDays(first, number)
const absent: Absence = { absence: 'absent', from: first, to: day(2), settledFrom: asked }
const missing = (number: number): Absence => ({ absence: 'day-missing', day: day(number) })
const notAsked: Absence = { absence: 'not-asked' }
const unmatched = (number: number, because: 'reference' | 'amount' | 'left-out'): Absence => ({
  absence: 'debit-unmatched',
  day: day(number),
  because,
})
const line = `${first}/1`
const sameAmount = { line, amount: rupiah(600_000) }
const debit = { unmatchedDebits: [sameAmount] }
/** Of another amount than was ordered. */
const underReference = (partnerReferenceNo: string, on = 0) => ({
  line: `${day(on)}/1`,
  amount: rupiah(601_000),
  partnerReferenceNo,
})
const own = underReference(attempt.claim.reference)
const late = underReference(attempt.claim.reference, 5)
const later = (number: number, change: Partial<ClosedDay>): ReadonlyMap<CivilDate, ClosedDay> =>
  new Map([...daysOf(3), [day(number), { day: day(number), ...closed, ...change }]])
/** The last of three days has such a debit, and the second no statement. */
const debitAndGap = new Map([
  ...without(1),
  [day(2), { day: day(2), ...closed, unmatchedDebits: [{ ...sameAmount, line: `${day(2)}/1` }] }],
])

test.for<readonly [string, ReadonlyMap<CivilDate, ClosedDay>, Instant | undefined, Absence]>([
  ['every day is closed, and the partner was asked after the window', daysOf(3), asked, absent],
  ['nobody has asked', daysOf(3), undefined, notAsked],
  ['it was asked within the settle window', daysOf(3), plusSeconds(asked, -1), notAsked],
  ['the last day has no statement yet', daysOf(2), asked, missing(2)],
  ['the first day has no statement', without(0), asked, missing(0)],
  ['a day between has no statement', without(1), undefined, missing(1)],
  [
    'a line could not be read',
    daysOf(3, { complete: false }),
    asked,
    { absence: 'day-unreadable', day: first },
  ],
  ['a debit of its amount is unmatched', daysOf(3, debit), asked, unmatched(0, 'amount')],
  ['so is one, and a day is missing', debitAndGap, undefined, unmatched(2, 'amount')],
  [
    'a debit of its amount is written off',
    daysOf(3, { writtenOffDebits: [sameAmount] }),
    asked,
    { ...absent, writtenOff: first },
  ],
  [
    'a debit of another amount is unmatched',
    daysOf(3, { unmatchedDebits: [{ line, amount: rupiah(50_000) }] }),
    asked,
    absent,
  ],
  [
    'a debit of another amount bears its reference',
    daysOf(3, { unmatchedDebits: [own] }),
    asked,
    unmatched(0, 'reference'),
  ],
  [
    'such a debit came after the days in question',
    later(5, { unmatchedDebits: [late] }),
    asked,
    unmatched(5, 'reference'),
  ],
  [
    'the days after carry a debit that bears its reference, which is of the day that booked it',
    later(6, { unmatchedDebits: [late] }),
    asked,
    unmatched(5, 'reference'),
  ],
  [
    'the next day, which goes on from it, has no such debit any more',
    new Map([
      ...daysOf(2, { unmatchedDebits: [own], isCarriedOn: true }),
      [day(2), { day: day(2), ...closed }],
    ]),
    asked,
    absent,
  ],
  [
    'a debit of its amount came after the days in question',
    later(5, { unmatchedDebits: [{ ...sameAmount, line: `${day(5)}/1` }] }),
    asked,
    absent,
  ],
  [
    'a debit of another amount that bears its reference is written off',
    daysOf(3, { writtenOffDebits: [own] }),
    asked,
    unmatched(0, 'reference'),
  ],
  [
    'a debit of another amount bears another reference',
    daysOf(3, { unmatchedDebits: [underReference('P-OTHER-I1-A1')] }),
    asked,
    absent,
  ],
  [
    'there are more unmatched debits than are kept',
    daysOf(3, { leftOut: { ...leftOut, amounts: 'any' } }),
    asked,
    unmatched(0, 'left-out'),
  ],
  [
    'one of those is of its amount',
    daysOf(3, { leftOut: { ...leftOut, amounts: [rupiah(50_000), rupiah(600_000)] } }),
    asked,
    unmatched(0, 'left-out'),
  ],
  ['none of those is', daysOf(3, { leftOut: { ...leftOut, amounts: [rupiah(50_000)] } }), asked, absent],
  [
    'one of those after the days in question may bear its reference',
    later(5, { leftOut: { ...leftOut, references: true } }),
    asked,
    unmatched(5, 'left-out'),
  ],
  [
    'one of those may, of a day that was carried on',
    daysOf(3, { leftOut: { ...leftOut, references: true }, isCarriedOn: true }),
    asked,
    absent,
  ],
])('what statements say where %s', ([, days, askedAt, expected]) => {
  expect(absenceOf({ ...attempt, askedAt }, days, windows)).toEqual(expected)
  expect(isAbsent({ ...attempt, askedAt }, days, windows, asked)).toBe(expected.absence === 'absent')
})

test('an attempt that was sent again for more than a year is not looked for any longer', () => {
  const until = plusSeconds(attempt.until, 400 * 86_400)
  expect(absenceOf({ ...attempt, until, askedAt: plusSeconds(until, 900) }, daysOf(500), windows)).toEqual(
    missing(366),
  )
})

test('only of an unknown outcome', () => {
  expect(isAbsent({ ...attempt, status: 'pending', askedAt: asked }, daysOf(3), windows, asked)).toBe(false)
})

test('and not while a machine may send it again, which it waits for though no statement has it', () => {
  const long = { ...windows, idempotencyWindowSeconds: 55 * 86_400 }
  const settledFrom = plusSeconds(attempt.claimedAt, long.idempotencyWindowSeconds)
  const found = { ...attempt, askedAt: asked }
  expect(absenceOf(found, daysOf(3), long)).toEqual({ ...absent, settledFrom })
  expect(isAbsent(found, daysOf(3), long, plusSeconds(settledFrom, -1))).toBe(false)
  expect(isAbsent(found, daysOf(3), long, settledFrom)).toBe(true)
})
