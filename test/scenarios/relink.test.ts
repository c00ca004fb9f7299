import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** Another account, while or after an attempt at the first one. */
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

describe('after a rejection', () => {
  test('of the transfer, the new account gets the second attempt', async () => {
    const person = pipeline.enrol('ovo', '10')
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.row(person)).toMatchObject({
      state: 'failed',
      reason: 'wallet-not-upgraded',
      remedy: 'participant',
    })
    pipeline.publish(person.link(pipeline.account('bni')))
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.attempts(person)).toMatchObject([
      { claim: { attempt: 1, partner: 'ovo' }, status: 'rejected' },
      { claim: { attempt: 2, partner: 'bni' }, status: 'paid' },
    ])
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })

  test('of the account itself, the new account gets the first attempt', async () => {
    const person = pipeline.enrol('gopay', '14')
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.story(person)).toEqual(['refused'])
    expect(await pipeline.row(person)).toMatchObject({ state: 'failed', reason: 'account-unknown' })
    pipeline.publish(person.link(pipeline.account('linkaja')))
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.story(person)).toEqual(['refused', 'claimed', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000'])
  })

  test('of one payout, every later payout of the refused account fails without a call', async () => {
    const person = pipeline.enrol('bni', '15')
    pipeline.publish(person.survey(1), person.survey(2))
    await pipeline.pass({ minutes: 10 })
    for (const payout of ['incentive-1', 'survey-1', 'survey-2'] as const)
      expect(await pipeline.row(person, payout)).toMatchObject({ state: 'failed', reason: 'name-mismatch' })
    expect(pipeline.credits(person)).toEqual([])
  })
})

describe('during an outcome that is not known', () => {
  test.each([
    ['and that was paid', '08', ['gopay incentive-1 600000']],
    ['and that gopay can be asked again', '07', ['gopay incentive-1 600000']],
  ] as const)('%s, the attempt stays where it is', async (_what, behaviour, credits) => {
    const person = pipeline.enrol('gopay', behaviour)
    await pipeline.pass({ minutes: 3 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'unknown' })
    pipeline.publish(person.link(pipeline.account('ovo')))
    await pipeline.pass({ hours: 3 })
    expect(await pipeline.attempts(person)).toMatchObject([{ claim: { partner: 'gopay' }, status: 'paid' }])
    expect(pipeline.credits(person)).toEqual(credits)
  })

  test('and that failed, the new account gets the second attempt', async () => {
    const person = pipeline.enrol('gopay', '21')
    await pipeline.pass({ minutes: 3 })
    pipeline.publish(person.link(pipeline.account('ovo')))
    await pipeline.pass({ days: 1, hours: 3 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'pending', 'rejected', 'claimed', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000'])
  })
})

test('a payment that is called failed too early is not made to the new account as well', async () => {
  const person = pipeline.enrol('gopay', '49')
  await pipeline.pass({ minutes: 1 })
  pipeline.publish(person.link(pipeline.account('ovo')))
  await pipeline.pass({ hours: 3 })
  expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'pending', 'disbursed'])
  expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
})

test('a payment that turns out paid after it had been proven failed surfaces, and is not made again', async () => {
  const person = pipeline.enrol('linkaja', '22')
  await pipeline.pass({ hours: 6 })
  expect(await pipeline.row(person)).toMatchObject({ state: 'failed', reason: 'failed-at-partner' })
  await pipeline.pass({ days: 2 })
  pipeline.publish(person.link(pipeline.account('linkaja')))
  await pipeline.pass({ minutes: 10 })
  expect(await pipeline.story(person)).toEqual(['claimed', 'pending', 'rejected', 'surfaced'])
  expect(await pipeline.row(person)).toMatchObject({ state: 'paid', attempt: 1 })
  expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000'])
})
