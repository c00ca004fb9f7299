import { describe, expect, it } from 'vitest'
import type { Entry, PayoutEvent } from '../../shared/domain/entry.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { at } from '../domain/examples.ts'
import { misconduct } from './conduct.ts'
import { claim, claimedAt, until } from './examples.ts'

const windows = { bni: { settleWindowSeconds: 300, idempotencyWindowSeconds: 3_600 } }
const chained = { owner: 'P-1', subject: 'incentive-1', postings: [], previousHash: '' } as const
const entry = (seq: number, when: Instant, by: string, event: PayoutEvent): Entry => ({
  ...chained,
  seq,
  at: when,
  by,
  event,
})
const sent = [
  entry(1, claimedAt, 'pay/1', claim),
  entry(2, until, 'inquire/2', { type: 'unknown', attempt: 1, cause: 'claim-term-ended', evidence: {} }),
]
const checksOf = (before: readonly Entry[], when: string, by: string, event: PayoutEvent) =>
  misconduct(before, entry(before.length + 1, at(when), by, event), windows).map(({ check }) => check)

describe('what is cancelled', () => {
  const cancelled = { type: 'cancelled', reason: 'scheme-closed' } as const
  it.each([
    ['by closing, a day before the scheme is over', 'close/1', '2021-03-05T00:00:00+07:00', ['closing']],
    ['by closing, once it is over', 'close/1', '2021-03-06T00:00:00+07:00', []],
    ['by people, whenever', 'operator/1', '2021-01-06T00:00:00+07:00', []],
  ])('%s', (_, by, when, checks) => expect(checksOf([], when, by, cancelled)).toEqual(checks))
})

describe('a claim', () => {
  it.each([
    ['2020-12-14T23:59:59+07:00', []],
    ['2020-12-15T00:59:00+07:00', []],
    ['2020-12-15T01:01:00+07:00', ['calendar']],
    ['2021-01-04T23:59:00+07:00', ['calendar']],
    ['2021-01-05T00:00:00+07:00', []],
    ['2021-03-05T23:59:00+07:00', []],
    ['2021-03-06T01:01:00+07:00', ['calendar']],
  ])('at %s', (when, checks) => expect(checksOf([], when, 'pay/1', claim)).toEqual(checks))
})

describe('an attempt is closed', () => {
  const rejected = (reason: 'failed-at-partner' | 'attested-not-paid') =>
    ({ type: 'rejected', attempt: 1, reason, evidence: {} }) as const
  const disbursed = (evidence: object) => ({ type: 'disbursed', attempt: 1, evidence }) as const
  it.each([
    ['by an answer before it is final', 'inquire/3', '00:07:00', rejected('failed-at-partner'), ['ending']],
    ['by an answer that is final', 'inquire/3', '00:07:30', rejected('failed-at-partner'), []],
    ['by a refund before it is final', 'inquire/3', '00:07:00', disbursed({ status: '04' }), ['ending']],
    [
      'by a document while it may be sent again',
      'operator/3',
      '00:59:00',
      rejected('attested-not-paid'),
      ['ending'],
    ],
    [
      'by a document for a payment, as well',
      'operator/3',
      '00:59:00',
      disbursed({ document: 'letter' }),
      ['ending'],
    ],
    ['by a document later', 'operator/3', '01:00:00', rejected('attested-not-paid'), []],
    ['by a statement, whenever', 'reconcile/3', '00:05:00', disbursed({ document: 'bni' }), []],
    ['by proof of payment, whenever', 'inquire/3', '00:05:00', disbursed({ status: '00' }), []],
  ])('%s', (_, by, time, event, checks) =>
    expect(checksOf(sent, `2020-11-10T${time}+07:00`, by, event)).toEqual(checks),
  )
})
