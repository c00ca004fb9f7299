import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** The end of the year, and the end of the scheme. */
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-12-03T08:00:00+07:00', shards: 2 })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

/** Somebody with an account and a certificate of that day. */
function certified(day: string, partner: 'bni' | 'gopay' | 'linkaja' | 'ovo' = 'gopay') {
  const person = pipeline.newcomer(partner)
  pipeline.publish(person.certificate({ issuedAt: `${day}T07:00:00+07:00` }), person.link())
  return person
}

const dayOf = (time = 'never') => time.slice(0, 10)

test('around the turn of the year payouts leave early or late, and none within the blackout', async () => {
  const early = ['2020-11-15', '2020-11-20', '2020-11-30'].flatMap((day) => [
    certified(day),
    certified(day),
    certified(day),
  ])
  const late = ['2020-12-01', '2020-12-02', '2020-12-03'].map((day) => certified(day))
  await pipeline.until('2020-12-14T23:50:00+07:00')
  for (const person of early) {
    const day = dayOf(pipeline.paidAt(person)['incentive-2'])
    expect(day >= '2020-12-07' && day <= '2020-12-14', day).toBe(true)
  }
  const days = new Set(early.map((person) => dayOf(pipeline.paidAt(person)['incentive-2'])))
  expect([...days].sort()).toEqual(['2020-12-07', '2020-12-11'])

  const unknown = pipeline.enrol('gopay', '07')
  await pipeline.pass({ minutes: 5 })
  expect(await pipeline.row(unknown)).toMatchObject({ state: 'unknown' })
  await pipeline.until('2020-12-20T10:00:00+07:00')
  const during = certified('2020-12-10')
  for (const person of late) pipeline.publish(person.survey(1))
  await pipeline.until('2021-01-04T23:59:00+07:00')
  expect(pipeline.credits(during)).toEqual([])
  expect(pipeline.credits(unknown)).toEqual([])

  await pipeline.until('2021-01-05T12:00:00+07:00')
  expect(dayOf(pipeline.paidAt(during)['incentive-1'])).toBe('2021-01-05')
  expect(dayOf(pipeline.paidAt(unknown)['incentive-1'])).toBe('2021-01-05')
  for (const person of late) {
    expect(dayOf(pipeline.paidAt(person)['incentive-2'])).toBe('2021-01-05')
    expect(dayOf(pipeline.paidAt(person)['survey-1'])).toBe('2021-01-05')
  }
})

test('the scheme pays what is due on its last day, closes on the next, and later what was then still open', async () => {
  const regular = certified('2020-12-10', 'linkaja')
  const refused = pipeline.newcomer('ovo', '10')
  pipeline.publish(refused.certificate({ issuedAt: '2020-12-10T07:00:00+07:00' }), refused.link())
  const open = pipeline.newcomer('bni', '21')
  pipeline.publish(open.certificate({ issuedAt: '2020-12-10T07:00:00+07:00' }))
  const [holder, sharer] = [certified('2020-12-10', 'bni'), pipeline.newcomer('bni')]
  pipeline.publish(sharer.certificate({ issuedAt: '2020-12-10T07:00:00+07:00' }), sharer.link(holder.account))
  const unlinked = pipeline.newcomer('ovo')
  pipeline.publish(unlinked.certificate({ issuedAt: '2020-12-10T07:00:00+07:00' }))
  await pipeline.until('2021-03-03T23:00:00+07:00')
  pipeline.publish(open.link())
  await pipeline.until('2021-03-05T23:10:00+07:00')
  expect(dayOf(pipeline.paidAt(regular)['incentive-4'])).toBe('2021-03-05')
  pipeline.publish(open.survey(1), unlinked.link())

  await pipeline.until('2021-03-06T00:10:00+07:00')
  expect(await pipeline.row(regular, 'survey-1')).toMatchObject({
    state: 'cancelled',
    reason: 'scheme-closed',
  })
  expect(await pipeline.row(refused)).toMatchObject({ state: 'cancelled' })
  expect(await pipeline.row(unlinked)).toMatchObject({ state: 'cancelled' })
  expect(await pipeline.row(open, 'survey-1')).toMatchObject({ state: 'pending' })
  expect(await pipeline.row(sharer)).toMatchObject({ state: 'held' })

  await pipeline.until('2021-03-06T12:00:00+07:00')
  expect(await pipeline.row(open, 'survey-1')).toMatchObject({ state: 'failed' })
  await pipeline.until('2021-03-07T01:00:00+07:00')
  expect(await pipeline.row(open, 'survey-1')).toMatchObject({ state: 'cancelled' })
  expect(await pipeline.row(sharer)).toMatchObject({ state: 'held' })
  expect(pipeline.credits(unlinked)).toEqual([])
})
