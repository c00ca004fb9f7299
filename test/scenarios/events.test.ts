import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Envelope } from '../../infra/local/bus.ts'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** What comes in twice, late, in the wrong order or not at all as it should. */
let pipeline: Pipeline
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

/** What a person's payouts have come to, whoever the person is. */
async function outcomeOf({ id }: Person) {
  const { rows } = await pipeline.ledger.participants.read(id)
  return rows.map(({ payout, state, partner, at }) => ({ payout, state, partner, at }))
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}

describe('a repetition', () => {
  test.each([
    ['of an event', (event: Envelope) => event],
    ['of a fact under a new event id', (event: Envelope) => ({ ...event, id: `${event.id}-again` })],
  ])('%s counts as a duplicate, at once and later, and pays nothing more', async (_what, again) => {
    const person = pipeline.newcomer('ovo')
    const events = [person.certificate(), person.link(), person.survey(1)]
    const { duplicate } = (await pipeline.figures()).events
    pipeline.publish(...events, ...events.map(again))
    await pipeline.pass({ minutes: 5 })
    pipeline.publish(...events.map(again))
    await pipeline.pass({ minutes: 5 })
    expect((await pipeline.figures()).events.duplicate).toBe(duplicate + 6)
    expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000', 'ovo survey-1 50000'])
  })

  test('of a training, under another certificate, changes nothing', async () => {
    const person = pipeline.enrol('bni')
    await pipeline.pass({ minutes: 5 })
    const before = await outcomeOf(person)
    pipeline.publish(person.certificate())
    await pipeline.pass({ minutes: 5 })
    expect(await outcomeOf(person)).toEqual(before)
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })
})

test('two certificates, a survey and an account come to the same in whatever order they arrive', async () => {
  const orders = permutations(['earlier', 'later', 'account'] as const).flatMap((order) => [
    ['survey', ...order] as const,
    [...order, 'survey'] as const,
  ])
  const people = orders.map(() => pipeline.newcomer('gopay'))
  for (const step of [0, 1, 2, 3]) {
    people.forEach((person, index) => {
      const events = {
        earlier: person.certificate({
          issuedAt: '2020-09-05T09:00:00+07:00',
          certificateId: `${person.id}-A`,
        }),
        later: person.certificate({ issuedAt: '2020-09-12T09:00:00+07:00', certificateId: `${person.id}-B` }),
        survey: person.survey(2, '2020-09-10T09:00:00+07:00'),
        account: person.link(person.account, '2020-09-11T09:00:00+07:00'),
      }
      const next = orders[index]?.[step]
      if (next) pipeline.publish(events[next])
    })
    await pipeline.pass({ minutes: 3 })
  }
  const [first, ...others] = await Promise.all(people.map(outcomeOf))
  const second = {
    payout: 'incentive-2',
    state: 'scheduled',
    partner: 'gopay',
    at: '2020-10-04T17:00:00.000Z',
  }
  expect(first).toContainEqual({ payout: 'incentive-1', state: 'paid', partner: 'gopay' })
  expect(first).toContainEqual(second)
  expect(first).toContainEqual({ payout: 'survey-2', state: 'paid', partner: 'gopay' })
  for (const other of others) expect(other).toEqual(first)
})

test('an earlier certificate that arrives late moves what is not yet paid, and only to earlier days', async () => {
  const person = pipeline.newcomer('linkaja')
  pipeline.publish(person.certificate({ issuedAt: '2020-09-18T09:00:00+07:00' }), person.link())
  await pipeline.pass({ minutes: 5 })
  expect(await pipeline.row(person, 'incentive-2')).toMatchObject({ at: '2020-10-17T17:00:00.000Z' })
  pipeline.publish(person.certificate({ issuedAt: '2020-09-03T09:00:00+07:00' }))
  await pipeline.pass({ minutes: 5 })
  expect(await pipeline.row(person, 'incentive-1')).toMatchObject({ state: 'paid' })
  expect(await pipeline.row(person, 'incentive-2')).toMatchObject({ at: '2020-10-02T17:00:00.000Z' })
  pipeline.publish(person.certificate({ issuedAt: '2020-09-10T09:00:00+07:00' }))
  await pipeline.pass({ minutes: 5 })
  expect(await pipeline.row(person, 'incentive-2')).toMatchObject({ at: '2020-10-02T17:00:00.000Z' })
})

describe('an account', () => {
  test('linked weeks after the certificate gets at once what was due meanwhile', async () => {
    const person = pipeline.newcomer('ovo')
    pipeline.publish(person.certificate({ issuedAt: '2020-08-10T09:00:00+07:00' }))
    await pipeline.pass({ hours: 5 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'waiting' })
    pipeline.publish(person.link())
    await pipeline.pass({ minutes: 5 })
    expect(pipeline.credits(person).sort()).toEqual(['ovo incentive-1 600000', 'ovo incentive-2 600000'])
  })

  test('linked instead of another one gets everything that follows', async () => {
    const person = pipeline.newcomer('gopay')
    pipeline.publish(person.certificate({ issuedAt: '2020-08-20T09:00:00+07:00' }), person.link())
    await pipeline.pass({ minutes: 5 })
    pipeline.publish(person.link(pipeline.account('bni')))
    await pipeline.until('2020-09-20T09:00:00+07:00')
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000', 'bni incentive-2 600000'])
  })

  test('that two people have linked is paid to neither, and what it got before stays', async () => {
    const early = pipeline.enrol('linkaja')
    await pipeline.pass({ minutes: 5 })
    const late = pipeline.newcomer('linkaja')
    pipeline.publish(late.certificate(), late.link(early.account), early.survey(1))
    await pipeline.pass({ minutes: 5 })
    expect(await pipeline.row(late)).toMatchObject({ state: 'held', reason: 'account-shared' })
    expect(await pipeline.row(early, 'survey-1')).toMatchObject({ state: 'held', reason: 'account-shared' })
    expect(pipeline.credits(early)).toEqual(['linkaja incentive-1 600000'])
    expect(pipeline.credits(late)).toEqual([])
  })
})

describe('quarantined, with the reason and without effect, is', () => {
  /** The person's rows, and why the last event was refused. */
  async function refusal({ id }: Person) {
    await pipeline.pass({ minutes: 2 })
    const refused = await pipeline.ledger.quarantine.list(1_000)
    const last = refused.toSorted((one, other) => (one.at < other.at ? -1 : 1)).at(-1)
    const { rows } = await pipeline.ledger.participants.read(id)
    return { rows, reason: last?.reason, detail: last?.detail }
  }

  test.each([
    ['a line that is no JSON', () => 'this is not an event'],
    ['an event without a detail', () => '{"detail-type":"CertificateIssued","detail":null}'],
    ['a list', () => '[1, 2]'],
  ])('%s', async (_what, body) => {
    const person = pipeline.newcomer('ovo')
    pipeline.deliver(body())
    expect(await refusal(person)).toMatchObject({ rows: [], reason: 'malformed' })
  })

  test('a certificate with a field of the wrong form; what it says is named, what it holds is not', async () => {
    const person = pipeline.newcomer('ovo')
    pipeline.publish(person.certificate({ issuedAt: 'last Tuesday' }))
    const { rows, reason, detail } = await refusal(person)
    expect({ rows, reason }).toEqual({ rows: [], reason: 'malformed' })
    expect(detail).toContain('issuedAt')
    expect(detail).not.toContain('Tuesday')
  })

  test('a certificate of a platform that was no partner in the wave', async () => {
    const person = pipeline.newcomer('ovo')
    pipeline.publish(person.certificate({ platform: 'ruangguru', wave: 5 }))
    expect(await refusal(person)).toMatchObject({ rows: [], reason: 'platform_not_partner_in_wave' })
  })

  test('a certificate of another wave than the first one', async () => {
    const person = pipeline.newcomer('ovo')
    pipeline.publish(person.certificate())
    await pipeline.pass({ minutes: 2 })
    pipeline.publish(person.certificate({ wave: 5 }))
    const { rows, reason } = await refusal(person)
    expect(reason).toBe('wave_conflict')
    expect(rows.map(({ wave }) => wave)).toEqual(rows.map(() => 4))
  })

  test('a certificate that another account has published', async () => {
    const person = pipeline.newcomer('ovo')
    pipeline.publish({ ...person.certificate(), account: '123456789012' })
    expect(await refusal(person)).toMatchObject({ rows: [], reason: 'wrong_publisher' })
  })
})
