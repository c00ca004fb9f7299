import { describe, expect, test } from 'vitest'
import { type deferralReasons, type RejectionReason, rejectionRemedy } from '../../shared/domain/outcome.ts'
import { attemptsMax } from '../../shared/domain/reference.ts'
import { at, deferred, failed, notFound, paid, rejected, unknown } from './examples.ts'
import { claim, claimOf, createStory, rejectedOnce, relink, retry, type Story, told } from './story.ts'

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
    story.wait(450)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 3_600 })).toBe('resent')
    expect(story.settle(rejected())).toBe('unknown')
    expect(story.entries().at(-1)?.event).toMatchObject({ cause: 'rejected-after-resend' })
    expect(story.finalAnswer(failed)).toBe('rejected')
  })

  test('of a first send that comes after the second is overtaken', () => {
    const story = told(claim, (each) => each.settle(unknown()))
    story.wait(450)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 3_600 })).toBe('resent')
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

describe('a claim', () => {
  test('made of a reading before another attempt is not made', () => {
    const story = createStory()
    const stale = claimOf(story.situation(), story.now())
    rejectedOnce(story)
    expect(story.tell({ command: 'claim', claim: stale })).toBe('overtaken')
    story.retry()
    expect(story.tell({ command: 'claim', claim: stale })).toBe('overtaken')
  })

  test('for an account that was replaced is not made', () => {
    const story = createStory()
    const stale = claimOf(story.situation(), story.now())
    relink(story, '2')
    expect(story.tell({ command: 'claim', claim: stale })).toBe('overtaken')
    expect(story.claim()).toBe('claimed')
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
})
