import { describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { mayResend } from '../../shared/domain/not-found.ts'
import type { UnknownCause } from '../../shared/domain/outcome.ts'
import { failed, notFound, pending, unknown } from './examples.ts'
import { claim, type Story, told } from './story.ts'

describe('not found', () => {
  const window = 3_600
  const lost = () => told(claim, (each) => each.settle(unknown()))

  test.for([
    // seconds after the claim, idempotency window, lane open, what is written
    [300, window, true, 'asked'],
    [449, window, true, 'asked'],
    [450, window, true, 'resent'],
    [3_449, window, true, 'resent'],
    [3_450, window, true, 'asked'],
    [3_600, window, true, 'asked'],
    [450, 601, true, 'resent'],
    [450, 600, true, 'asked'],
    [450, 0, true, 'asked'],
    [450, window, false, 'asked'],
  ] as const)('after %d s, with a window of %d s, lane open %s: %s', ([seconds, length, laneOpen, type]) => {
    const story = lost()
    story.wait(seconds)
    expect(story.answer(notFound, { idempotencyWindowSeconds: length, laneOpen })).toBe(type)
  })

  test('is judged by when the question was put, not by when it was answered', () => {
    const story = lost()
    story.wait(449)
    const askedAt = story.now()
    story.wait(60)
    expect(story.answer(notFound, { idempotencyWindowSeconds: window, askedAt })).toBe('asked')
  })

  test('is noted when it is said first, and once more when it is said first after the settle window', () => {
    const story = lost()
    expect(story.answer(notFound)).toBe('asked')
    story.wait(449)
    const askedAt = story.now()
    expect(story.answer(notFound)).toBe('nothing-new')
    story.wait(1)
    expect(story.answer(notFound, { askedAt })).toBe('nothing-new')
    expect(story.answer(notFound)).toBe('asked')
    story.wait(86_400)
    expect(story.answer(notFound)).toBe('nothing-new')
    expect(story.entries().flatMap(({ event }) => (event.type === 'asked' ? [event.askedAt] : []))).toEqual([
      plusSeconds(askedAt, -449),
      plusSeconds(askedAt, 1),
    ])
  })

  test('is noted anew after every send', () => {
    const story = lost()
    story.wait(450)
    expect(story.answer(notFound)).toBe('asked')
    expect(story.answer(notFound, { idempotencyWindowSeconds: window })).toBe('resent')
    story.settle(unknown())
    expect(story.answer(notFound)).toBe('asked')
    story.wait(450)
    expect(story.answer(notFound)).toBe('asked')
  })

  test('that is noted allows a resend later', () => {
    const story = lost()
    expect(story.answer(notFound)).toBe('asked')
    story.wait(450)
    expect(story.answer(notFound, { idempotencyWindowSeconds: window })).toBe('resent')
  })

  test('is not sent into a window that ends before the new term does', () => {
    const story = lost()
    story.wait(500)
    const until = plusSeconds(story.now(), 100)
    const askedAt = story.now()
    story.wait(50)
    const rule = { settleWindowSeconds: 300, idempotencyWindowSeconds: 601, laneOpen: true, until }
    const [attempt] = story.situation().standing.attempts
    if (!attempt) throw new Error('nothing was claimed')
    expect(mayResend(attempt, askedAt, rule)).toBe(true)
    expect(mayResend(attempt, askedAt, { ...rule, until: plusSeconds(until, 1) })).toBe(false)
  })

  test("counts the settle window from the end of the last send's term and the other from the claim", () => {
    const story = lost()
    const again = { idempotencyWindowSeconds: 2_600 }
    story.wait(500)
    expect(story.answer(notFound, again)).toBe('resent')
    story.settle(unknown())
    story.wait(749)
    expect(story.answer(notFound, again)).toBe('asked')
    story.wait(1)
    expect(story.answer(notFound, again)).toBe('resent')
    story.wait(150)
    story.expire()
    story.wait(1_200)
    expect(story.answer(notFound, again)).toBe('asked')
    expect(story.answer(notFound, { idempotencyWindowSeconds: 2_751 })).toBe('resent')
  })

  test('is sent again after twice as long each time, and a day at most', () => {
    const story = lost()
    const again = { idempotencyWindowSeconds: 10_000_000 }
    const waits = Array.from({ length: 12 }, () => {
      let waited = 150
      story.wait(150)
      for (; story.answer(notFound, again) !== 'resent'; waited += 50) story.wait(50)
      story.settle(unknown())
      return waited - 150
    })
    expect(waits).toEqual([
      300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 76_800, 86_400, 86_400, 86_400,
    ])
  })

  test('after "failed" that was said too early is of a reference that the partner knows: it is not sent again', () => {
    const story = lost()
    expect(story.answer(failed)).toBe('pending')
    story.wait(450)
    expect(story.answer(notFound, { idempotencyWindowSeconds: window })).toBe('unknown')
    expect(story.answer(notFound, { idempotencyWindowSeconds: window })).toBe('asked')
    story.wait(86_400)
    expect(story.answer(notFound, { idempotencyWindowSeconds: 1_000_000 })).toBe('nothing-new')
  })

  const again = { idempotencyWindowSeconds: window }
  const answeredAgain = (cause: UnknownCause) => (story: Story) => {
    story.wait(450)
    expect(story.answer(notFound, again)).toBe('resent')
    story.settle(unknown(cause))
  }

  test.for<[string, (story: Story) => unknown]>([
    ['was pending there', (story) => story.answer(pending)],
    ['was called a duplicate there', answeredAgain('duplicate-reference')],
    ['was called inconsistent there', answeredAgain('inconsistent-request')],
  ])('never allows a resend of what %s', ([, acknowledge]) => {
    const story = lost()
    acknowledge(story)
    story.wait(450)
    expect(['unknown', 'asked']).toContain(story.answer(notFound, again))
    expect(['asked', 'nothing-new']).toContain(story.answer(notFound, again))
    expect(story.state()).toBe('unknown')
  })
})
