import { horizon, nextChange } from '../../shared/domain/calendar.ts'
import { epochMs, type Instant, instant } from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'

/**
 * When a function that runs every minute is run here: the minutes in which it would find nothing are left out, and of
 * looks at what has not changed, or has just been worked on, only some are taken. Whoever changes something says so.
 */
export type Schedule = {
  /** Epoch milliseconds of the next run. */
  due(): number
  /** A run begins; should its machine die, the next minute's is the next. */
  begin(): void
  end(looked: Looked): void
  /** There is work on a row, due from then on (epoch milliseconds), and not before as it was. */
  listed(row: string, at: number): void
  /** What a lane that cannot move waits for may be there. */
  stir(): void
  /** Runs then at the latest (epoch milliseconds), whatever there is. */
  appoint(at: number): void
}

/** What came of a run. */
export type Looked = {
  /** When there is work again, as far as it knows. */
  readonly next: Instant | null
  /** Whether to look again soon, because there may be more of what there was. */
  readonly more: boolean
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const never = Number.POSITIVE_INFINITY
/** Even where nothing is known of: somebody looks. */
const idleMax = 30 * day
/** What has just been let go is on its way for some minutes: to look sooner finds nothing. */
const onItsWay = 3 * minute
/** A lane that cannot move asks to be looked at again within an hour: here later and later, until it is stirred. */
const restMax = hour
const undoubled = 1
const doubledMax = 9
const restsMax = day
/** What has been asked about often comes up once a day; here it is seen to once a week. */
const daily = 6 * hour
const daysLeftOut = 6

/** By the slowest clock, too, it is due then. */
const clocksDiffer = 5_000

type Habits = {
  /** Runs when what was listed is due, not to see what there is; and what can wait for hours can wait for days. */
  readonly patient?: boolean
  /** When work may be let go that is not due yet (epoch milliseconds). */
  readonly early?: () => number
}

export function createSchedule(
  time: () => number,
  { patient = false, early = () => never }: Habits = {},
): Schedule {
  const nextMinute = () => (Math.floor(time() / minute) + 1) * minute
  function later(from: number): number {
    if (!patient) return from
    return from + clocksDiffer + (from - time() >= daily ? daysLeftOut * day : 0)
  }
  let due = time()
  let running = false
  /** When work on a row is due that was listed and that no run has come to since. */
  const waiting = new Map<string, number>()
  /** Looks in a row that ended with a short pause: after work, or where nothing can move. */
  let repeated = 0
  let rests = false
  let appointed = never

  function after({ next, more }: Looked): number {
    const planned = next === null ? never : epochMs(next)
    const pause = more ? nextMinute() + onItsWay - time() : Math.max(minute, planned - time())
    rests = !more && pause <= restMax
    repeated = more || rests ? repeated + 1 : 0
    if (repeated === 0) return Math.min(patient ? never : planned, time() + idleMax)
    const doubled = Math.min(Math.max(0, repeated - undoubled), doubledMax)
    return Math.max(nextMinute(), time() + Math.min(pause * 2 ** doubled, restsMax))
  }
  function plan(): void {
    if (appointed < due) due = Math.max(nextMinute(), appointed)
    for (const at of waiting.values())
      if (at < due) due = Math.min(due, Math.max(nextMinute(), Math.min(at, early())))
  }
  function listed(row: string, at: number): void {
    waiting.set(row, later(at))
    if (!running) plan()
  }

  return {
    due: () => due,
    begin() {
      due = nextMinute()
      running = true
      if (appointed <= time()) appointed = never
      // Whoever is patient asks about what is due only; the others see what there is.
      for (const [row, at] of waiting) if (!patient || at <= time()) waiting.delete(row)
    },
    end(looked) {
      due = after(looked)
      running = false
      plan()
    },
    listed,
    appoint(at) {
      appointed = at
      if (!running) plan()
    },
    stir() {
      if (running || rests) listed('', time())
    },
  }
}

/** When the calendar may let go what is not due yet: always, before a blackout; else once it changes. */
export function createOpenings(time: () => number, shards: number): () => number {
  let change = 0
  let now = false
  return () => {
    if (time() >= change) {
      const at = instant(time())
      const next = nextChange(scheme2020, at)
      change = next === undefined ? never : epochMs(next)
      now = horizon(scheme2020, at, 0, shards).length > 1
    }
    return now ? time() : change
  }
}
