import { afterAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import type { Pause } from '../../../shared/domain/pause.ts'
import type { Kind } from '../../../shared/domain/payout.ts'
import { lists } from '../../../shared/domain/row.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import type { Place } from '../../../shared/ledger/ports.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, funded, type Lane, shards } from '../lane.ts'
import { place, placeMany } from './places.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

/** A rate at which the lane is kept filled with six. */
const sixInTwoMinutes = 0.05
const idsOf = (places: readonly Place[]) => places.map(({ participantId }) => participantId)
const soon = (lane: Lane) => plusSeconds(lane.now(), 60)

test('what may leave is found behind however many that may not', async () => {
  const lane = await createLane(ledger)
  await placeMany(lane, 150)
  const survey = await place(lane, plusSeconds(lane.now(), -1), 'survey-1')
  await lane.changeControl({
    paused: { incentive: { reason: 'operator', since: lane.now(), by: 'ops/ANI' } },
  })
  const { messages } = await lane.release({ ratePerSecond: sixInTwoMinutes })
  expect(idsOf(messages)).toEqual([survey.participantId])
})

test('in one shard, too, a run goes on behind what the run before has sent', async () => {
  const lane = await createLane(ledger)
  await placeMany(lane, 14)
  const first = await lane.release({ ratePerSecond: sixInTwoMinutes, shards: 1 })
  const second = await lane.release({ ratePerSecond: sixInTwoMinutes, shards: 1, depth: 3 })
  expect(idsOf(first.messages)).toHaveLength(6)
  expect(idsOf(second.messages)).not.toEqual(expect.arrayContaining(idsOf(first.messages).slice(0, 1)))
})

describe('the lane is topped up to two minutes of its rate', () => {
  test.for<[depth: number, sent: number]>([
    [0, 6],
    [4, 2],
    [5, 1],
    [6, 0],
    [500, 0],
  ])('with %i messages in it, %i are sent', async ([depth, sent]) => {
    const lane = await createLane(ledger)
    const places = await placeMany(lane, 8)
    const released = await lane.release({ depth, ratePerSecond: sixInTwoMinutes })
    expect(released).toMatchObject({ sent, depth, next: soon(lane) })
    expect(idsOf(released.messages)).toEqual(idsOf(places).slice(0, sent))
  })

  test.for<[ratePerSecond: number, depth: number, delays: readonly number[]]>([
    [2, 0, [0, 0, 1, 1, 2]],
    [2, 3, [1, 2, 2, 3, 3]],
    [0.1, 1, [10, 20, 30, 40, 50]],
    [500, 499, [0, 1, 1, 1, 1]],
  ])(
    'at %d a second, behind %i others, one message after another',
    async ([ratePerSecond, depth, delays]) => {
      const lane = await createLane(ledger)
      await placeMany(lane, 5)
      expect((await lane.release({ ratePerSecond, depth })).delays).toEqual(delays)
    },
  )

  test('and never by more than five thousand', async () => {
    const lane = await createLane(ledger)
    await placeMany(lane, 3)
    expect(await lane.release({ depth: 4_998, ratePerSecond: 1_000 })).toMatchObject({ sent: 2 })
  })

  test('oldest first, over all shards, ids and nothing else', async () => {
    const lane = await createLane(ledger)
    const places = await placeMany(lane, 12)
    expect(new Set(places.map(({ shard }) => shard)).size).toBe(shards)
    const { messages } = await lane.release()
    expect(messages).toEqual(places.map(({ participantId, payout, at }) => ({ participantId, payout, at })))
  })

  test('with what is due, and then the next tick looks again', async () => {
    const lane = await createLane(ledger)
    const due = await place(lane, lane.now())
    const early = await place(lane, plusSeconds(lane.now(), 1))
    const { messages, next } = await lane.release()
    expect(idsOf(messages)).toEqual([due.participantId])
    expect(next).toBe(soon(lane))
    lane.pass(1)
    expect(idsOf((await lane.release()).messages)).toEqual([due.participantId, early.participantId])
  })

  test('and changes no payout', async () => {
    const lane = await createLane(ledger)
    await lane.participant()
    const before = await lane.stored()
    await lane.release()
    expect(await lane.stored()).toEqual(before)
  })
})

describe('a pass through the list', () => {
  test('goes on behind what it has sent while the lane is not empty', async () => {
    const lane = await createLane(ledger)
    const ids = idsOf(await placeMany(lane, 10))
    const top = async (depth: number) =>
      idsOf((await lane.release({ depth, ratePerSecond: sixInTwoMinutes })).messages)
    expect(await top(0)).toEqual(ids.slice(0, 6))
    expect(await top(4)).toEqual(ids.slice(6, 8))
    expect(await top(4)).toEqual(ids.slice(8, 10))
  })

  test('begins at the head when the lane is empty', async () => {
    const lane = await createLane(ledger)
    const ids = idsOf(await placeMany(lane, 8))
    await lane.release({ ratePerSecond: sixInTwoMinutes })
    const { messages } = await lane.release({ ratePerSecond: sixInTwoMinutes })
    expect(idsOf(messages)).toEqual(ids.slice(0, 6))
  })

  test('begins at the head after half an hour', async () => {
    const lane = await createLane(ledger)
    const ids = idsOf(await placeMany(lane, 10))
    const top = async () => idsOf((await lane.release({ depth: 4, ratePerSecond: sixInTwoMinutes })).messages)
    await lane.release({ ratePerSecond: sixInTwoMinutes })
    lane.pass(1_800)
    expect(await top()).toEqual(ids.slice(6, 8))
    lane.pass(1)
    expect(await top()).toEqual(ids.slice(0, 2))
  })

  test('meets what was dated back in between on the next one', async () => {
    const lane = await createLane(ledger)
    await placeMany(lane, 8)
    await lane.release({ ratePerSecond: sixInTwoMinutes })
    const back = await place(lane, plusSeconds(lane.now(), -86_400))
    expect(idsOf((await lane.release({ depth: 1, ratePerSecond: sixInTwoMinutes })).messages)).not.toContain(
      back.participantId,
    )
    expect(idsOf((await lane.release()).messages)[0]).toBe(back.participantId)
  })
})

describe('the control row is a switch', () => {
  const pause = { reason: 'operator', since: at('2020-09-18T10:00:00+07:00'), by: 'ops/ani' } as const
  const both: Readonly<Record<Kind, Pause>> = { incentive: pause, survey: pause }

  type Case = readonly [string, Parameters<Lane['changeControl']>[0], readonly string[]]
  test.for<Case>([
    ['incentives are paused', { paused: { incentive: pause } }, ['survey-1']],
    ['surveys are paused', { paused: { survey: pause } }, ['incentive-1']],
    ['both are paused', { paused: both }, []],
    ['the float covers a survey only', { available: rupiah(599_999) }, ['survey-1']],
    ['the float covers nothing', { available: rupiah(49_999) }, []],
    ['the float covers either', { available: rupiah(600_000) }, ['incentive-1', 'survey-1']],
  ])('%s', async ([, control, sent]) => {
    const lane = await createLane(ledger)
    await place(lane, plusSeconds(lane.now(), -2))
    await place(lane, plusSeconds(lane.now(), -1), 'survey-1')
    await lane.changeControl(control)
    const { messages, next, floatShort = 0 } = await lane.release()
    expect(messages.map(({ payout }) => payout)).toEqual(sent)
    expect(next).toBe(plusSeconds(lane.now(), sent.length > 0 ? 60 : 1_800))
    // A pause is no want of float.
    expect(floatShort).toBe(Math.max(0, 600_000 - (control.available ?? funded)))
  })
})

test.for<[string, hours: number, change: Parameters<Lane['changeControl']>[0], overdue: boolean]>([
  ['due for half a day', 12, {}, false],
  ['due for longer', 12.01, {}, true],
  ['due for longer, but the float is short', 12.01, { available: rupiah(0) }, false],
])('%s', async ([, hours, change, expected]) => {
  const lane = await createLane(ledger)
  await place(lane, plusSeconds(lane.now(), -hours * 3_600))
  await lane.changeControl(change)
  const { overdue = false } = await lane.release()
  expect(overdue).toBe(expected)
})

describe('a kind that is held back', () => {
  const since = at('2020-09-18T10:00:00+07:00')
  const incentive: Pause = { reason: 'operator', since, by: 'ops/ani' }
  const cases: readonly (readonly [string, Parameters<Lane['changeControl']>[0]])[] = [
    ['by a pause', { paused: { incentive } }],
    ['by its canary', { canary: { incentive: { since, payouts: [] } } }],
  ]
  test.for(cases)('%s is not overdue; the other is, by its own age', async ([, change]) => {
    const lane = await createLane(ledger)
    const hours = (count: number) => plusSeconds(lane.now(), -count * 3_600)
    await place(lane, hours(48))
    await lane.changeControl(change)
    expect(await lane.release()).not.toHaveProperty('overdue')
    await place(lane, hours(12), 'survey-1')
    expect(await lane.release()).not.toHaveProperty('overdue')
    await place(lane, hours(12.01), 'survey-1')
    expect(await lane.release()).toMatchObject({ overdue: true })
  })
})

test('a kind that may not pass does not hold up the other, however much of it is due', async () => {
  const lane = await createLane(ledger)
  await placeMany(lane, 40)
  const survey = await place(lane, lane.now(), 'survey-1')
  await lane.changeControl({ available: rupiah(50_000) })
  const { messages } = await lane.release({ ratePerSecond: sixInTwoMinutes })
  expect(idsOf(messages)).toEqual([survey.participantId])
})

describe('the calendar', () => {
  test.for([
    ['in the blackout', '2020-12-15T00:00:00+07:00', '2021-01-05T00:00:00+07:00'],
    ['on its last day', '2021-01-04T23:59:59+07:00', '2021-01-05T00:00:00+07:00'],
    ['after the last payment day', '2021-03-06T00:00:00+07:00', null],
  ] as const)('lets nothing go %s', async ([, now, next]) => {
    const lane = await createLane(ledger)
    lane.goTo(now)
    await placeMany(lane, 2)
    const untouched = { depth: () => Promise.reject(new Error('nobody needs to know')), send: async () => {} }
    const released = await lane.release({ queue: untouched })
    expect(released).toMatchObject({ sent: 0, next: next === null ? null : at(next) })
  })

  test('lets go early what would fall into the blackout, shard by shard', async () => {
    const lane = await createLane(ledger)
    const inBlackout = at('2020-12-20T00:00:00+07:00')
    const places = await Promise.all(Array.from({ length: 6 }, () => place(lane, inBlackout)))
    await place(lane, at('2021-01-02T00:00:00+07:00'))
    const inShard = (shard: number) => idsOf(places.filter((each) => each.shard === shard)).sort()
    const sentOn = async (day: string) => {
      lane.goTo(day)
      const { messages, next } = await lane.release()
      return { ids: idsOf(messages).sort(), next }
    }
    expect(await sentOn('2020-12-06T23:59:59+07:00')).toEqual({
      ids: [],
      next: at('2020-12-07T00:00:00+07:00'),
    })
    expect((await sentOn('2020-12-07T00:00:00+07:00')).ids).toEqual(inShard(0))
    expect((await sentOn('2020-12-10T23:59:59+07:00')).ids).toEqual(inShard(0))
    const all = [...inShard(0), ...inShard(1)].sort()
    expect((await sentOn('2020-12-11T00:00:00+07:00')).ids).toEqual(all)
    expect((await sentOn('2020-12-14T23:59:59+07:00')).ids).toEqual(all)
    expect((await sentOn('2020-12-15T00:00:00+07:00')).ids).toEqual([])
    expect((await sentOn('2021-01-05T00:00:00+07:00')).ids).toHaveLength(7)
  })
})

describe('an idle lane', () => {
  test('has no next date', async () => {
    const lane = await createLane(ledger)
    expect(await lane.release()).toEqual({ sent: 0, depth: 0, next: null, messages: [], delays: [] })
  })

  test('is looked at again when its oldest payout is due', async () => {
    const lane = await createLane(ledger)
    await place(lane, at('2020-10-02T00:00:00+07:00'))
    const first = await place(lane, at('2020-10-01T00:00:00+07:00'))
    expect(await lane.release()).toMatchObject({ sent: 0, next: first.at })
  })

  test('costs one look at each head, and another where something is due', async () => {
    const lane = await createLane(ledger)
    const { shard } = await place(lane, plusSeconds(lane.now(), -1))
    const looks: string[] = []
    const { nominate, describe } = ledger.worklist
    const looking =
      <Found>(look: (...asked: Parameters<typeof nominate>) => Promise<Found>): typeof look =>
      (list, range) => {
        looks.push(list)
        return look(list, range)
      }
    const worklist = { nominate: looking(nominate), describe: looking(describe) }
    await lane.release({ ledger: { ...ledger, worklist } })
    const heads = Array.from({ length: shards }, (_, head) => lists.open(lane.partnerName, head))
    expect(looks).toEqual([...heads, lists.open(lane.partnerName, shard)])
  })

  test('whose only payout has just gone is looked at again soon', async () => {
    const lane = await createLane(ledger)
    await placeMany(lane, 1)
    const nominate = async () => []
    expect(
      await lane.release({ ledger: { ...ledger, worklist: { ...ledger.worklist, nominate } } }),
    ).toMatchObject({
      sent: 0,
      next: soon(lane),
    })
  })
})
