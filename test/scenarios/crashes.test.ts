import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'
import { entry, type Interruption, putOf, row, startTap } from '../support/tap.ts'

/** Machines that die at the worst moment: nothing is lost by it, and nothing is paid twice. */
const tap = await startTap()
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00', tap, ownThreads: true })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

/** Kills a function's machine at one request. */
const crash = (name: string, moment: Interruption['moment'], at: Interruption['at']) =>
  tap.interrupt({
    at,
    moment,
    act: async () => expect(await pipeline.stack.crash(`local-${name}`)).toBe(1),
  })

const inFlight = (partner: PartnerName) => pipeline.stack.queueDepths()[`local-pay-${partner}`]?.inFlight ?? 0

describe('a pay worker dies', () => {
  test('before its claim is written: the payout is paid as if nothing had been', async () => {
    const person = pipeline.enrol('gopay')
    const dead = crash('pay-gopay', 'instead', entry(person, 'claimed'))
    await pipeline.pass({ minutes: 2 })
    expect(dead.reached()).toBe(true)
    await pipeline.pass({ minutes: 12 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })

  test('between claim and call: the partner knows nothing, and gopay gets the same request again', async () => {
    const person = pipeline.enrol('gopay')
    const dead = crash('pay-gopay', 'after', entry(person, 'claimed'))
    await pipeline.pass({ minutes: 2 })
    expect(dead.reached()).toBe(true)
    expect(await pipeline.story(person)).toEqual(['claimed'])
    expect(inFlight('gopay')).toBe(1)
    await pipeline.pass({ minutes: 12 })
    expect(inFlight('gopay')).toBe(0)
    expect(pipeline.credits(person)).toEqual([])
    await pipeline.pass({ hours: 2 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'asked', 'resent', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })

  test('between claim and call, and the second send is refused: only the status that the partner gives ends it', async () => {
    const person = pipeline.enrol('gopay', '13')
    const dead = crash('pay-gopay', 'after', entry(person, 'claimed'))
    await pipeline.pass({ hours: 6 })
    expect(dead.reached()).toBe(true)
    const story = ['claimed', 'unknown', 'asked', 'resent', 'unknown', 'pending', 'rejected']
    expect(await pipeline.story(person)).toEqual(story)
    expect(await pipeline.row(person)).toMatchObject({ state: 'failed', reason: 'failed-at-partner' })
    expect(pipeline.credits(person)).toEqual([])
  })

  test('between claim and call at ovo: it is not known, so nothing is sent again', async () => {
    const person = pipeline.enrol('ovo')
    const dead = crash('pay-ovo', 'after', entry(person, 'claimed'))
    await pipeline.pass({ days: 1 })
    expect(dead.reached()).toBe(true)
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'asked', 'asked'])
    expect(pipeline.credits(person)).toEqual([])
  })

  test('during the call, after the partner has paid: the payment is found by asking', async () => {
    const person = pipeline.enrol('linkaja')
    let killed = 0
    pipeline.partner('linkaja').onTransfer(async ({ moment }) => {
      if (moment === 'after-booking') killed += await pipeline.stack.crash('local-pay-linkaja')
    })
    await pipeline.pass({ hours: 1 })
    pipeline.partner('linkaja').onTransfer(undefined)
    expect(killed).toBe(1)
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000'])
  })

  test('between call and settle: the payment is found by asking', async () => {
    const person = pipeline.enrol('bni')
    const dead = crash('pay-bni', 'instead', entry(person, 'disbursed'))
    await pipeline.pass({ minutes: 2 })
    expect(dead.reached()).toBe(true)
    expect(await pipeline.story(person)).toEqual(['claimed'])
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
    await pipeline.pass({ hours: 1 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'unknown', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })

  test('between entry and projection: the next wake-up writes the row, and nothing else', async () => {
    const person = pipeline.enrol('gopay')
    const dead = crash('pay-gopay', 'after', entry(person, 'disbursed'))
    await pipeline.pass({ minutes: 1 })
    expect(dead.reached()).toBe(true)
    expect(await pipeline.row(person)).toMatchObject({ state: 'scheduled' })
    await pipeline.pass({ minutes: 2 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'paid' })
    await pipeline.pass({ minutes: 12 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })

  test.each([
    ['an attempt in progress that is cancelled later', '21', 'pending'],
    ['a rejection', '10', 'failed'],
  ] as const)(
    'after %s, before it ends its permit: the float comes back once',
    async (_what, behaviour, state) => {
      const person = pipeline.enrol('ovo', behaviour)
      const dead = crash('pay-ovo', 'after', row(person, state))
      await pipeline.pass({ days: 3 })
      expect(dead.reached()).toBe(true)
      const left = Object.keys((await pipeline.ledger.lanes.read('ovo')).permits)
      const next = pipeline.enrol('ovo')
      await pipeline.pass({ minutes: 10 })
      expect(pipeline.credits(next)).toEqual(['ovo incentive-1 600000'])
      const { permits } = await pipeline.ledger.lanes.read('ovo')
      expect(Object.keys(permits).filter((permit) => left.includes(permit))).toEqual([])
    },
  )
})

test('inquire dies between the entry of a resend and its call: it is sent once more, and paid once', async () => {
  const person = pipeline.enrol('gopay', '07')
  const dead = crash('inquire-gopay', 'after', entry(person, 'resent'))
  await pipeline.pass({ hours: 12 })
  expect(dead.reached()).toBe(true)
  const story = await pipeline.story(person)
  expect(story.filter((type) => type === 'resent')).toHaveLength(2)
  expect(story.at(-1)).toBe('disbursed')
  expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
})

test('intake dies between a fact and its effect: the event comes back and takes effect', async () => {
  const person = pipeline.enrol('linkaja')
  await pipeline.pass({ minutes: 5 })
  pipeline.publish(person.survey(1))
  const dead = crash('intake', 'after', (passing) => putOf(passing)?.sk === 'SURVEY#1')
  await pipeline.pass({ minutes: 1 })
  expect(dead.reached()).toBe(true)
  expect(await pipeline.row(person, 'survey-1')).toMatchObject({ state: 'waiting' })
  await pipeline.pass({ minutes: 10 })
  expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000', 'linkaja survey-1 50000'])
})
