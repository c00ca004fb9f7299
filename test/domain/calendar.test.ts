import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { horizon, isOpen, leavingBy, nextChange, type Window } from '../../shared/domain/calendar.ts'
import {
  civilDate,
  epochMs,
  type Instant,
  instant,
  plusDays,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { at } from './examples.ts'

const shards = 16
const day = (text: string) => startOfDay(civilDate(text))
const open = (now: Instant, dated: string, shard: number) =>
  isOpen(horizon(scheme2020, now, shard, shards), day(dated))

const between = (from: string, to: string) =>
  fc.integer({ min: epochMs(day(from)), max: epochMs(day(to)) - 1 }).map(instant)
const shard = fc.nat({ max: shards - 1 })
const runs = { numRuns: 300 }

test.for([
  // now in Jakarta, payout dated, shard, open
  ['2020-09-18T10:00:00', '2020-09-18', 0, true],
  ['2020-09-18T00:00:00', '2020-09-18', 15, true],
  ['2020-09-17T23:59:59', '2020-09-18', 0, false],
  ['2020-12-14T23:59:59', '2020-12-14', 0, true],
  // what is dated 15 to 31 December leaves early, a sixteenth of the shards at a time
  ['2020-12-06T23:59:59', '2020-12-15', 0, false],
  ['2020-12-07T00:00:00', '2020-12-15', 0, true],
  ['2020-12-07T00:00:00', '2020-12-31', 1, true],
  ['2020-12-07T23:59:59', '2020-12-15', 2, false],
  ['2020-12-08T00:00:00', '2020-12-15', 2, true],
  ['2020-12-10T12:00:00', '2020-12-20', 7, true],
  ['2020-12-10T12:00:00', '2020-12-20', 8, false],
  ['2020-12-13T23:59:59', '2020-12-31', 14, false],
  ['2020-12-14T00:00:00', '2020-12-31', 15, true],
  // what is dated 1 to 4 January waits for the blackout's end
  ['2020-12-14T23:59:59', '2021-01-01', 15, false],
  ['2020-12-14T23:59:59', '2021-01-04', 0, false],
  ['2021-01-05T00:00:00', '2021-01-01', 15, true],
  ['2021-01-05T00:00:00', '2021-01-04', 0, true],
  // and early opening is for the blackout's dates only
  ['2020-12-10T12:00:00', '2020-12-11', 0, false],
  // nothing leaves in a blackout, however old
  ['2020-12-15T00:00:00', '2020-09-18', 0, false],
  ['2020-12-25T12:00:00', '2020-12-20', 0, false],
  ['2021-01-04T23:59:59', '2021-01-01', 0, false],
  // what was not paid before is paid after
  ['2021-01-05T00:00:00', '2020-12-20', 3, true],
  ['2021-03-05T23:59:59', '2020-09-18', 0, true],
  ['2021-03-06T00:00:00', '2020-09-18', 0, false],
] as const)('at %s what is dated %s in shard %d may leave: %s', ([now, dated, of, expected]) => {
  expect(open(at(`${now}+07:00`), dated, of)).toBe(expected)
})

describe('in 2020', () => {
  test('nothing leaves from 15 December to 4 January', () => {
    fc.assert(
      fc.property(between('2020-12-15', '2021-01-05'), shard, (now, of) => {
        expect(horizon(scheme2020, now, of, shards)).toEqual([])
      }),
      runs,
    )
  })

  test('nothing leaves after 5 March 2021, and nothing changes any more', () => {
    fc.assert(
      fc.property(between('2021-03-06', '2022-01-01'), shard, (now, of) => {
        expect(horizon(scheme2020, now, of, shards)).toEqual([])
        expect(nextChange(scheme2020, now)).toBeUndefined()
      }),
      runs,
    )
  })

  test('one day before the blackout has opened all of its early dates, and each day about as many', () => {
    const opened = (date: string) =>
      Array.from({ length: shards }, (_, of) => open(day(date), '2020-12-31', of)).filter(Boolean).length
    const perDay = ['06', '07', '08', '09', '10', '11', '12', '13', '14'].map((date) =>
      opened(`2020-12-${date}`),
    )
    expect(perDay).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16])
  })

  test('outside blackouts and their early days, what may leave is what is dated up to now', () => {
    const ordinary = fc.oneof(between('2020-02-28', '2020-12-07'), between('2021-01-05', '2021-03-06'))
    fc.assert(
      fc.property(ordinary, shard, (now, of) => {
        expect(horizon(scheme2020, now, of, shards)).toEqual([{ to: now }])
      }),
      runs,
    )
  })
})

describe('the next change', () => {
  /** A horizon but for the passing of time. */
  const shape = (windows: readonly Window[], now: Instant) =>
    windows.map(({ from, to }) => (from === undefined && to === now ? 'up to now' : { from, to }))
  const shapeAt = (now: Instant, of: number, count: number) => shape(horizon(scheme2020, now, of, count), now)
  const season = between('2020-11-25', '2021-03-12')

  test('is after now, and nothing changes before it', () => {
    const parts = fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), shard, count: shard })
    fc.assert(
      fc.property(season, parts, (now, { share, shard: of, count }) => {
        const next = nextChange(scheme2020, now) ?? day('2022-01-01')
        expect(next > now).toBe(true)
        const later = instant(epochMs(now) + Math.floor(share * (epochMs(next) - 1 - epochMs(now))))
        const all = Math.max(count, of + 1)
        expect(shapeAt(later, of, all)).toEqual(shapeAt(now, of, all))
      }),
      runs,
    )
  })

  test('holds to the last moment before it', () => {
    let now = day('2020-12-01')
    const changes: string[] = []
    for (
      let next = nextChange(scheme2020, now);
      next && changes.length < 20;
      next = nextChange(scheme2020, now)
    ) {
      const before = instant(epochMs(next) - 1)
      for (let of = 0; of < shards; of++)
        expect(shapeAt(before, of, shards)).toEqual(shapeAt(now, of, shards))
      now = next
      changes.push(next)
    }
    const days = ['12-07', '12-08', '12-09', '12-10', '12-11', '12-12', '12-13', '12-14', '12-15']
    const expected = [...days.map((date) => day(`2020-${date}`)), day('2021-01-05'), day('2021-03-06')]
    expect(changes).toEqual(expected)
  })
})

describe('what leaves by the end of a day is what is open on some day up to it', () => {
  test.for([
    // seen from, by the end of, payout dated, shard, leaves
    ['2020-09-18', '2020-09-20', '2020-09-20', 0, true],
    ['2020-09-18', '2020-09-20', '2020-09-21', 0, false],
    ['2020-12-01', '2020-12-07', '2020-12-20', 0, true],
    ['2020-12-01', '2020-12-07', '2020-12-20', 15, false],
    ['2020-12-01', '2020-12-14', '2020-12-31', 15, true],
    ['2020-12-01', '2021-01-04', '2021-01-02', 0, false],
    ['2020-12-01', '2021-01-05', '2021-01-02', 0, true],
    // in the blackout, what is overdue waits for its end
    ['2020-12-20', '2020-12-31', '2020-12-14', 0, false],
    ['2020-12-20', '2021-01-05', '2020-12-14', 0, true],
    // nothing is paid after the last day
    ['2021-03-01', '2021-03-31', '2021-03-05', 0, true],
    ['2021-03-01', '2021-03-31', '2021-03-06', 0, false],
    ['2021-03-06', '2021-03-31', '2021-03-05', 0, false],
  ] as const)('from %s by %s, dated %s in shard %i: %s', ([today, by, dated, nth, leaves]) => {
    const days = { today: civilDate(today), day: civilDate(by) }
    expect(isOpen(leavingBy(scheme2020, days, nth, shards), day(dated))).toBe(leaves)
  })

  test('whatever the days', () => {
    const days = fc.integer({ min: 0, max: 140 })
    fc.assert(
      fc.property(days, fc.nat({ max: 60 }), days, shard, (first, more, dated, nth) => {
        const today = plusDays(civilDate('2020-11-01'), first)
        const at = startOfDay(plusDays(civilDate('2020-11-01'), dated))
        const isOpenOn = (after: number) => {
          const noon = instant(epochMs(startOfDay(plusDays(today, after))) + 43_200_000)
          return isOpen(horizon(scheme2020, noon, nth, shards), at)
        }
        const wanted = Array.from({ length: more + 1 }, (_, after) => after).some(isOpenOn)
        const windows = leavingBy(scheme2020, { today, day: plusDays(today, more) }, nth, shards)
        expect(windows.filter((window) => isOpen([window], at)).length).toBe(wanted ? 1 : 0)
      }),
      runs,
    )
  })
})
