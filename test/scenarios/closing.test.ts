import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** The last payment is on 5 March 2021; on the 6th the scheme closes. */
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2021-03-02T08:00:00+07:00' })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

const certificate = (person: Person) => person.certificate({ issuedAt: '2020-12-10T07:00:00+07:00' })
const dayOf = (time = 'never') => time.slice(0, 10)

test('what falls behind the last day is paid on it; the rest is cancelled, and what was open or held later', async () => {
  const regular = pipeline.newcomer('linkaja')
  const refused = pipeline.newcomer('ovo', '10')
  const open = pipeline.newcomer('bni', '21')
  const slow = pipeline.newcomer('gopay', '02')
  const [holder, sharer] = [pipeline.newcomer('bni'), pipeline.newcomer('bni')]
  const late = pipeline.newcomer('ovo')
  for (const person of [regular, refused, open, slow, holder, late]) pipeline.publish(certificate(person))
  for (const person of [regular, refused, open, slow, holder]) pipeline.publish(person.link())
  pipeline.publish(certificate(sharer), sharer.link(holder.account))
  await pipeline.until('2021-03-05T23:10:00+07:00')
  expect(dayOf(pipeline.paidAt(regular)['incentive-4'])).toBe('2021-03-05')
  pipeline.publish(open.survey(1), slow.survey(1), late.link())

  await pipeline.until('2021-03-06T00:10:00+07:00')
  const closed = { state: 'cancelled', reason: 'scheme-closed' }
  expect(await pipeline.row(regular, 'survey-1')).toMatchObject(closed)
  expect(await pipeline.row(refused)).toMatchObject(closed)
  expect(await pipeline.row(late)).toMatchObject(closed)
  expect(await pipeline.row(open, 'survey-1')).toMatchObject({ state: 'pending' })
  expect(await pipeline.row(slow, 'survey-1')).toMatchObject({ state: 'pending' })
  expect(await pipeline.row(sharer)).toMatchObject({ state: 'held' })
  await pipeline.promisesKept()

  await pipeline.until('2021-03-06T12:00:00+07:00')
  expect(await pipeline.row(open, 'survey-1')).toMatchObject({ state: 'failed' })
  await pipeline.until('2021-03-10T12:00:00+07:00')
  expect(await pipeline.row(open, 'survey-1')).toMatchObject(closed)
  expect(await pipeline.row(slow, 'survey-1')).toMatchObject({ state: 'paid' })
  expect(await pipeline.row(sharer)).toMatchObject({ state: 'held' })
  expect(pipeline.credits(late)).toEqual([])
})
