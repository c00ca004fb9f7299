import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { payoutStatusChanged, type StatusChange } from '../../functions/publish/event.ts'
import type { Envelope } from '../../infra/local/bus.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import { statusEvent } from '../../shared/domain/public-status.ts'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'
import { startTap } from '../support/tap.ts'

/** What a subscriber to the bus hears of payouts, and what it knows in the end. */
const heard: StatusChange[] = []
function onEvent({ source, 'detail-type': type, detail }: Envelope): void {
  if (source === statusEvent.source && type === statusEvent.type)
    heard.push(payoutStatusChanged.parse(detail))
}

const tap = await startTap()
let pipeline: Pipeline
const people: Person[] = []
/** Somebody whose certificate and account arrive now. */
function enrol(...who: Parameters<Pipeline['enrol']>): Person {
  const person = pipeline.enrol(...who)
  people.push(person)
  return person
}
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00', tap, onEvent, ownThreads: true })
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

/** Everything heard of a payout, in the order in which it was heard. */
const of = ({ id }: Person, payout: Payout = 'incentive-1') =>
  heard.filter((change) => change.participantId === id && change.payout === payout)
const statuses = (person: Person, payout?: Payout) =>
  of(person, payout).map(({ status, sequence }) => [status, sequence])
/** What is known of a payout by whoever keeps the event with the highest sequence. */
const known = (person: Person, payout?: Payout) =>
  of(person, payout).reduce((latest, change) => (change.sequence > latest.sequence ? change : latest))

test('a certificate announces all seven payouts, each as what it has come to within the window', async () => {
  const person = enrol('gopay')
  await pipeline.pass({ hours: 1 })
  expect(statuses(person)).toEqual([['paid', 2]])
  expect(known(person)).toMatchObject({ partner: 'gopay', lastFour: person.account.number.slice(-4) })
  expect(known(person, 'incentive-2')).toMatchObject({ status: 'in-process', expectedDate: '2020-10-18' })
  expect(known(person, 'survey-3')).toMatchObject({ status: 'waiting', reason: 'survey' })
  expect(payouts.every((payout) => statuses(person, payout).length > 0)).toBe(true)
})

test('who has no account is waited for, and hears of it when the money is on its way', async () => {
  const person = pipeline.newcomer('ovo')
  pipeline.publish(person.certificate())
  await pipeline.pass({ hours: 1 })
  expect(known(person)).toMatchObject({ status: 'waiting', reason: 'account' })
  pipeline.publish(person.link())
  await pipeline.pass({ hours: 1 })
  expect(statuses(person).slice(1)).toEqual([['paid', 2]])
})

test.each([
  ['a wallet that is not upgraded', '10', { status: 'action-needed', reason: 'wallet-not-upgraded' }],
  ['what is suspected of fraud', '30', { status: 'in-process', remedy: 'operator' }],
] as const)('%s is told truthfully', async (_what, behaviour, expected) => {
  const person = enrol('ovo', behaviour)
  await pipeline.pass({ hours: 6 })
  expect(await pipeline.row(person)).toMatchObject({ state: 'failed' })
  expect(known(person)).toMatchObject(expected)
  expect(known(person).reason === undefined).toBe(expected.status === 'in-process')
})

test('an outcome that nobody knows is in process for as long as it takes', async () => {
  const person = enrol('ovo', '07')
  await pipeline.pass({ days: 3 })
  expect(await pipeline.row(person)).toMatchObject({ state: 'unknown' })
  expect(known(person)).toMatchObject({ status: 'in-process', sequence: 1 })
})

describe('publish dies', () => {
  test.each([
    ['before it has read', 'instead'],
    ['after it has read', 'after'],
  ] as const)('%s what it needs: everything is told after all', async (_when, moment) => {
    const person = enrol('linkaja')
    await pipeline.pass({ minutes: 3 })
    expect(of(person)).toEqual([])
    // Paid by now, and nobody but publish has anything to read of it.
    const dead = tap.interrupt({
      at: ({ operation, input }) => operation === 'Query' && JSON.stringify(input).includes(person.id),
      moment,
      act: async () => expect(await pipeline.stack.crash('local-publish')).toBe(1),
    })
    await pipeline.pass({ hours: 1 })
    await dead.done
    expect(known(person)).toMatchObject({ status: 'paid', sequence: 2 })
    expect(payouts.every((payout) => statuses(person, payout).length > 0)).toBe(true)
  })
})

test('no event has a name or an account number', () => {
  expect(heard.length).toBeGreaterThan(40)
  const text = JSON.stringify(heard)
  for (const { account } of people)
    for (const secret of [account.holderName, account.number.slice(0, -4)]) expect(text).not.toContain(secret)
})
