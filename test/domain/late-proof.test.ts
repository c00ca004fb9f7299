import { describe, expect, test } from 'vitest'
import { balances } from '../../shared/domain/postings.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { cancelled, failed, notFound, paid, pending, refunded, rejected, unknown } from './examples.ts'
import { claim, rejectedOnce, relink, retry, type Story, told } from './story.ts'

const balance = (story: Story, account: string) =>
  balances(story.entries().flatMap(({ postings }) => postings)).get(account) ?? 0

describe('proof of payment that comes late', () => {
  test('for a closed attempt surfaces, and nothing is sent any more', () => {
    const story = told(rejectedOnce, retry)
    expect(story.settle(paid, { attempt: 1 })).toBe('surfaced')
    expect(story.situation().state).toMatchObject({ state: 'paid', attempt: 1 })
    expect(story.claim()).toBe('overtaken')
  })

  test('for a payout cancelled since takes the money from the budget again', () => {
    const story = told(rejectedOnce, (each) => each.cancel())
    expect(story.answer(paid)).toBe('surfaced')
    expect(story.state()).toBe('paid')
    expect(balance(story, 'budget/incentive/SK-PKP-2020-INCENTIVE')).toBe(0)
    expect(balance(story, 'spent/gopay')).toBe(600_000)
  })

  test.for<[string, (story: Story) => unknown, StateName]>([
    ['a hold, which goes on', (story) => story.hold(), 'held'],
    ['a cancellation, which it ends', (story) => story.cancel(), 'returned'],
    ['both', (story) => [story.hold(), story.cancel()], 'held'],
  ])('wins over %s: should the money come back, the payout is owed again', ([, stop, after]) => {
    const story = told(rejectedOnce, stop)
    expect(story.settle(paid)).toBe('surfaced')
    expect(story.state()).toBe('paid')
    expect(story.situation().standing).not.toHaveProperty('cancelled')
    story.write({ type: 'returned', attempt: 1, evidence: {} })
    expect(story.state()).toBe(after)
    expect(balance(story, 'payable/incentive/SK-PKP-2020-INCENTIVE')).toBe(0)
    expect(balance(story, 'budget/incentive/SK-PKP-2020-INCENTIVE')).toBe(0)
    expect(story.cancel()).toBe('cancelled')
    expect(balance(story, 'budget/incentive/SK-PKP-2020-INCENTIVE')).toBe(600_000)
  })

  test('of two attempts of a cancelled payout takes the money from the budget once', () => {
    const story = told(rejectedOnce, retry, rejectedOnce, (each) => each.cancel())
    expect(story.settle(paid, { attempt: 2 })).toBe('surfaced')
    expect(story.settle(paid, { attempt: 1 })).toBe('overpaid')
    story.write({ type: 'returned', attempt: 2, evidence: {} })
    expect(story.proceed()).toBe('surfaced')
    expect(story.situation().state).toMatchObject({ state: 'paid', attempt: 1 })
    expect(balance(story, 'budget/incentive/SK-PKP-2020-INCENTIVE')).toBe(0)
    expect(balance(story, 'paid/gopay/incentive/SK-PKP-2020-INCENTIVE')).toBe(600_000)
    expect(balance(story, 'overpaid/gopay')).toBe(0)
  })

  test('while a later attempt is open is an overpayment if that one pays, too', () => {
    const story = told(rejectedOnce, retry, claim)
    expect(story.settle(paid, { attempt: 1 })).toBe('overpaid')
    expect(story.state()).toBe('sending')
    expect(story.settle(paid)).toBe('disbursed')
    expect(story.statuses()).toEqual(['overpaid', 'paid'])
    expect(balance(story, 'overpaid/gopay')).toBe(600_000)
    expect(story.proceed()).toBe('nothing-new')
  })

  test('surfaces once the later attempt is proven unpaid', () => {
    const story = told(rejectedOnce, retry, claim)
    story.settle(paid, { attempt: 1 })
    expect(story.settle(rejected())).toBe('overtaken')
    story.wait(150)
    story.expire()
    expect(story.finalAnswer(failed)).toBe('rejected')
    expect(story.proceed()).toBe('surfaced')
    expect(story.situation().state).toMatchObject({ state: 'paid', attempt: 1 })
    expect(balance(story, 'overpaid/gopay')).toBe(0)
    expect(balance(story, 'spent/gopay')).toBe(600_000)
    expect(story.proceed()).toBe('nothing-new')
  })

  test('is remembered at the next claim if a crash came in between', () => {
    const story = told(rejectedOnce, retry, claim)
    story.settle(paid, { attempt: 1 })
    story.wait(150)
    story.expire()
    story.finalAnswer(cancelled)
    story.retry()
    expect(story.state()).toBe('scheduled')
    expect(story.claim()).toBe('surfaced')
    expect(story.state()).toBe('paid')
  })

  test('keeps a later attempt that never arrived from being sent again', () => {
    const story = told(rejectedOnce, retry, claim, (each) => each.settle(unknown()))
    story.settle(paid, { attempt: 1 })
    story.wait(450)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 86_400 })).toBe('asked')
  })

  test('surfaces, too, once the later attempt has paid and its money has come back', () => {
    const story = told(rejectedOnce, retry, claim, (each) => each.settle(unknown()))
    story.settle(paid, { attempt: 1 })
    expect(story.finalAnswer(refunded)).toBe('disbursed')
    expect(story.proceed()).toBe('returned')
    expect(story.proceed()).toBe('surfaced')
    expect(story.statuses()).toEqual(['paid', 'returned'])
    expect(balance(story, 'spent/gopay')).toBe(600_000)
  })

  test('of both attempts is one payment and one overpayment', () => {
    const story = told(rejectedOnce, retry, rejectedOnce)
    expect(story.settle(paid, { attempt: 2 })).toBe('surfaced')
    expect(story.settle(paid, { attempt: 1 })).toBe('overpaid')
    expect(story.settle(paid, { attempt: 1 })).toBe('already-settled')
    expect(story.statuses()).toEqual(['overpaid', 'paid'])
  })

  test('of an overpayment ends with its recovery or write-off', () => {
    for (const [type, rest] of [
      ['recovered', 'float/gopay'],
      ['written-off', 'written-off/gopay'],
    ] as const) {
      const story = told(rejectedOnce, retry, claim, (each) => each.settle(paid))
      story.settle(paid, { attempt: 1 })
      const before = balance(story, rest)
      story.write({ type, attempt: 1, evidence: {} })
      expect(story.situation().state).toMatchObject({ state: 'paid', attempt: 2 })
      expect(balance(story, 'overpaid/gopay')).toBe(0)
      expect(balance(story, rest)).toBe(before + 600_000)
    }
  })
})

describe('money that came back', () => {
  const cameBack = (story: Story) => {
    story.claim()
    story.settle(unknown())
    story.finalAnswer(refunded)
  }

  test('is paid first and returned by what follows', () => {
    const story = told(cameBack)
    expect(story.state()).toBe('paid')
    expect(story.proceed()).toBe('returned')
    expect(story.situation().state).toMatchObject({ state: 'returned', partner: 'gopay' })
    expect(balance(story, 'spent/gopay')).toBe(0)
    expect(story.proceed()).toBe('nothing-new')
    expect(story.retry()).toBe('retried')
    expect(story.claim()).toBe('claimed')
  })

  test('of an account replaced since is scheduled for the new one', () => {
    const story = told(claim, (each) => each.settle(unknown()))
    relink(story, '2')
    story.finalAnswer(refunded)
    expect(story.proceed()).toBe('returned')
    expect(story.situation().state).toMatchObject({ state: 'scheduled', partner: 'bni', accountVersion: '2' })
  })

  test('waits for the new account once that is linked', () => {
    const story = told(cameBack, (each) => each.proceed())
    relink(story, '2')
    expect(story.situation().state).toMatchObject({ state: 'scheduled', accountVersion: '2' })
  })
})

describe('a claim whose term has ended', () => {
  test('is unknown: a late rejection is overtaken, late proof of payment is not', () => {
    const story = told(claim)
    story.wait(150)
    expect(story.expire()).toBe('unknown')
    expect(story.settle(rejected())).toBe('overtaken')
    expect(story.settle(pending)).toBe('overtaken')
    expect(story.settle(paid)).toBe('disbursed')
  })
})
