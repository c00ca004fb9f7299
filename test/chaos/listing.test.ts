import { expect, test } from 'vitest'
import type { Problem } from './checks.ts'
import { createListing } from './listing.ts'

const at = '2020-09-18T03:00:01.000Z'
type Row = { readonly state: string; readonly list?: string; readonly payout?: string; readonly at?: string }

function problemsOf({ state, list, payout = 'incentive-1', ...row }: Row): readonly string[] {
  const problems: Problem[] = []
  const written = 'at' in row ? row.at : list && at
  createListing(3, (problem) => problems.push(problem)).changed({
    pk: { S: 'P-1' },
    sk: { S: payout },
    state: { S: state },
    partner: { S: 'ovo' },
    ...(list && { list: { S: list } }),
    ...(written && { at: { S: written } }),
  })
  return problems.map(({ check, detail }) => `${check}: ${detail}`)
}

test.for<Row>([
  { state: 'scheduled', list: 'open#ovo#0' },
  { state: 'sending', list: 'open#ovo#2' },
  { state: 'pending', list: 'inquire#ovo#1' },
  { state: 'unknown', list: 'inquire#ovo#2' },
  { state: 'failed', list: 'failed#ovo#0' },
  { state: 'returned', list: 'failed#ovo#0' },
  { state: 'held', list: 'held#0' },
  { state: 'waiting', list: 'waiting#0' },
  { state: 'waiting', payout: 'survey-2' },
  { state: 'paid' },
  { state: 'paid', list: 'overpaid#1' },
  { state: 'cancelled', list: 'written-off#1' },
  { state: 'paid', list: 'inquire#ovo#1' },
])('found again: %o', (row) => {
  expect(problemsOf(row)).toEqual([])
})

test.for<Row>([
  { state: 'scheduled' },
  { state: 'scheduled', list: 'open#gopay#0' },
  { state: 'unknown', list: 'failed#ovo#0' },
  { state: 'unknown', list: 'inquire#ovo' },
  { state: 'unknown', list: 'inquire#gopay#1' },
  { state: 'unknown', list: 'inquire#ovo#3' },
  { state: 'failed', list: 'open#ovo#0' },
  { state: 'held', list: 'open#ovo#0' },
  { state: 'waiting' },
  { state: 'paid', list: 'open#ovo#0' },
  { state: 'paid', at },
  { state: 'unheard-of', list: 'open#ovo#0' },
])('by nobody: %o', (row) => {
  expect(problemsOf(row)).toEqual([expect.stringMatching(/^listing: P-1 incentive-1, .* is written into /)])
})
