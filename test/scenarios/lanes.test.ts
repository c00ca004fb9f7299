import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Control } from '../../shared/domain/permit.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'
import { entry, startTap } from '../support/tap.ts'

/** What a lane lets through: at most so much, nothing at all, never the same payout twice. */
const bniRatePerSecond = 0.1
/** What may start at once at such a rate. */
const bucket = 3

const tap = await startTap()
let pipeline: Pipeline
beforeAll(async () => {
  const rates = { bni: bniRatePerSecond }
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00', rates, concurrency: 2, tap })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

/** The virtual times, in epoch milliseconds, of the transfers that have reached a partner since. */
function watchTransfers(partner: PartnerName): number[] {
  const times: number[] = []
  pipeline.partner(partner).onTransfer(({ moment }) => {
    if (moment === 'before-booking') times.push(pipeline.stack.clock.now())
  })
  return times
}

const setPaused = (partner: PartnerName, paused: Control['paused']) =>
  changeControl(pipeline.ledger.lanes, partner, (control) => ({
    control: { ...control, version: control.version + 1, paused },
  }))

test('a partner gets no more requests than its rate allows, and in the end all of them', async () => {
  const people = Array.from({ length: 20 }, () => pipeline.enrol('bni'))
  const times = watchTransfers('bni')
  const start = pipeline.stack.clock.now()
  await pipeline.pass({ minutes: 40 })
  for (const person of people) expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  expect(times).toHaveLength(20)
  times.forEach((time, index) => {
    // One question about the account, one transfer.
    const requests = 2 * (index + 1)
    expect(requests).toBeLessThanOrEqual(bucket + bniRatePerSecond * ((time - start) / 1000))
  })
})

describe('a lane that an operator has paused', () => {
  const pause = () => ({ reason: 'operator', since: pipeline.now(), by: 'ops/ani' }) as const

  test('sends nothing and sends nothing again, but goes on asking', async () => {
    const unknown = pipeline.enrol('gopay', '07')
    await pipeline.pass({ minutes: 2 })
    await setPaused('gopay', { incentive: pause(), survey: pause() })
    const times = watchTransfers('gopay')
    const waiting = pipeline.enrol('gopay')
    const found = pipeline.enrol('ovo', '03')
    await pipeline.pass({ hours: 8 })
    expect(times).toEqual([])
    expect(await pipeline.story(waiting)).toEqual([])
    expect(await pipeline.story(unknown)).toEqual(['claimed', 'unknown', 'asked', 'asked'])
    expect((await pipeline.row(unknown)).inquiries).toBeGreaterThan(3)
    expect(pipeline.credits(found)).toEqual(['ovo incentive-1 600000'])

    await setPaused('gopay', {})
    await pipeline.pass({ days: 1 })
    expect(pipeline.credits(waiting)).toEqual(['gopay incentive-1 600000'])
    expect(pipeline.credits(unknown)).toEqual(['gopay incentive-1 600000'])
  })

  test('for incentives only goes on paying surveys', async () => {
    await setPaused('linkaja', { incentive: pause() })
    const person = pipeline.enrol('linkaja')
    pipeline.publish(person.survey(1))
    await pipeline.pass({ minutes: 10 })
    expect(pipeline.credits(person)).toEqual(['linkaja survey-1 50000'])
    await setPaused('linkaja', {})
    await pipeline.pass({ hours: 1 })
    expect(pipeline.credits(person)).toEqual(['linkaja survey-1 50000', 'linkaja incentive-1 600000'])
  })
})

test('messages that cannot be digested end in the dead-letter queue, alone', async () => {
  const people = Array.from({ length: 3 }, () => pipeline.enrol('linkaja'))
  const nobody = JSON.stringify({ participantId: 'P-NOBODY', payout: 'incentive-1' })
  for (const body of ['no JSON', '{"participantId":"P-1"}', nobody]) {
    pipeline.stack.send('local-pay-linkaja', body)
  }
  await pipeline.pass({ hours: 2 })
  const depths = pipeline.stack.queueDepths()
  expect(depths['local-pay-linkaja-dlq']).toMatchObject({ visible: 3 })
  expect(depths['local-pay-linkaja']).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
  for (const person of people) expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000'])
  const failures = pipeline.failures()
  expect(failures).toHaveLength(3 * 5)
  expect(failures.join()).not.toContain('no JSON')
})

describe('two workers that are woken for the same payout', () => {
  const wake = (id: string, times: number) => {
    for (let count = 0; count < times; count++)
      pipeline.stack.send('local-pay-ovo', JSON.stringify({ participantId: id, payout: 'incentive-1' }))
  }

  test('and want to claim it at the same moment pay it once', async () => {
    const person = pipeline.enrol('ovo')
    await pipeline.pass({})
    const claims = { at: entry(person, 'claimed') }
    const second = tap.interrupt({ ...claims, moment: 'after', act: () => undefined })
    const first = tap.interrupt({ ...claims, moment: 'before', act: () => second.done })
    // More than a batch, so that both workers have one.
    wake(person.id, 12)
    await pipeline.pass({ minutes: 5 })
    expect(first.reached()).toBe(true)
    expect(await pipeline.story(person)).toEqual(['claimed', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000'])
  })

  test('again and again pay it once', async () => {
    const person = pipeline.enrol('ovo')
    await pipeline.pass({})
    wake(person.id, 30)
    await pipeline.pass({ minutes: 5 })
    expect(await pipeline.story(person)).toEqual(['claimed', 'disbursed'])
    expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000'])
  })
})
