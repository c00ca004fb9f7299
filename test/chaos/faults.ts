import { seldomMet } from './coverage.ts'
import type { Random } from './random.ts'

/** What goes wrong with one operation of a worker. */
export const faults = [
  /** The worker dies before it; nothing happens. */
  'crash-before',
  /** It happens, and the worker dies before it hears of it. */
  'crash-after',
  /** DynamoDB, or SQS, refuses it for its load, beyond the client's own repetitions. */
  'throttled',
  /** It happens; the answer is lost, and the client sends the same request again. */
  'answer-lost',
  /** It happens; the answers are lost until the client gives up. */
  'gave-up',
  /** A transaction holds the item, or one of them. */
  'conflict',
  /** The index answers as it was some writes ago. */
  'stale-index',
  /** The partner does it; its answer never arrives. */
  'partner-answer-lost',
  /** The partner does it; its answer does not arrive in time. */
  'partner-timeout',
  /** The partner does it; its answer breaks off in the middle, and does not say so. */
  'partner-truncated',
  /** The partner does it; a gateway before it answers in its place, in HTML. */
  'partner-gateway',
  /** The connection breaks before the partner has seen anything, after it was opened. */
  'partner-request-lost',
  /** No connection. */
  'partner-unreachable',
  /** The partner never sees it; it answers what it has said about another transfer. */
  'partner-mixed-up',
  /** A batch of messages is taken but for one of them. */
  'message-refused',
  /** The partner's secret cannot be read. */
  'secret-unreadable',
] as const
export type Fault = (typeof faults)[number]

/** What an operation does, and so which faults it can have. */
export type Nature =
  | 'read'
  | 'index'
  | 'write'
  | 'transaction'
  | 'partner'
  | 'queue'
  | 'depth'
  | 'secret'
  | 'timer'
/** What changes nothing. */
export const looks: readonly Nature[] = ['read', 'index', 'depth', 'secret', 'timer']

const possible: Readonly<Record<Nature, readonly Fault[]>> = {
  read: ['crash-before', 'throttled'],
  index: ['crash-before', 'throttled', 'stale-index', 'stale-index', 'stale-index'],
  write: ['crash-before', 'crash-after', 'crash-after', 'throttled', 'answer-lost', 'gave-up', 'conflict'],
  transaction: ['crash-before', 'crash-after', 'throttled', 'answer-lost', 'gave-up', 'conflict', 'conflict'],
  partner: [
    'crash-before',
    'crash-after',
    'crash-after',
    'partner-answer-lost',
    'partner-timeout',
    'partner-truncated',
    'partner-gateway',
    'partner-request-lost',
    'partner-unreachable',
    'partner-mixed-up',
  ],
  queue: ['crash-before', 'crash-after', 'throttled', 'answer-lost', 'gave-up', 'message-refused'],
  depth: ['crash-before', 'throttled'],
  secret: ['crash-before', 'secret-unreadable', 'secret-unreadable'],
  timer: ['crash-before'],
}

/** How often an operation of each nature goes wrong, 0 to 1, and a worker dies where one seldom comes to. */
export type Rates = Readonly<Record<Nature | 'seldom', number>>

export const drawRates = (random: Random): Rates => {
  const rate = () => random.pick([0, 0.005, 0.01, 0.03, 0.08])
  return {
    read: random.pick([0, 0.001, 0.005]),
    index: rate(),
    write: rate(),
    transaction: rate(),
    partner: rate(),
    queue: rate(),
    seldom: random.pick([0, 0.2, 0.4]),
    depth: rate(),
    secret: rate(),
    timer: random.pick([0, 0.005, 0.01]),
  }
}

const crashes = ['crash-before', 'crash-after'] as const

/** Whoever comes to the same place a fourth time is let go on: what fails for ever goes to the dead letters, and waits for
 *  people. */
const helpedMax = 3

/** Draws what goes wrong with one operation after the other; `point`: what is done by whom, `pay: append claimed`. */
export function createFaults(rates: Rates, random: Random) {
  const helped = new Map<string, number>()

  function isHelped(place: string): boolean {
    const times = helped.get(place) ?? 0
    if (times >= helpedMax || !random.chance(rates.seldom)) return false
    helped.set(place, times + 1)
    return true
  }
  return ({
    nature,
    point,
    subject,
  }: {
    readonly nature: Nature
    readonly point: string
    readonly subject: string
  }): Fault | undefined => {
    if (seldomMet.has(point) && isHelped(`${point} ${subject}`)) return random.pick(crashes)
    return random.chance(rates[nature]) ? random.pick(possible[nature]) : undefined
  }
}
