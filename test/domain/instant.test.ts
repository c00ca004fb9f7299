import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  civilDate,
  daysBetween,
  earliest,
  epochMs,
  instant,
  isInstant,
  jakartaDate,
  jakartaTimestamp,
  latest,
  parseInstant,
  plusDays,
  plusMonths,
  plusSeconds,
  secondsBetween,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { at } from './examples.ts'

const moment = fc.integer({ min: Date.UTC(2019, 0), max: Date.UTC(2022, 0) }).map(instant)
const day = moment.map(jakartaDate)
const runs = { numRuns: 200 }

describe('instants', () => {
  test.for([
    ['2020-09-18T10:00:01+07:00', '2020-09-18T03:00:01.000Z'],
    ['2020-09-18T03:00:01Z', '2020-09-18T03:00:01.000Z'],
    ['2020-09-18T03:00:01.5Z', '2020-09-18T03:00:01.500Z'],
    ['2020-12-31T23:30:00-02:00', '2021-01-01T01:30:00.000Z'],
    ['2020-09-18T10:00:01', undefined],
    ['2020-09-18', undefined],
    ['2020-02-30T00:00:00Z', undefined],
    ['2020-09-18T25:00:00Z', undefined],
    ['-000001-01-01T00:00:00Z', undefined],
    ['2020-02-29T23:59:59.999Z', '2020-02-29T23:59:59.999Z'],
    ['2020-02-30T00:00:00.000Z', undefined],
    ['2020-09-18T24:00:00.000Z', undefined],
    ['2020-12-31T23:59:60.000Z', '2020-12-31T23:59:59.000Z'],
    ['yesterday', undefined],
    ['', undefined],
  ] as const)('%s is read as %s', ([text, expected]) => {
    expect(parseInstant(text)).toBe(expected)
  })

  test.for([Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(0, 0) - 70_000_000_000_000])(
    '%d is none',
    (ms) => {
      expect(() => instant(ms)).toThrow(RangeError)
    },
  )

  test.for([
    ['2020-09-18T03:00:01.000Z', true],
    ['2020-09-18T03:00:01Z', false],
    ['2020-09-18T10:00:01.000+07:00', false],
    [' 2020-09-18T03:00:01.000Z', false],
  ] as const)('%s is written as an instant: %s', ([text, written]) => {
    expect(isInstant(text)).toBe(written)
  })

  test('sort as text as they do in time', () => {
    fc.assert(
      fc.property(moment, moment, (first, second) => {
        expect(first < second).toBe(epochMs(first) < epochMs(second))
        expect(earliest(first, second) <= latest(first, second)).toBe(true)
        expect(secondsBetween(first, second) + secondsBetween(second, first)).toBe(0)
      }),
      runs,
    )
  })

  test('move by seconds, across midnight and back', () => {
    expect(plusSeconds(at('2020-12-31T23:59:59Z'), 1)).toBe('2021-01-01T00:00:00.000Z')
    expect(plusSeconds(at('2021-01-01T00:00:00Z'), -1)).toBe('2020-12-31T23:59:59.000Z')
    expect(secondsBetween(at('2020-12-31T23:59:59Z'), at('2021-01-01T00:00:00.500Z'))).toBe(1.5)
  })
})

describe('days in Jakarta', () => {
  test.for([
    ['2020-12-14T16:59:59.999Z', '2020-12-14'],
    ['2020-12-14T17:00:00.000Z', '2020-12-15'],
    ['2020-12-31T17:00:00.000Z', '2021-01-01'],
    ['2020-02-28T17:00:00.000Z', '2020-02-29'],
    ['2021-02-28T17:00:00.000Z', '2021-03-01'],
  ] as const)('%s falls on %s', ([text, date]) => {
    expect(jakartaDate(at(text))).toBe(date)
  })

  test('begin at 17:00 UTC of the day before', () => {
    expect(startOfDay(civilDate('2020-12-15'))).toBe('2020-12-14T17:00:00.000Z')
  })

  test('hold every instant from their start to the next start, and no other', () => {
    fc.assert(
      fc.property(moment, (now) => {
        const date = jakartaDate(now)
        expect(startOfDay(date) <= now && now < startOfDay(plusDays(date, 1))).toBe(true)
      }),
      runs,
    )
  })

  test('end with the year 9999', () => {
    expect(() => jakartaDate(at('9999-12-31T17:00:00Z'))).toThrow(RangeError)
  })
})

describe('civil dates', () => {
  test.for(['2020-02-30', '2021-02-29', '2020-13-01', '2020-00-10', '20-01-01', 'today', ''])(
    '%s does not exist',
    (text) => {
      expect(() => civilDate(text)).toThrow(RangeError)
    },
  )

  test.for([
    ['2020-01-31', 1, '2020-02-29'],
    ['2021-01-31', 1, '2021-02-28'],
    ['2021-01-31', 2, '2021-03-31'],
    ['2021-01-31', 3, '2021-04-30'],
    ['2020-02-29', 12, '2021-02-28'],
    ['2020-02-29', 1, '2020-03-29'],
    ['2020-11-30', 3, '2021-02-28'],
    ['2020-12-15', 0, '2020-12-15'],
    ['2020-12-15', 1, '2021-01-15'],
  ] as const)('%s and %d months is %s', ([date, months, expected]) => {
    expect(plusMonths(civilDate(date), months)).toBe(expected)
  })

  test.for([
    ['2020-02-28', 1, '2020-02-29'],
    ['2020-02-28', 2, '2020-03-01'],
    ['2021-01-01', -1, '2020-12-31'],
  ] as const)('%s and %d days is %s', ([date, days, expected]) => {
    expect(plusDays(civilDate(date), days)).toBe(expected)
  })

  test.for([
    ['2020-02-28', '2020-03-01', 2],
    ['2020-12-31', '2021-01-01', 1],
    ['2020-12-15', '2020-12-15', 0],
    ['2021-01-01', '2020-01-01', -366],
  ] as const)('from %s to %s it is %d days', ([first, last, days]) => {
    expect(daysBetween(civilDate(first), civilDate(last))).toBe(days)
  })

  test('lie as many days apart as are added to one to get the other', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -1_000, max: 1_000 }), (date, days) => {
        expect(daysBetween(date, plusDays(date, days))).toBe(days)
      }),
      runs,
    )
  })

  test('months are counted from the day itself: a short month costs later ones nothing', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 24 }), (date, months) => {
        const later = plusMonths(date, months)
        const nextMonth = plusMonths(civilDate(`${later.slice(0, 8)}01`), 1)
        const isLast = plusDays(later, 1) === nextMonth
        expect(later.slice(8) === date.slice(8) || (isLast && later.slice(8) < date.slice(8))).toBe(true)
      }),
      runs,
    )
  })
})

test.for([
  ['2020-12-21T10:07:11.000Z', '2020-12-21T17:07:11+07:00'],
  ['2020-12-31T17:00:00.999Z', '2021-01-01T00:00:00+07:00'],
] as const)('SNAP writes %s as %s', ([text, written]) => {
  expect(jakartaTimestamp(at(text))).toBe(written)
})

test('every day of the programme’s century begins when the zone’s rules say so', () => {
  let day = Temporal.PlainDate.from('2000-01-01')
  for (let count = 0; count < 36_525; count++) {
    const midnight = day.toZonedDateTime('Asia/Jakarta').epochMilliseconds
    const next = day.add({ days: 1 })
    if (startOfDay(civilDate(day.toString())) !== instant(midnight))
      expect.unreachable(`${day} begins otherwise`)
    if (plusDays(civilDate(day.toString()), 1) !== next.toString())
      expect.unreachable(`${day} ends otherwise`)
    day = next
  }
})
