import { expect, test } from 'vitest'
import { plusDays } from '../../shared/domain/instant.ts'
import { countByKind } from '../../shared/reconciliation/summary.ts'
import { firstDay, reconciled, theirs } from './day.ts'

/** What a partner has debited under a reference of ours with a wrong amount, and takes back itself. */
const wrong = { partnerReferenceNo: 'P-1-I1-A1', amount: 601_000 }
const differs = (lines: readonly unknown[]) =>
  Promise.resolve(lines.map(() => ({ verdict: 'break', kind: 'amount-differs', detail: '' }) as const))

test('on the same day it cancels out', async () => {
  const lines = [theirs('debit', wrong), theirs('credit', wrong)]
  const compared = await reconciled({ theirs: lines, judge: differs })
  expect(compared.breaks).toEqual([])
  expect(compared.unmatchedDebits).toEqual([])
  expect(compared.open).toEqual([])
})

test.for([1, 5])('after %i days it does so from then on', async (days) => {
  const day = plusDays(firstDay, days)
  const first = await reconciled({ theirs: [theirs('debit', wrong)], judge: differs })
  expect(countByKind(first.breaks)).toEqual({ 'amount-differs': 1 })
  expect(first.unmatchedDebits).toEqual([{ line: `${firstDay}/1`, ...wrong }])
  const next = await reconciled({
    day,
    left: first,
    theirs: [theirs('credit', { ...wrong, day })],
    judge: differs,
  })
  expect(next.breaks).toEqual([])
  expect(next.unmatchedDebits).toEqual([])
  expect(next.open).toEqual([])
})

test('a credit that came before it is of another debit', async () => {
  const day = plusDays(firstDay, 1)
  const first = await reconciled({ theirs: [theirs('credit', wrong)], judge: differs })
  const next = await reconciled({
    day,
    left: first,
    theirs: [theirs('debit', { ...wrong, day })],
    judge: differs,
  })
  expect(countByKind(next.breaks)).toEqual({ 'amount-differs': 2 })
  expect(next.unmatchedDebits).toEqual([{ line: `${day}/1`, ...wrong }])
})

test.for<readonly [string, object]>([
  ['of another amount', { amount: 600_000 }],
  ['of another reference', { partnerReferenceNo: 'P-1-I1-A2' }],
])('a credit %s takes nothing back', async ([, change]) => {
  const lines = [theirs('debit', wrong), theirs('credit', { ...wrong, ...change })]
  const compared = await reconciled({ theirs: lines, judge: differs })
  expect(countByKind(compared.breaks)).toEqual({ 'amount-differs': 2 })
  expect(compared.unmatchedDebits).toHaveLength(1)
})
