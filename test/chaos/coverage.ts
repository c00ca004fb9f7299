import {
  type BehaviourNumber,
  behaviourNumbered,
  behaviourNumbers,
} from '../../infra/local/partners/behaviours.ts'
import type { Met } from './tally.ts'

/**
 * Every point at which a worker changes something: a write, a transaction, a request to a partner, a message to a
 * queue. A worker must have died before and after each of them. Enter a point here when a run says that it is not
 * listed, and strike it out when no rule comes to it any more.
 */
export const points: readonly string[] = [
  'close: append cancelled',
  'close: write closing',
  'close: write row',
  'inquire: append asked',
  'inquire: append disbursed',
  'inquire: append pending',
  'inquire: append rejected',
  'inquire: append resent',
  'inquire: append returned',
  'inquire: append unknown',
  'inquire: ask status',
  'inquire: ask token',
  'inquire: send transfer',
  'inquire: write control',
  'inquire: write row',
  'intake: record certificate',
  'intake: record entitlement',
  'intake: set shared',
  'intake: write account',
  'intake: write holder',
  'intake: write refused event',
  'intake: write row',
  'intake: write survey',
  'operator: append cancelled',
  'operator: append disbursed',
  'operator: append held',
  'operator: append hold-released',
  'operator: append overpaid',
  'operator: append recovered',
  'operator: append rejected',
  'operator: append retried',
  'operator: append returned',
  'operator: append surfaced',
  'operator: append written-off',
  'operator: record fee',
  'operator: record funded',
  'operator: record swept',
  'operator: write control',
  'operator: write row',
  'pay: append claimed',
  'pay: append deferred',
  'pay: append disbursed',
  'pay: append held',
  'pay: append pending',
  'pay: append refused',
  'pay: append rejected',
  'pay: append surfaced',
  'pay: append unknown',
  'pay: ask account',
  'pay: ask status',
  'pay: ask token',
  'pay: send transfer',
  'pay: set verification',
  'pay: write control',
  'pay: write row',
  'release: send messages',
  'release: write control',
  'release: write cursor',
]

/** Those that a world comes to less than seven times: without help, some of them would never have had both crashes. */
export const seldomMet: ReadonlySet<string> = new Set([
  'close: write closing',
  'inquire: append pending',
  'inquire: append rejected',
  'inquire: append returned',
  'inquire: append unknown',
  'intake: set shared',
  'intake: write refused event',
  'operator: append cancelled',
  'operator: append disbursed',
  'operator: append held',
  'operator: append hold-released',
  'operator: append overpaid',
  'operator: append recovered',
  'operator: append rejected',
  'operator: append retried',
  'operator: append returned',
  'operator: append surfaced',
  'operator: append written-off',
  'operator: record fee',
  'operator: record swept',
  'pay: append deferred',
  'pay: append held',
  'pay: append pending',
  'pay: append refused',
  'pay: append rejected',
  'pay: append surfaced',
  'pay: ask status',
])

/** Met once in thousands of worlds, when two answers about one attempt overtake each other: listed, but not demanded.
 *  test/functions/inquire/overtaken.test.ts has workers die before and after each. */
export const metByChance: ReadonlySet<string> = new Set([
  'inquire: append overpaid',
  'inquire: append surfaced',
])

const crashes = ['crash-before', 'crash-after'] as const

export type Coverage = {
  /** How many there are. */
  readonly points: number
  /** How many had both crashes. */
  readonly covered: number
  /** The others, and the crashes that they did not have: `pay: append claimed (crash-after)`. */
  readonly missing: readonly string[]
  /** Points that were met and that the list does not have. */
  readonly unlisted: readonly string[]
}

/** In so many worlds of so many participants every point is met often enough to have had both crashes. */
export const enough = { seeds: 300, participants: 30 } as const

type Extent = { readonly seeds: number; readonly participants: number }
/** Whether every point should have been met by then. */
export const isEnough = ({ seeds, participants }: Extent): boolean =>
  seeds >= enough.seeds && participants >= enough.participants

/** Whether fault points were met that are not listed, or too few crashes came about for so many worlds. */
export const fallsShort = ({ missing, unlisted }: Coverage, asked: Extent): boolean =>
  unlisted.length > 0 || (missing.length > 0 && isEnough(asked))

export function coverageOf({ points: met }: Pick<Met, 'points'>): Coverage {
  const lacking = (point: string) => crashes.filter((crash) => !met.get(point)?.has(crash))
  return {
    points: points.length,
    covered: points.filter((point) => lacking(point).length === 0).length,
    missing: points
      .filter((point) => lacking(point).length > 0)
      .map((point) => `${point} (${lacking(point).join(', ')})`),
    unlisted: [...met.keys()].filter((point) => !points.includes(point) && !metByChance.has(point)).sort(),
  }
}

/** Which of all the ways in which a partner can behave came about. */
export type BehavioursMet = {
  /** How many there are. */
  readonly behaviours: number
  readonly met: number
  /** The others. */
  readonly missing: readonly BehaviourNumber[]
  /** How many transfers, or account inquiries that show it, met each one. */
  readonly times: Readonly<Record<string, number>>
}

export const behavioursMet = ({ behaviours: times }: Pick<Met, 'behaviours'>): BehavioursMet => ({
  behaviours: behaviourNumbers.length,
  met: times.size,
  missing: behaviourNumbers.filter((number) => !times.has(number)),
  times: Object.fromEntries(behaviourNumbers.map((number) => [number, times.get(number) ?? 0])),
})

/** E.g. `33 In progress for ever.` */
export const describeBehaviour = (number: BehaviourNumber): string =>
  `${number} ${behaviourNumbered(number).sentence}`
