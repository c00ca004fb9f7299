// By its functions, of which a bundler keeps only those that are called.
import { getISO } from 'temporal-polyfill/fns/Calendar'
import { fromString as parseExact } from 'temporal-polyfill/fns/Instant'
import { addMonths, fromString as parseDate, toString as writeDate } from 'temporal-polyfill/fns/PlainDate'

/**
 * Time. An `Instant` is a moment in UTC, always written `2020-09-18T03:00:01.000Z` (24 characters), so that
 * text order is time order. A `CivilDate` is a day in Jakarta, `2020-09-18`. The programme lives in
 * Asia/Jakarta (UTC+7, no daylight saving); nothing here reads the machine's zone or clock.
 */
declare const instantBrand: unique symbol
export type Instant = string & { readonly [instantBrand]: true }
declare const civilDateBrand: unique symbol
export type CivilDate = string & { readonly [civilDateBrand]: true }

/** Since 1964: https://www.iana.org/time-zones, `asia`. Every day of Jakarta's has 24 hours, so that days need no zone. */
const jakartaOffsetMs = 7 * 3_600_000
const dayMs = 86_400_000
const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const dateForm = /^\d{4}-\d\d-\d\d$/

/** Whether a text is written as an `Instant`. */
export const isInstant = (text: string): text is Instant => instantForm.test(text)
/** Whether a text is written as a `CivilDate`. */
export const isCivilDate = (text: string): text is CivilDate => dateForm.test(text)

/** Of what `toISOString` has written: years of more than four digits get a sign, too, and are longer. */
const hasYearOfFourDigits = (text: string): text is Instant => text.length === 24

/** The instant of an epoch in milliseconds. Throws outside the years 0000 to 9999. */
export function instant(epochMs: number): Instant {
  const text = new Date(epochMs).toISOString()
  if (!hasYearOfFourDigits(text)) throw new RangeError(`not an instant of the years 0000 to 9999: ${text}`)
  return text
}

/** Whether a text is what `instant` writes: a day and an hour that there are not are written differently, or not at all. */
function isAsWritten(text: string): text is Instant {
  const at = isInstant(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString() === text
}

/** Reads ISO 8601 with an offset, e.g. `2020-09-18T10:00:01+07:00`; `undefined` if it is not that. */
export function parseInstant(text: string): Instant | undefined {
  // Most texts come from ourselves; to read all that ISO 8601 allows takes many times as long.
  if (isAsWritten(text)) return text
  try {
    return instant(parseExact(text).epochMilliseconds)
  } catch {
    return undefined
  }
}

export const epochMs = (at: Instant): number => Date.parse(at)
export const plusSeconds = (at: Instant, seconds: number): Instant => instant(epochMs(at) + seconds * 1000)
/** Seconds from `earlier` to `later`; negative when they are the other way round. */
export const secondsBetween = (earlier: Instant, later: Instant): number =>
  (epochMs(later) - epochMs(earlier)) / 1000
export const earliest = <T extends Instant | CivilDate>(first: T, second: T): T =>
  first <= second ? first : second
export const latest = <T extends Instant | CivilDate>(first: T, second: T): T =>
  first >= second ? first : second

/** The civil date of an ISO date text; throws on a day that does not exist: scheme data are checked by it. */
export function civilDate(text: string): CivilDate {
  const date = writeDate(parseDate(text, getISO))
  if (!isCivilDate(date)) throw new RangeError(`not an ISO date: ${text}`)
  return date
}

/** Of a text that our own arithmetic has made. */
function checkedDate(text: string): CivilDate {
  if (!isCivilDate(text)) throw new RangeError(`not a day of the years 0000 to 9999: ${text}`)
  return text
}

/** The Jakarta day an instant falls in. */
export const jakartaDate = (at: Instant): CivilDate =>
  checkedDate(new Date(epochMs(at) + jakartaOffsetMs).toISOString().slice(0, 10))

/** 00:00 in Jakarta on that day. */
export const startOfDay = (date: CivilDate): Instant => instant(Date.parse(date) - jakartaOffsetMs)

/** So many days later, or earlier where `days` is negative. Throws outside the years 0000 to 9999. */
export const plusDays = (date: CivilDate, days: number): CivilDate =>
  checkedDate(new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10))

/** Days from `first` to `last`; negative when they are the other way round. */
export const daysBetween = (first: CivilDate, last: CivilDate): number =>
  (Date.parse(last) - Date.parse(first)) / dayMs

/** Calendar months later, counted from `date` itself and clamped to the month's end (31 Jan, 28 Feb, 31 Mar). */
export const plusMonths = (date: CivilDate, months: number): CivilDate =>
  checkedDate(writeDate(addMonths(parseDate(date, getISO), months, { overflow: 'constrain' })))

/** SNAP's form: `2020-12-21T17:07:11+07:00`, Jakarta whatever the machine's zone. */
export const jakartaTimestamp = (at: Instant): string =>
  `${new Date(epochMs(at) + jakartaOffsetMs).toISOString().slice(0, 19)}+07:00`
