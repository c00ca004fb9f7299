import { expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { approvalReasons, withApplied } from '../../shared/operations/approval.ts'
import type { AppliedAlone, RetrySet } from '../../shared/operations/register.ts'
import { at } from '../domain/examples.ts'

const now = at('2020-09-18T10:00:00+07:00')
const limits = { payouts: 100, rupiah: 60_000_000 }
const setOf = (payments: number, change: Partial<RetrySet> = {}): RetrySet => ({
  hash: 'a',
  payments,
  rupiah: payments * 50_000,
  at: now,
  ...change,
})
/** What ani applied alone: so many payments, so many seconds ago. */
const appliedOf = (...sets: readonly (readonly [payments: number, ago: number])[]): AppliedAlone => ({
  person: 'ani',
  version: sets.length,
  sets: sets.map(([payments, ago], nth) => ({
    job: `job-${nth}`,
    at: plusSeconds(now, -ago),
    payments,
    rupiah: payments * 50_000,
  })),
})
const day = 86_400

test.for<readonly [string, RetrySet, AppliedAlone, readonly RegExp[]]>([
  ['as many as one person may', setOf(100), appliedOf(), []],
  ['more', setOf(101), appliedOf(), [/^more payments .* in a day: 101, above 100$/]],
  ['of more money', setOf(1, { rupiah: 60_000_001 }), appliedOf(), [/Rp60,000,001, above Rp60,000,000$/]],
  ['the rest of a day', setOf(40), appliedOf([30, 60], [30, day - 1]), []],
  ['more than the rest of a day', setOf(41), appliedOf([30, 60], [30, day - 1]), [/101 with what the same/]],
  ['a day later', setOf(41), appliedOf([30, 60], [30, day]), []],
  [
    'more money than the rest of a day',
    setOf(1, { rupiah: 58_500_001 }),
    appliedOf([30, 60]),
    [/Rp60,000,001 with/],
  ],
  [
    'whose money a statement has',
    setOf(2, { returnedByStatement: 1 }),
    appliedOf(),
    [/by a statement: 1 payment$/],
  ],
  [
    'that a document calls unpaid',
    setOf(3, { notPaidByDocument: 2 }),
    appliedOf(),
    [/by a document: 2 payments$/],
  ],
])('a set of payments %s: why it takes two people', ([, set, before, expected]) => {
  const reasons = approvalReasons(set, before, { limits, now })
  expect(reasons).toEqual(expected.map((words) => expect.stringMatching(words)))
})

test('a job that has begun is not counted against itself', () => {
  const before = appliedOf([80, 60])
  expect(approvalReasons(setOf(80), before, { limits, now })).toHaveLength(1)
  expect(approvalReasons(setOf(80), before, { limits, now, job: 'job-0' })).toEqual([])
})

test('what no longer counts is forgotten when something is added, and all else is kept', () => {
  const before = appliedOf([30, 60], [30, day])
  const job = { id: 'job-9', at: now, payments: 7 }
  expect(withApplied(before, job, { rupiah: 350_000 })).toEqual({
    person: 'ani',
    version: 3,
    sets: [before.sets[0], { job: 'job-9', at: now, payments: 7, rupiah: 350_000 }],
  })
})
