import { type Instant, jakartaTimestamp, parseInstant, secondsBetween } from '../../shared/domain/instant.ts'
import { counted } from '../local/text.ts'

/** How amounts of time are written for people. */

/** `2020-12-21 17:07:11`, in Jakarta; what is no instant stays as it is. */
export function second(text: string): string {
  const at = parseInstant(text)
  return at === undefined ? text : jakartaTimestamp(at).slice(0, 19).replace('T', ' ')
}

/** `2020-12-21 17:07` */
export const moment = (text: string): string => second(text).slice(0, 16)

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** The largest unit that fits, rounded down: `3 days`. */
function span(seconds: number): string {
  const [name, size] = units.find(([, length]) => seconds >= length) ?? ['second', 1]
  return counted(Math.floor(seconds / size), name)
}

/** How long ago something was: `12 days`, or `in 3 hours` when it is still to come. */
export function age(text: string, now: Instant): string {
  const at = parseInstant(text)
  if (at === undefined) return ''
  const seconds = secondsBetween(at, now)
  if (Math.abs(seconds) < 60) return 'now'
  return seconds > 0 ? span(seconds) : `in ${span(-seconds)}`
}
