import { expect, test } from 'vitest'
import type { Entry } from '../../shared/domain/entry.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { toItem } from '../../shared/ledger/dynamodb/attributes.ts'
import type { Problem } from './checks.ts'
import { claim, claimedAt, until } from './examples.ts'
import { createRows } from './rows.ts'

const chained = { owner: 'P-1', subject: 'incentive-1', postings: [], previousHash: '' } as const
const chain: readonly Entry[] = [
  {
    ...chained,
    seq: 1,
    at: claimedAt,
    by: 'pay/1',
    event: claim,
  },
  {
    ...chained,
    seq: 2,
    at: until,
    by: 'inquire/2',
    event: { type: 'unknown', attempt: 1, cause: 'claim-term-ended', evidence: {} },
  },
]
const sending: PayoutRow = {
  participantId: 'P-1',
  payout: 'incentive-1',
  seq: 1,
  facts: 2,
  state: 'sending',
  wave: 8,
  since: claimedAt,
  claimedAt,
}
const itemOf = (row: PayoutRow) => toItem({ pk: row.participantId, sk: row.payout, ...row })
function problemsOf(row: PayoutRow, before?: PayoutRow): readonly string[] {
  const problems: Problem[] = []
  const rows = createRows(
    (subject) => (subject === 'P-1 incentive-1' ? chain : []),
    (problem) => problems.push(problem),
  )
  rows.changed(before && itemOf(before), itemOf(row))
  return problems.map(({ check, subject, detail }) => `${check} ${subject}: ${detail}`)
}

const { claimedAt: _, ...unclaimed } = sending
const scheduled: PayoutRow = { ...unclaimed, seq: 0, state: 'scheduled' }
const unknown: PayoutRow = { ...sending, seq: 2, state: 'unknown' }

test.for<[string, PayoutRow, PayoutRow?]>([
  ['before anything has happened', scheduled],
  ['of the last entry', unknown],
  ['of an entry before the last', sending],
  ['after one that has seen less', unknown, sending],
  ['with a fact more', { ...scheduled, facts: 3 }, scheduled],
])('a row says what its entries say: %s', ([_, row, before]) => {
  expect(problemsOf(row, before)).toEqual([])
})

test.for<[string, PayoutRow, PayoutRow?]>([
  ['has seen 3 entries of 2', { ...unknown, seq: 3 }],
  ['says unknown of 1 entries, and they sending', { ...unknown, seq: 1 }],
  ['says paid of 2 entries, and they unknown', { ...unknown, state: 'paid' }],
  ['says paid of 0 entries, and they do not', { ...scheduled, state: 'paid' }],
  [`has money in transit since undefined, and its entries since ${claimedAt}`, { ...unclaimed }],
  [`has money in transit since ${claimedAt}, and its entries since undefined`, { ...scheduled, claimedAt }],
  ['goes back from 2 and 2 to 1 entries and 2 facts', sending, unknown],
  ['goes back from 1 and 3 to 1 entries and 2 facts', sending, { ...sending, facts: 3 }],
])('its row %s', ([detail, row, before]) => {
  expect(problemsOf(row, before)).toEqual([`row P-1 incentive-1: its row ${detail}`])
})

test('what is no row says nothing', () => {
  const problems: Problem[] = []
  const rows = createRows(
    () => [],
    (problem) => problems.push(problem),
  )
  rows.changed(undefined, toItem({ pk: 'partner#bni', sk: 'CONTROL', seq: 9 }))
  rows.changed(undefined, toItem({ pk: 'P-1', sk: 'SURVEY#1', survey: 1, completedAt: claimedAt }))
  expect(problems).toEqual([])
})
