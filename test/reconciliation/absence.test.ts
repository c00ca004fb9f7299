import { expect, test } from 'vitest'
import {
  type CivilDate,
  civilDate,
  type Instant,
  plusDays,
  plusSeconds,
} from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { type ClosedDay, isAbsent } from '../../shared/reconciliation/absence.ts'
import { unknown } from '../domain/examples.ts'
import { claim, told } from '../domain/story.ts'

/** Sent on 18 September, settled a quarter of an hour later; two days of tolerance: statements of 18, 19 and 20. */
const first = civilDate('2020-09-18')
const [attempt] = told(claim, (story) => story.settle(unknown())).situation().standing.attempts
if (!attempt) throw new Error('the story has no attempt')
const windows = { settleWindowSeconds: 900, toleranceDays: 2 }
const asked = plusSeconds(attempt.until, 900)

function daysOf(count: number, change: Partial<ClosedDay> = {}): Map<CivilDate, ClosedDay> {
  const days = Array.from({ length: count }, (_, index) => plusDays(first, index))
  return new Map(days.map((day) => [day, { day, complete: true, unmatchedDebits: [], ...change }]))
}
const without = (day: number) => {
  const days = daysOf(3)
  days.delete(plusDays(first, day))
  return days
}

test.for<readonly [string, ReadonlyMap<CivilDate, ClosedDay>, Instant | undefined, boolean]>([
  ['every day is closed, and the partner was asked after the window', daysOf(3), asked, true],
  ['nobody has asked', daysOf(3), undefined, false],
  ['it was asked within the settle window', daysOf(3), plusSeconds(asked, -1), false],
  ['the last day has no statement yet', daysOf(2), asked, false],
  ['the first day has no statement', without(0), asked, false],
  ['a day between has no statement', without(1), asked, false],
  ['a line could not be read', daysOf(3, { complete: false }), asked, false],
  ['a debit of its amount is unmatched', daysOf(3, { unmatchedDebits: [rupiah(600_000)] }), asked, false],
  ['a debit of another amount is unmatched', daysOf(3, { unmatchedDebits: [rupiah(50_000)] }), asked, true],
])('absent where %s: %#', ([, days, askedAt, expected]) => {
  expect(isAbsent({ ...attempt, askedAt }, days, windows)).toBe(expected)
})

test('only of an unknown outcome', () => {
  expect(isAbsent({ ...attempt, status: 'pending', askedAt: asked }, daysOf(3), windows)).toBe(false)
})
