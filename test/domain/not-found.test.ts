import { describe, expect, test } from 'vitest'
import type { UnknownCause } from '../../shared/domain/outcome.ts'
import { notFound, pending, unknown } from './examples.ts'
import { claim, type Story, told } from './story.ts'

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

  const again = { idempotencyWindowSeconds: window }
  const answeredAgain = (cause: UnknownCause) => (story: Story) => {
    story.wait(300)
    story.answer(notFound, again)
    story.settle(unknown(cause))
  }

  test.for<[string, (story: Story) => unknown]>([
    ['was pending there', (story) => story.answer(pending)],
    ['was called a duplicate there', answeredAgain('duplicate-reference')],
    ['was called inconsistent there', answeredAgain('inconsistent-request')],
  ])('never allows a resend of what %s', ([, acknowledge]) => {
    const story = lost()
    acknowledge(story)
    story.wait(300)
    expect(['unknown', 'asked']).toContain(story.answer(notFound, again))
    expect(['asked', 'nothing-new']).toContain(story.answer(notFound, again))
    expect(story.state()).toBe('unknown')
  })
})
