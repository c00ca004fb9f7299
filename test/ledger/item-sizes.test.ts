import { describe, expect, test } from 'vitest'
import type { Claim, Entry, PayoutEvent } from '../../shared/domain/entry.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { Evidence } from '../../shared/domain/outcome.ts'
import { accrualPostings, floatPostings, postingsOf } from '../../shared/domain/postings.ts'
import { attemptsMax, referenceOf } from '../../shared/domain/reference.ts'
import { lists, type PayoutRow } from '../../shared/domain/row.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { toItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { entryItem } from '../../shared/ledger/dynamodb/journal.ts'
import { keys } from '../../shared/ledger/dynamodb/keys.ts'
import { itemSize } from '../../shared/ledger/dynamodb/write-units.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { now } from './examples.ts'

/*
 * An item costs one unit up to 1,024 bytes. Rows and entries stay below 900 whatever is written into them, so that
 * neither a longer name nor one more field ever doubles the price of a payout.
 */
const sizeMax = 900

const participantId = 'P'.repeat(30)
const payout = 'incentive-4'
const partner = Object.keys(partnerConfigurations).sort((a, b) => b.length - a.length)[0] ?? ''
const amount = amountOf(scheme2020, payout)
const by = 'inquire/01234567-89ab-cdef-0123-456789abcdef'
const previousHash = '0123456789abcdef'.repeat(4)
const putId = '01234567-89ab-cdef-0123-456789abcdef'
/** What an operator may write. */
const reason = 'r'.repeat(100)

/** SNAP gives references 64 characters and X-EXTERNAL-ID 36: https://apidevportal.aspi-indonesia.or.id/ */
const evidence: Evidence = {
  code: '2001800',
  http: 200,
  referenceNo: 'R'.repeat(64),
  externalId: '9'.repeat(36),
  status: '00',
}
const claim: Claim = {
  type: 'claimed',
  attempt: attemptsMax,
  reference: referenceOf(participantId, payout, attemptsMax),
  partner,
  accountVersion: `${now}-0123abcd`,
  lastFour: '6789',
  amount,
  transactionDate: now,
  fee: rupiah(2_500),
  session: 'S'.repeat(36),
  bodyHash: previousHash,
  until: plusSeconds(now, 150),
}

const ofAttempt = { attempt: attemptsMax, evidence }
const events: readonly PayoutEvent[] = [
  claim,
  { type: 'resent', ...ofAttempt, until: now },
  { type: 'pending', ...ofAttempt },
  { type: 'unknown', ...ofAttempt, cause: 'acknowledged-then-not-found' },
  { type: 'asked', ...ofAttempt, askedAt: now },
  { type: 'disbursed', ...ofAttempt },
  { type: 'rejected', ...ofAttempt, reason: 'cancelled-at-partner' },
  { type: 'deferred', ...ofAttempt, reason: 'credentials-refused', notBefore: now },
  { type: 'refused', partner, accountVersion: claim.accountVersion, reason: 'wallet-not-upgraded', evidence },
  { type: 'returned', ...ofAttempt },
  { type: 'held', reason, accountVersion: claim.accountVersion },
  { type: 'hold-released', reason, accountVersion: claim.accountVersion },
  { type: 'retried', reason },
  { type: 'cancelled', reason },
  { type: 'surfaced', ...ofAttempt },
  { type: 'overpaid', ...ofAttempt },
  { type: 'recovered', ...ofAttempt },
  { type: 'written-off', ...ofAttempt },
]

test('the longest reference fits the remark it travels in', () => {
  expect(claim.reference.length).toBeLessThanOrEqual(50)
})

describe('an entry with the longest ids stays below 900 bytes', () => {
  test.for(events.map((event) => [event.type, event] as const))('%s', ([, event]) => {
    const postings = postingsOf(event, scheme2020, payout, partner, {
      obligation: 'payable',
      money: 'overpaid',
    })
    const entry: Entry = {
      owner: participantId,
      subject: payout,
      seq: 9_999,
      at: now,
      by,
      event,
      postings,
      previousHash,
    }
    expect(itemSize(toItem({ ...entryItem(entry), putId }))).toBeLessThan(sizeMax)
  })

  test('accrued', () => {
    const named = { platform: 'P'.repeat(40), trainingProvider: 'T'.repeat(100) }
    const event = { type: 'accrued', wave: 11, scheme: scheme2020.name, ...named } as const
    const written = { owner: participantId, subject: 'entitlement', seq: 1, at: now, by } as const
    const entry = { ...written, event, postings: accrualPostings(scheme2020), previousHash }
    expect(itemSize(toItem(entryItem(entry)))).toBeLessThan(sizeMax)
  })

  test('certified', () => {
    const named = { platform: 'P'.repeat(40), trainingProvider: 'T'.repeat(100) }
    const event = { type: 'certified', wave: 11, ...named, governs: false } as const
    const written = { owner: participantId, subject: 'entitlement', seq: 9_999, at: now, by } as const
    const entry = { ...written, event, postings: [], previousHash }
    expect(itemSize(toItem(entryItem(entry)))).toBeLessThan(sizeMax)
  })

  test('funded', () => {
    const event = { type: 'funded', amount: scheme2020.budget, document: 'D'.repeat(100) } as const
    const written = { owner: `partner#${partner}`, subject: 'float', seq: 9_999, at: now, by } as const
    const entry = { ...written, event, postings: floatPostings(event, partner), previousHash }
    expect(itemSize(toItem(entryItem(entry)))).toBeLessThan(sizeMax)
  })
})

test('a row with everything in it stays below 900 bytes', () => {
  const row: PayoutRow = {
    participantId,
    payout,
    seq: 9_999,
    facts: 9_999,
    state: 'scheduled',
    list: lists.inquire(partner, 999),
    at: now,
    wave: 11,
    since: now,
    partner,
    lastFour: '6789',
    attempt: attemptsMax,
    claimedAt: now,
    reason,
    remedy: 'participant',
    inquiries: 9_999,
  }
  expect(itemSize(toItem({ ...keys.payout(participantId, payout), ...row, putId }))).toBeLessThan(sizeMax)
})
