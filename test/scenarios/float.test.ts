import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Rupiah, rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** Money that is not there: by the partner's book, or by ours. */
const plenty = rupiah(20_000_000_000)
let pipeline: Pipeline
beforeAll(async () => {
  const floats = {
    ovo: { booked: plenty, held: rupiah(1_000_000) },
    linkaja: { booked: rupiah(100_000), held: plenty },
    gopay: { booked: plenty, held: rupiah(0) },
  }
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00', floats })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

let documents = 0
/** Books money at a partner; whether it has arrived there is another matter. */
async function fund(partner: PartnerName, amount: Rupiah): Promise<void> {
  const { name: scheme, budget } = scheme2020
  const document = `SP2D-${++documents}`
  const funding = { partner, scheme, budget, amount, document, at: pipeline.now(), by: 'finance' }
  expect(await pipeline.ledger.lanes.fund(funding)).toBe('funded')
}

test('a partner that has run out of our money pauses its lane; funding lifts it, and everyone is paid', async () => {
  const people = [pipeline.enrol('ovo'), pipeline.enrol('ovo'), pipeline.enrol('ovo')]
  let transfers = 0
  pipeline.partner('ovo').onTransfer(({ moment }) => {
    if (moment === 'before-booking') transfers += 1
  })
  await pipeline.pass({ hours: 6 })
  const { paused } = await pipeline.ledger.lanes.read('ovo')
  expect(paused).toMatchObject({ incentive: { reason: 'float-empty' }, survey: { reason: 'float-empty' } })
  expect(transfers).toBe(2)
  const stories = await Promise.all(people.map((person) => pipeline.story(person)))
  expect(stories.sort()).toEqual([[], ['claimed', 'deferred'], ['claimed', 'disbursed']])
  for (const person of people) expect((await pipeline.row(person)).state).toMatch(/scheduled|paid/)

  pipeline.partner('ovo').topUp(plenty)
  await fund('ovo', plenty)
  await pipeline.pass({ hours: 1 })
  pipeline.partner('ovo').onTransfer(undefined)
  for (const person of people) expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000'])
  expect(transfers).toBe(4)
})

test('while our own float covers no incentive, surveys go; after funding the incentive goes, too', async () => {
  const person = pipeline.enrol('linkaja')
  pipeline.publish(person.survey(1), person.survey(2))
  await pipeline.pass({ hours: 1 })
  expect(pipeline.credits(person).sort()).toEqual(['linkaja survey-1 50000', 'linkaja survey-2 50000'])
  expect(await pipeline.story(person)).toEqual([])
  expect(await pipeline.row(person)).toMatchObject({ state: 'scheduled' })
  await fund('linkaja', rupiah(600_000))
  await pipeline.pass({ hours: 1 })
  expect(pipeline.credits(person)).toContain('linkaja incentive-1 600000')
})

test('a payout deferred three times for one reason fails, and it is for operators to see why', async () => {
  const person = pipeline.enrol('gopay')
  await pipeline.pass({ hours: 1 })
  for (const times of [1, 2]) {
    expect(await pipeline.row(person)).toMatchObject({ state: 'scheduled' })
    expect(await pipeline.attempts(person)).toHaveLength(times)
    await fund('gopay', rupiah(600_000))
    await pipeline.pass({ hours: 1 })
  }
  expect(await pipeline.row(person)).toMatchObject({
    state: 'failed',
    reason: 'float-empty',
    remedy: 'operator',
  })
  await fund('gopay', rupiah(600_000))
  await pipeline.pass({ hours: 1 })
  expect(await pipeline.attempts(person)).toHaveLength(3)
})
