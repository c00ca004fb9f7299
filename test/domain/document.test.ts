import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import { isBeyondSending } from '../../shared/domain/document.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { mayResend } from '../../shared/domain/not-found.ts'
import { failed, notFound, paid, pending, rejected, unknown } from './examples.ts'
import { claim, type Story, told } from './story.ts'

const unknownOnce = () => told(claim, (story) => story.settle(unknown()))

describe('an attempt of which nothing is known', () => {
  // The claim's term is 150 s, the settle window 300 s.
  test.for<readonly [number, number, string]>([
    [0, 0, 'too-early'],
    [449, 0, 'too-early'],
    [450, 0, 'rejected'],
    [450, 450, 'rejected'],
    [450, 451, 'too-early'],
    [86_399, 86_400, 'too-early'],
    [86_400, 86_400, 'rejected'],
  ])(
    '%i s after its claim, where references are known for %i s, is attested: %s',
    ([waited, window, told]) => {
      for (const outcome of ['paid', 'not-paid'] as const) {
        const story = unknownOnce()
        story.wait(waited)
        const attested = story.attest(outcome, { idempotencyWindowSeconds: window })
        expect(attested).toBe(outcome === 'paid' && told === 'rejected' ? 'disbursed' : told)
      }
    },
  )

  test('is settled with the document as evidence, and its money is where the document says', () => {
    const paidOnce = unknownOnce()
    paidOnce.wait(450)
    expect(paidOnce.attest('paid')).toBe('disbursed')
    expect(paidOnce.entries().at(-1)?.event).toMatchObject({ evidence: { document: 'BNI-17' } })
    expect(paidOnce.statuses()).toEqual(['paid'])

    const unpaid = unknownOnce()
    unpaid.wait(450)
    expect(unpaid.attest('not-paid')).toBe('rejected')
    expect(unpaid.entries().at(-1)).toMatchObject({
      event: { reason: 'attested-not-paid', evidence: { document: 'BNI-17' } },
      postings: [{ from: expect.stringContaining('in-transit/'), to: expect.stringContaining('payable/') }],
    })
    expect(unpaid.situation().state).toMatchObject({
      state: 'failed',
      reason: 'attested-not-paid',
      remedy: 'operator',
    })
  })

  test('counts its windows from its last send on', () => {
    const story = unknownOnce()
    story.wait(450)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 3_600 })).toBe('resent')
    expect(story.attest('not-paid')).toBe('not-allowed')
    story.settle(unknown())
    story.wait(449)
    expect(story.attest('not-paid')).toBe('too-early')
    story.wait(1)
    expect(story.attest('not-paid', { idempotencyWindowSeconds: 3_600 })).toBe('too-early')
    story.wait(2_700)
    expect(story.attest('not-paid', { idempotencyWindowSeconds: 3_600 })).toBe('rejected')
  })

  test('is never sent again once it was attested, and is sent anew only when people say so', () => {
    const story = unknownOnce()
    story.wait(450)
    story.attest('not-paid')
    expect(story.answer(notFound, { idempotencyWindowSeconds: 86_400 })).toBe('attempt-closed')
    expect(story.settle(pending)).toBe('attempt-closed')
    expect(story.claim()).toBe('overtaken')
    expect(story.retry()).toBe('retried')
    expect(story.claim()).toBe('claimed')
  })

  test('that paid all the same surfaces, or is overpaid, and never vanishes', () => {
    const early = unknownOnce()
    early.wait(450)
    early.attest('not-paid')
    expect(early.answer(paid)).toBe('surfaced')

    const late = unknownOnce()
    late.wait(450)
    late.attest('not-paid')
    late.retry()
    late.claim()
    expect(late.answer(paid, { attempt: 1 })).toBe('overpaid')
  })
})

test('no attempt may be both sent again and attested at any moment', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 7_200 }),
      fc.nat({ max: 1_800 }),
      fc.nat({ max: 7_200 }),
      (waited, settle, window) => {
        const story = unknownOnce()
        story.wait(waited)
        const [attempt] = story.situation().standing.attempts
        if (!attempt) throw new Error('no attempt')
        const windows = { settleWindowSeconds: settle, idempotencyWindowSeconds: window }
        const rule = { ...windows, laneOpen: true, until: plusSeconds(story.now(), claimTermSeconds) }
        const both = mayResend(attempt, story.now(), rule) && isBeyondSending(attempt, story.now(), windows)
        expect(both).toBe(false)
      },
    ),
  )
})

describe('what was paid twice', () => {
  /** The first attempt, rejected, has paid after all while the second was under way. */
  const overpaid = (...steps: ((story: Story) => unknown)[]) =>
    told(
      claim,
      (story) => story.settle(rejected('failed-at-partner')),
      (story) => story.retry(),
      claim,
      (story) => story.settle(unknown()),
      (story) => story.settle(paid, { attempt: 1 }),
      ...steps,
    )
  const paidTwice = () => overpaid((story) => story.answer(paid))

  test.for([
    ['recovered', 'recovered', 'float/gopay'],
    ['write-off', 'written-off', 'written-off/gopay'],
  ] as const)('is closed by %s, once, with the document', ([command, type, to]) => {
    const story = paidTwice()
    expect(story.close(command, 1)).toBe(type)
    expect(story.entries().at(-1)).toMatchObject({
      event: { type, attempt: 1, evidence: { document: 'BNI-18' } },
      postings: [{ from: 'overpaid/gopay', to, amount: 600_000 }],
    })
    expect(story.state()).toBe('paid')
    expect(story.close('recovered', 1)).toBe('nothing-new')
    expect(story.close('write-off', 1)).toBe('nothing-new')
  })

  test('is not what was paid once', () => {
    expect(paidTwice().close('recovered', 2)).toBe('not-allowed')
    expect(told(claim, (story) => story.settle(paid)).close('recovered')).toBe('not-allowed')
  })

  test('is known as such only when the other attempt is decided', () => {
    const story = overpaid()
    expect(story.state()).toBe('unknown')
    expect(story.close('recovered', 1)).toBe('not-allowed')
    expect(story.finalAnswer(failed)).toBe('rejected')
    expect(story.close('recovered', 1)).toBe('not-allowed')
    expect(story.proceed()).toBe('surfaced')
  })
})
