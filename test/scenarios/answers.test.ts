import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** What partners answer, what they do not, and what comes of it. */
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

describe('a payment whose answer is lost', () => {
  test.each([
    ['because the connection is cut', 'gopay', '03'],
    ['because the partner hangs beyond our deadline', 'linkaja', '31'],
    ['and whose status cannot be had at first', 'ovo', '37'],
  ] as const)('%s is found by asking, and not sent again', async (_why, partner, behaviour) => {
    const person = pipeline.enrol(partner, behaviour)
    await pipeline.pass({ hours: 2 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'disbursed'])
    expect(pipeline.credits(person)).toEqual([`${partner} incentive-1 600000`])
  })
})

describe('a payment in progress', () => {
  test.each([
    ['an hour', '01', { minutes: 58 }, { hours: 6 }],
    ['three days', '02', { hours: 71 }, { hours: 48 }],
  ] as const)('is pending for %s, then paid', async (_time, behaviour, meanwhile, rest) => {
    const person = pipeline.enrol('bni', behaviour)
    await pipeline.pass(meanwhile)
    expect(await pipeline.row(person)).toMatchObject({ state: 'pending' })
    await pipeline.pass(rest)
    expect(await pipeline.story(person)).toEqual(['claimed', 'pending', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })

  test('whose money comes back the next day is returned, and waits for an operator', async () => {
    const person = pipeline.enrol('linkaja', '20')
    await pipeline.pass({ days: 3 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'pending', 'disbursed', 'returned'])
    expect(await pipeline.row(person)).toMatchObject({ state: 'returned' })
    expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000', 'linkaja incentive-1 -600000'])
  })
})

describe('a payment that the partner does not find', () => {
  test.each([
    ['was lost on the way', '07'],
    ['was forgotten', '05'],
  ] as const)('because it %s is sent again under the same reference at gopay', async (_why, behaviour) => {
    const person = pipeline.enrol('gopay', behaviour)
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'asked'])
    await pipeline.pass({ hours: 2 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'asked', 'resent', 'disbursed'])
    expect(await pipeline.attempts(person)).toMatchObject([{ sends: 2, status: 'paid' }])
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })

  test('is never sent again at ovo, which has published no window: it stays unknown and is asked daily', async () => {
    const person = pipeline.enrol('ovo', '07')
    await pipeline.pass({ days: 3 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'asked', 'asked'])
    const { at, inquiries } = await pipeline.row(person)
    await pipeline.pass({ days: 2 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'unknown', inquiries: (inquiries ?? 0) + 2 })
    expect(at?.slice(11)).toBe('23:00:00.000Z')
    expect(pipeline.credits(person)).toEqual([])
  })

  test('for a while, and then has paid after all, is found by asking before it would be sent again', async () => {
    const person = pipeline.enrol('gopay', '29')
    await pipeline.pass({ hours: 3 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'asked', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })
})

test('a partner that says "too many requests" twice is tried later, and pays at the third attempt', async () => {
  const person = pipeline.enrol('ovo', '09')
  await pipeline.pass({ minutes: 1 })
  expect(await pipeline.row(person)).toMatchObject({ state: 'scheduled' })
  await pipeline.pass({ minutes: 10 })
  expect(await pipeline.attempts(person)).toMatchObject([
    { status: 'deferred' },
    { status: 'deferred' },
    { status: 'paid' },
  ])
  expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000'])
})

describe('a token', () => {
  test('that has expired since the last payment is replaced', async () => {
    const first = pipeline.enrol('linkaja')
    await pipeline.pass({ minutes: 5 })
    await pipeline.pass({ minutes: 20 })
    const second = pipeline.enrol('linkaja')
    await pipeline.pass({ minutes: 5 })
    expect(await pipeline.story(first)).toEqual(['claimed', 'disbursed'])
    expect(await pipeline.story(second)).toEqual(['claimed', 'disbursed'])
  })

  test('that is revoked in the middle of a batch is replaced, and the payment is still the first send', async () => {
    const people = Array.from({ length: 4 }, () => pipeline.enrol('bni'))
    let transfers = 0
    pipeline.partner('bni').onTransfer(({ moment }) => {
      if (moment === 'after-booking' && ++transfers === 2) pipeline.partner('bni').revokeTokens()
    })
    await pipeline.pass({ minutes: 5 })
    pipeline.partner('bni').onTransfer(undefined)
    expect(transfers).toBe(4)
    for (const person of people) {
      expect(await pipeline.attempts(person)).toMatchObject([{ sends: 1, status: 'paid' }])
      expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
    }
  })
})
