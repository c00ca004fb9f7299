import * as z from 'zod'

/** What a text of digits says, and whatever else it is as it is: `Number` takes an empty text for 0, and 1e3 for 1000. */
const readDigits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value

/** A whole number where it may come as text, as in a query: digits and nothing else. */
export const digits = <Whole extends z.ZodNumber>(whole: Whole) => z.preprocess(readDigits, whole)
