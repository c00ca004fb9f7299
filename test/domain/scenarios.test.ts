import { describe, expect, test } from 'vitest'
import { type deferralReasons, type RejectionReason, rejectionRemedy } from '../../shared/domain/outcome.ts'
import { balances } from '../../shared/domain/postings.ts'
import { attemptsMax } from '../../shared/domain/reference.ts'
import {
  account,
  at,
  cancelled,
  deferred,
  failed,
  linked,
  notFound,
  paid,
  pending,
  refunded,
  rejected,
  unknown,
  unlinked,
} from './examples.ts'
import { createStory, type Story } from './story.ts'

const relink = (story: Story, version: string, partner = 'bni') =>
  story.learn((facts) => ({
    ...facts,
    accounts: [...facts.accounts, account(version, { partner, linkedAt: story.now() })],
  }))

function told(...steps: ((story: Story) => unknown)[]): Story {
  const story = createStory()
  for (const step of steps) step(story)
  return story
}
const claim = (story: Story) => story.claim()
const retry = (story: Story) => story.retry()
const rejectedOnce = (story: Story) => {
  story.claim()
  story.settle(rejected())
}
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
    expect(story.answer(failed)).toBe('rejected')
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
    story.answer(cancelled)
    story.retry()
    expect(story.state()).toBe('scheduled')
    expect(story.claim()).toBe('surfaced')
    expect(story.state()).toBe('paid')
  })

  test('keeps a later attempt that never arrived from being sent again', () => {
    const story = told(rejectedOnce, retry, claim, (each) => each.settle(unknown()))
    story.settle(paid, { attempt: 1 })
    story.wait(300)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 86_400 })).toBe('asked')
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
    story.answer(refunded)
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
    story.answer(refunded)
    expect(story.proceed()).toBe('returned')
    expect(story.situation().state).toMatchObject({ state: 'scheduled', partner: 'bni', accountVersion: '2' })
  })

  test('waits for the new account once that is linked', () => {
    const story = told(cameBack, (each) => each.proceed())
    relink(story, '2')
    expect(story.situation().state).toMatchObject({ state: 'scheduled', accountVersion: '2' })
  })
})

describe('deferrals', () => {
  const defer = (story: Story, reason: (typeof deferralReasons)[number] = 'daily-limit') => {
    story.claim()
    return story.settle(deferred(reason))
  }

  test.for([
    ['rate-limited', 'partner'],
    ['cut-off', 'partner'],
    ['daily-limit', 'participant'],
    ['float-empty', 'operator'],
    ['credentials-refused', 'operator'],
    ['partner-suspended', 'partner'],
    ['not-connected', 'partner'],
  ] as const)('three times for %s is a failure for the %s to remedy', ([reason, remedy]) => {
    const story = createStory()
    for (const state of ['scheduled', 'scheduled', 'failed']) {
      expect(defer(story, reason)).toBe('deferred')
      expect(story.state()).toBe(state)
    }
    expect(story.situation().state).toMatchObject({ reason, remedy, partner: 'gopay' })
  })

  test('are tried again when the partner said so, and not before the payout is due', () => {
    const story = createStory()
    story.claim()
    const notBefore = at('2020-09-18T23:30:00+07:00')
    story.settle(deferred('cut-off', notBefore))
    expect(story.situation().state).toMatchObject({ state: 'scheduled', at: notBefore })
    story.claim()
    story.settle(deferred('cut-off', at('2020-09-01T00:00:00+07:00')))
    expect(story.situation().state).toMatchObject({ at: at('2020-09-18T00:00:00+07:00') })
  })

  test.for<[string, (story: Story) => unknown]>([
    ['another reason', (story) => defer(story, 'cut-off')],
    ['an account of another version', (story) => relink(story, '2', 'gopay')],
  ])('are counted from one again after %s', ([, interrupt]) => {
    const story = told(
      (each) => defer(each),
      (each) => defer(each),
      interrupt,
      (each) => defer(each),
      (each) => defer(each),
    )
    expect(story.state()).toBe('scheduled')
    defer(story)
    expect(story.state()).toBe('failed')
  })

  test("are counted from one again after an operator's retry", () => {
    const story = told(
      (each) => defer(each),
      (each) => defer(each),
      (each) => defer(each),
      retry,
    )
    expect(story.state()).toBe('scheduled')
    defer(story)
    expect(story.state()).toBe('scheduled')
  })
})

describe('a rejection', () => {
  test.for(Object.entries(rejectionRemedy))('for %s is for the %s to remedy', ([reason, remedy]) => {
    const isReason = (text: string): text is RejectionReason => text in rejectionRemedy
    const story = told(claim, (each) => isReason(reason) && each.settle(rejected(reason)))
    expect(story.situation().state).toMatchObject({ state: 'failed', reason, remedy, partner: 'gopay' })
  })

  test('of an account replaced since is scheduled for the new one', () => {
    const story = told(
      claim,
      (each) => relink(each, '2'),
      (each) => each.settle(rejected()),
    )
    expect(story.situation().state).toMatchObject({ state: 'scheduled', partner: 'bni', accountVersion: '2' })
  })

  test('is remedied by a new account', () => {
    const story = told(rejectedOnce)
    relink(story, '2')
    expect(story.state()).toBe('scheduled')
    expect(story.refuse('2')).toBe('refused')
    expect(story.situation().state).toMatchObject({ state: 'failed', reason: 'account-unknown' })
    relink(story, '3')
    expect(story.state()).toBe('scheduled')
  })

  test('that answers a second send proves nothing about the first', () => {
    const story = told(claim, (each) => each.settle(unknown()))
    story.wait(300)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 3_600 })).toBe('resent')
    expect(story.settle(rejected())).toBe('unknown')
    expect(story.entries().at(-1)?.event).toMatchObject({ cause: 'rejected-after-resend' })
    expect(story.answer(failed)).toBe('rejected')
  })

  test('of a first send that comes after the second is overtaken', () => {
    const story = told(claim, (each) => each.settle(unknown()))
    story.wait(300)
    story.answer(notFound, { idempotencyWindowSeconds: 3_600 })
    expect(story.settle(rejected(), { seq: 1 })).toBe('overtaken')
    expect(story.settle(paid, { seq: 1 })).toBe('disbursed')
  })
})

describe('an account refused before anything was sent', () => {
  test('fails the payout with the participant to remedy, without an attempt', () => {
    const story = createStory()
    expect(story.refuse()).toBe('refused')
    expect(story.situation().state).toMatchObject({ state: 'failed', remedy: 'participant' })
    expect(story.statuses()).toEqual([])
  })

  test('concerns nobody when it has been replaced meanwhile', () => {
    const story = createStory()
    relink(story, '2')
    expect(story.refuse('1')).toBe('overtaken')
    expect(story.situation().state).toMatchObject({ state: 'scheduled', accountVersion: '2' })
  })
})

describe('not found', () => {
  const window = 3_600
  const lost = () => told(claim, (each) => each.settle(unknown()))

  test.for([
    // seconds after the send, idempotency window, lane open, what is written
    [299, window, true, 'asked'],
    [300, window, true, 'resent'],
    [3_599, window, true, 'resent'],
    [3_600, window, true, 'asked'],
    [300, 300, true, 'asked'],
    [300, 0, true, 'asked'],
    [300, window, false, 'asked'],
  ] as const)('after %d s, with a window of %d s, lane open %s: %s', ([seconds, length, laneOpen, type]) => {
    const story = lost()
    story.wait(seconds)
    expect(story.answer(notFound, { idempotencyWindowSeconds: length, laneOpen })).toBe(type)
  })

  test('is judged by when the question was put, not by when it was answered', () => {
    const story = lost()
    story.wait(299)
    const askedAt = story.now()
    story.wait(60)
    expect(story.answer(notFound, { idempotencyWindowSeconds: window, askedAt })).toBe('asked')
  })

  test('is noted once and allows a resend later', () => {
    const story = lost()
    expect(story.answer(notFound)).toBe('asked')
    expect(story.answer(notFound)).toBe('nothing-new')
    story.wait(300)
    expect(story.answer(notFound, { idempotencyWindowSeconds: window })).toBe('resent')
  })

  test('counts the settle window from the last send and the other from the first', () => {
    const story = lost()
    const again = { idempotencyWindowSeconds: 1_000 }
    story.wait(400)
    expect(story.answer(notFound, again)).toBe('resent')
    story.wait(299)
    story.expire()
    expect(story.answer(notFound, again)).toBe('asked')
    story.wait(1)
    expect(story.answer(notFound, again)).toBe('resent')
    story.wait(300)
    story.expire()
    expect(story.answer(notFound, again)).toBe('asked')
  })

  test.for<[string, (story: Story) => unknown]>([
    ['was pending there', (story) => story.answer(pending)],
    ['was called a duplicate there', (story) => story.answer(notFound) && resendAndHear(story)],
  ])('never allows a resend of what %s', ([, acknowledge]) => {
    const story = lost()
    acknowledge(story)
    story.wait(300)
    const again = { idempotencyWindowSeconds: window }
    expect(['unknown', 'asked']).toContain(story.answer(notFound, again))
    expect(['asked', 'nothing-new']).toContain(story.answer(notFound, again))
    expect(story.state()).toBe('unknown')
  })

  function resendAndHear(story: Story) {
    story.wait(300)
    story.answer(notFound, { idempotencyWindowSeconds: window })
    return story.settle(unknown('duplicate-reference'))
  }
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

describe('a hold', () => {
  test('for a shared account ends with its release, for that version', () => {
    const story = createStory('survey-1', linked)
    expect(story.state()).toBe('waiting')
    story.tell({ command: 'hold', reason: 'account-shared', accountVersion: '1' })
    expect(story.situation().state).toMatchObject({ state: 'held', reason: 'account-shared', by: 'test' })
    expect(story.release('1')).toBe('hold-released')
    expect(story.situation().standing.cleared).toEqual(['1'])
    expect(story.state()).toBe('waiting')
  })

  test.for<[string, (story: Story) => unknown]>([
    ['scheduled', () => 'as it was'],
    ['failed', rejectedOnce],
    ['scheduled', (story) => rejectedOnce(story) ?? story.retry()],
  ])('hides and gives back what the payout was: %s', ([state, before]) => {
    const story = told(before)
    expect(story.state()).toBe(state)
    expect(story.hold()).toBe('held')
    expect(story.claim()).toBe('overtaken')
    expect(story.retry()).toBe('not-allowed')
    expect(story.release()).toBe('hold-released')
    expect(story.state()).toBe(state)
    expect(story.situation().standing.cleared).toEqual([])
  })

  test('does not hide an account linked meanwhile', () => {
    const story = createStory('incentive-1', unlinked)
    story.hold()
    relink(story, '1')
    story.release()
    expect(story.state()).toBe('scheduled')
  })
})

test('when its attempts are exhausted, a payout is for the operator and stays so', () => {
  const story = createStory()
  for (let attempt = 1; attempt < attemptsMax; attempt++) {
    rejectedOnce(story)
    story.retry()
  }
  rejectedOnce(story)
  expect(story.state()).toBe('failed')
  expect(story.retry()).toBe('not-allowed')
  relink(story, '2')
  expect(story.situation().state).toMatchObject({ reason: 'attempts-exhausted', remedy: 'operator' })
  expect(story.claim()).toBe('overtaken')
})
