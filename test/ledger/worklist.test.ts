import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import { startTestEngine } from '../support/engine.ts'
import { newParticipant, now, openRow } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { participants, worklist } = engine.open()

const at = (seconds: number): Instant => plusSeconds(now, seconds)
const secondsOf = (places: readonly Place[]) =>
  places.map((place) => (Date.parse(place.at) - Date.parse(now)) / 1_000)
const everything = { limit: 1_000 }

const list = 'open#bni#7'
/** Due these many seconds after now, in the order of writing. */
const due = [40, 10, 30, 20, 50, 30]
const rows: readonly PayoutRow[] = due.map((seconds) => ({ ...openRow(newParticipant(), at(seconds)), list }))

beforeAll(async () => {
  for (const row of rows) await participants.project(row)
  await participants.project({ ...openRow(newParticipant(), at(25)), list: 'open#bni#8' })
  await participants.project({ ...openRow(newParticipant(), at(25)), list: 'open#gopay#7' })
})

test('a list is read oldest first, and nothing of other lists', async () => {
  const places = await worklist.nominate(list, everything)
  expect(secondsOf(places)).toEqual([10, 20, 30, 30, 40, 50])
  const written = rows.map(({ participantId, payout, at }) => ({ participantId, payout, at }))
  expect(new Set(places)).toEqual(new Set(written))
})

test('an empty list is empty', async () => {
  expect(await worklist.nominate('open#nobody#0', everything)).toEqual([])
})

test.for<readonly [string, { from?: number; to?: number }, readonly number[]]>([
  ['from a date on', { from: 30 }, [30, 30, 40, 50]],
  ['up to a date', { to: 30 }, [10, 20, 30, 30]],
  ['both, with what lies on them', { from: 20, to: 40 }, [20, 30, 30, 40]],
  ['one moment', { from: 30, to: 30 }, [30, 30]],
  ['between two dates', { from: 21, to: 29 }, []],
  ['after the last', { from: 51 }, []],
  ['before the first', { to: 9 }, []],
])('a range includes its ends: %s', async ([, { from, to }, expected]) => {
  const range = {
    ...(from !== undefined && { from: at(from) }),
    ...(to !== undefined && { to: at(to) }),
    ...everything,
  }
  expect(secondsOf(await worklist.nominate(list, range))).toEqual(expected)
})

describe('a page', () => {
  test.for([1, 2, 3, 5, 6, 7])('of %i goes on after the last place of the page before', async (limit) => {
    const all = await worklist.nominate(list, everything)
    const seen: Place[] = []
    for (let page = 0; page <= all.length; page++) {
      const after = seen.at(-1)
      const places = await worklist.nominate(list, { limit, ...(after && { after }) })
      expect(places.length).toBeLessThanOrEqual(limit)
      seen.push(...places)
      if (places.length < limit) break
    }
    expect(seen).toEqual(all)
  })

  const gone = (seconds: number): Place => ({
    participantId: 'P-00000',
    payout: 'incentive-1',
    at: at(seconds),
  })

  test('goes on after a row that has left the list since', async () => {
    const places = await worklist.nominate(list, { after: gone(21), ...everything })
    expect(secondsOf(places)).toEqual([30, 30, 40, 50])
  })

  test.for<readonly [string, number, readonly number[]]>([
    ['before its range, has all of it', 10, [30, 30, 40]],
    ['within its range, has the rest', 35, [40]],
    ['beyond its range, is empty', 41, []],
  ])('that starts %s', async ([, seconds, expected]) => {
    const range = { from: at(30), to: at(40), after: gone(seconds), ...everything }
    expect(secondsOf(await worklist.nominate(list, range))).toEqual(expected)
  })
})

describe('the index has', () => {
  const placesOf = async ({ participantId }: PayoutRow) => {
    const places = await worklist.nominate('moving#0', everything)
    return places.filter((place) => place.participantId === participantId)
  }
  const moving = () => ({ ...openRow(newParticipant()), list: 'moving#0' })

  test('no row without a list', async () => {
    const { list: _, at: __, ...row } = moving()
    await participants.project(row)
    expect(await placesOf(row)).toEqual([])
  })

  test('a row once, where it was moved last', async () => {
    const row = moving()
    await participants.project(row)
    await participants.postpone(row, at(60))
    await participants.postpone({ ...row, at: at(60) }, at(120), 1)
    expect(await placesOf(row)).toEqual([
      { participantId: row.participantId, payout: row.payout, at: at(120) },
    ])
  })

  test('not any more what has left its list', async () => {
    const row = moving()
    await participants.project(row)
    const { list: _, at: __, ...paid } = { ...row, seq: 2, state: 'paid' } as const
    await participants.project(paid)
    expect(await placesOf(row)).toEqual([])
  })
})
