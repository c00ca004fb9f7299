import { afterAll, beforeAll, expect, test } from 'vitest'
import { partnerNames } from '../../infra/stages.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** Nothing is paid from 15 December to 4 January: what falls into these days leaves before or after. */
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-12-04T08:00:00+07:00', shards: 2 })
})
afterAll(() => pipeline.stop())

function certified(day: string, partner: PartnerName = 'gopay') {
  const person = pipeline.newcomer(partner)
  pipeline.publish(person.certificate({ issuedAt: `${day}T07:00:00+07:00` }), person.link())
  return person
}

const dayOf = (time = 'never') => time.slice(0, 10)

test('payouts dated 15 to 31 December are paid a week before, half of them each time', async () => {
  const people = ['2020-11-15', '2020-11-20', '2020-11-30', '2020-11-30'].map((day) => certified(day))
  await pipeline.until('2020-12-14T23:50:00+07:00')
  const days = people.map((person) => dayOf(pipeline.paidAt(person)['incentive-2']))
  expect([...new Set(days)].sort()).toEqual(['2020-12-07', '2020-12-11'])
  await pipeline.promisesKept()
})

test('payouts of the first days of January, and what becomes due meanwhile, are paid on 5 January', async () => {
  const regular = certified('2020-12-02')
  const unknown = pipeline.enrol('gopay', '07')
  await pipeline.pass({ minutes: 5 })
  expect(await pipeline.row(unknown)).toMatchObject({ state: 'unknown' })
  await pipeline.until('2020-12-20T10:00:00+07:00')
  const linkedLate = certified('2020-12-10')
  pipeline.publish(regular.survey(1))

  await pipeline.until('2021-01-04T23:59:00+07:00')
  const movements = partnerNames.flatMap((name) => pipeline.partner(name).book.movements())
  expect(movements.filter(({ at }) => at >= '2020-12-14T17:00:00.000Z')).toEqual([])
  await pipeline.promisesKept()

  await pipeline.until('2021-01-05T12:00:00+07:00')
  expect(dayOf(pipeline.paidAt(regular)['incentive-2'])).toBe('2021-01-05')
  expect(dayOf(pipeline.paidAt(regular)['survey-1'])).toBe('2021-01-05')
  expect(dayOf(pipeline.paidAt(linkedLate)['incentive-1'])).toBe('2021-01-05')
  expect(dayOf(pipeline.paidAt(unknown)['incentive-1'])).toBe('2021-01-05')
  expect(await pipeline.story(unknown)).toEqual([
    'claimed',
    'unknown',
    'asked',
    'asked',
    'resent',
    'disbursed',
  ])
  await pipeline.promisesKept()
})
