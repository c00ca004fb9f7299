import * as z from 'zod'

/**
 * Days and instants as whoever asks gives them: those that the calendar has, and not at its very ends, since the day
 * before or the end of a period must have a year of four digits, too.
 */

const isOffTheEnds = (text: string): boolean => text >= '0001' && text < '9999'
const expected = { error: 'must be within the years 0001 to 9998' }

/** A day in Jakarta, `2020-09-18`. */
export const givenDay = z.iso.date({ abort: true }).refine(isOffTheEnds, expected)
/** ISO 8601 with an offset, `2020-09-18T10:00:01+07:00`. */
export const givenInstant = z.iso.datetime({ offset: true, abort: true }).refine(isOffTheEnds, expected)
