import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntryType, PayoutEvent } from '../../shared/domain/entry.ts'
import { payouts } from '../../shared/domain/payout.ts'
import {
  accounts,
  accrualPostings,
  availableChange,
  balances,
  type Found,
  floatPostings,
  type Posting,
  postingsOf,
} from '../../shared/domain/postings.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { at } from './examples.ts'

const until = at('2020-09-18T03:02:30Z')
const ofAttempt = { attempt: 1, evidence: {} }
const events: { readonly [T in EntryType]: Extract<PayoutEvent, { type: T }> } = {
  claimed: {
    type: 'claimed',
    attempt: 1,
    reference: 'P-00017-I1-A1',
    partner: 'bni',
    accountVersion: '1',
    lastFour: '0001',
    amount: rupiah(600_000),
    transactionDate: at('2020-09-18T03:00:00Z'),
    bodyHash: 'a'.repeat(64),
    until,
  },
  resent: { type: 'resent', ...ofAttempt, until },
  pending: { type: 'pending', ...ofAttempt },
  unknown: { type: 'unknown', ...ofAttempt, cause: 'timeout' },
  asked: { type: 'asked', ...ofAttempt, askedAt: until },
  disbursed: { type: 'disbursed', ...ofAttempt },
  rejected: { type: 'rejected', ...ofAttempt, reason: 'account-blocked' },
  deferred: { type: 'deferred', ...ofAttempt, reason: 'cut-off', notBefore: until },
  refused: {
    type: 'refused',
    partner: 'bni',
    accountVersion: '1',
    reason: 'account-unknown',
    evidence: {},
  },
  returned: { type: 'returned', ...ofAttempt },
  held: { type: 'held', reason: 'checked' },
  'hold-released': { type: 'hold-released', reason: 'fine' },
  retried: { type: 'retried', reason: 'repaired' },
  cancelled: { type: 'cancelled', reason: 'scheme-closed' },
  surfaced: { type: 'surfaced', ...ofAttempt },
  overpaid: { type: 'overpaid', ...ofAttempt },
  recovered: { type: 'recovered', ...ofAttempt },
  'written-off': { type: 'written-off', ...ofAttempt },
}

const written = (postings: readonly Posting[]) =>
  postings.map(({ from, to, amount }) => `${from} -> ${to} ${amount}`)
const incentive = 'incentive/SK-PKP-2020-INCENTIVE'

const moves: { readonly [T in EntryType]: readonly string[] } = {
  claimed: [`payable/${incentive} -> in-transit/bni/${incentive} 600000`],
  disbursed: [`in-transit/bni/${incentive} -> paid/bni/${incentive} 600000`, 'float/bni -> spent/bni 600000'],
  rejected: [`in-transit/bni/${incentive} -> payable/${incentive} 600000`],
  deferred: [`in-transit/bni/${incentive} -> payable/${incentive} 600000`],
  returned: [`paid/bni/${incentive} -> payable/${incentive} 600000`, 'spent/bni -> float/bni 600000'],
  cancelled: [`payable/${incentive} -> budget/${incentive} 600000`],
  surfaced: [`payable/${incentive} -> paid/bni/${incentive} 600000`, 'float/bni -> spent/bni 600000'],
  overpaid: ['float/bni -> overpaid/bni 600000'],
  recovered: ['overpaid/bni -> float/bni 600000'],
  'written-off': ['overpaid/bni -> written-off/bni 600000'],
  resent: [],
  pending: [],
  unknown: [],
  asked: [],
  refused: [],
  held: [],
  'hold-released': [],
  retried: [],
}

test.for(Object.entries(moves))('%s moves %o', ([type, expected]) => {
  const event = Object.values(events).find((each) => each.type === type)
  expect(event && written(postingsOf(event, scheme2020, 'incentive-1', 'bni'))).toEqual(expected)
})

describe('late proof', () => {
  test.for<[Found, string, string]>([
    [{ obligation: 'payable', money: 'float' }, `payable/${incentive}`, 'float/bni'],
    [{ obligation: 'budget', money: 'float' }, `budget/${incentive}`, 'float/bni'],
    [{ obligation: 'payable', money: 'overpaid' }, `payable/${incentive}`, 'overpaid/bni'],
    [{ obligation: 'budget', money: 'overpaid' }, `budget/${incentive}`, 'overpaid/bni'],
  ])('finds %o in %s and %s', ([found, obligation, money]) => {
    expect(written(postingsOf(events.surfaced, scheme2020, 'incentive-1', 'bni', found))).toEqual([
      `${obligation} -> paid/bni/${incentive} 600000`,
      `${money} -> spent/bni 600000`,
    ])
  })
})

test('a survey moves its own amount under its own decree', () => {
  expect(written(postingsOf(events.claimed, scheme2020, 'survey-2', 'ovo'))).toEqual([
    'payable/survey/SK-PKP-2020-SURVEY -> in-transit/ovo/survey/SK-PKP-2020-SURVEY 50000',
  ])
})

test('an entitlement accrues all that its payouts can claim', () => {
  expect(written(accrualPostings(scheme2020))).toEqual([
    `budget/${incentive} -> payable/${incentive} 2400000`,
    'budget/survey/SK-PKP-2020-SURVEY -> payable/survey/SK-PKP-2020-SURVEY 150000',
  ])
  const claims = payouts.flatMap((payout) => postingsOf(events.claimed, scheme2020, payout, 'bni'))
  const totals = balances([...accrualPostings(scheme2020), ...claims])
  for (const payout of payouts) expect(totals.get(accounts.payable(scheme2020, payout))).toBe(0)
})

test.for([
  ['funded', 'treasury -> float/linkaja 1000000'],
  ['swept', 'float/linkaja -> treasury 1000000'],
  ['fee', 'float/linkaja -> fees/linkaja 1000000'],
] as const)('%s moves %s', ([type, expected]) => {
  const event = { type, amount: rupiah(1_000_000), document: 'D-1' }
  expect(written(floatPostings(event, 'linkaja'))).toEqual([expected])
})

test.for([
  ['claimed', -600_000],
  ['disbursed', 0],
  ['rejected', 600_000],
  ['deferred', 600_000],
  ['returned', 600_000],
  ['surfaced', -600_000],
  ['overpaid', -600_000],
  ['recovered', 600_000],
  ['written-off', 0],
  ['cancelled', 0],
] as const)('%s changes what the lane may spend by %d', ([type, change]) => {
  const postings = postingsOf(events[type], scheme2020, 'incentive-1', 'bni')
  expect(availableChange(postings, 'bni')).toBe(change)
  expect(availableChange(postings, 'gopay')).toBe(0)
})

test('every event balances, and obligations and cash never mix', () => {
  const partner = fc.constantFrom('bni', 'gopay', 'linkaja', 'ovo')
  const found = fc.record<Found>({
    obligation: fc.constantFrom('payable', 'budget'),
    money: fc.constantFrom('float', 'overpaid'),
  })
  const isObligation = (name: string) => /^(budget|payable|in-transit|paid)\//.test(name)
  const isCash = (name: string) => /^(treasury$|(float|spent|overpaid|written-off|fees)\/)/.test(name)
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(events)),
      fc.constantFrom(...payouts),
      partner,
      found,
      (event, payout, by, where) => {
        const postings = postingsOf(event, scheme2020, payout, by, where)
        for (const { from, to } of postings) {
          expect(isObligation(from)).not.toBe(isCash(from))
          expect(isObligation(from)).toBe(isObligation(to))
        }
        const total = [...balances(postings).values()].reduce((sum, balance) => sum + balance, 0)
        expect(total).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})

test('a posting of less than nothing is a bug', () => {
  const broken = JSON.parse('{ "from": "float/bni", "to": "spent/bni", "amount": -1 }')
  expect(() => balances([broken])).toThrow(RangeError)
})
