import { horizon, nextChange } from '../../shared/domain/calendar.ts'
import { epochMs, type Instant, instant } from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'

/**
 * When a function that runs every minute is run here: the minutes in which it would find nothing are left out, and of
 * looks at what has not changed only some are taken. Whoever changes something says so.
 */
export type Schedule = {
  /** Epoch milliseconds of the next run. */
  due(): number
  /** A run begins; should its machine die, the next minute's is the next. */
  begin(): void
  end(looked: Looked): void
  /** There is work, due from then on (epoch milliseconds). */
  listed(at: number): void
  /** What a lane that cannot move waits for may be there. */
  stir(): void
}

/** What came of a run. */
export type Looked = {
  /** When there is work again, as far as it knows. */
  readonly next: Instant | null
  /** Whether to look again at once, because there may be more of what there was. */
  readonly more: boolean
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Even where nothing is known of: somebody looks. */
const never = Number.POSITIVE_INFINITY
const idleMax = 30 * day
/** A lane that cannot move asks to be looked at again within an hour: here later and later, until it is stirred. */
const restMax = hour
const doubledMax = 9
/** What has been asked about often comes up once a day; here it is seen to once a week. */
const daily = 6 * hour
const daysLeftOut = 6

type Habits = {
  /** Runs when work is due; and what can wait for hours can wait for days. */
  readonly patient?: boolean
  /** When work may be let go that is not due yet (epoch milliseconds). */
  readonly early?: () => number
}

export function createSchedule(
  time: () => number,
  { patient = false, early = () => never }: Habits = {},
): Schedule {
  const nextMinute = () => (Math.floor(time() / minute) + 1) * minute
  const later = (from: number) => (patient && from - time() >= daily ? from + daysLeftOut * day : from)
  let due = time()
  let running = false
  /** The earliest that was listed during the run. */
  let missed = never
  /** Looks in a row that ended with a short pause: after work, or where nothing can move. */
  let repeated = 0
  let rests = false

  function after({ next, more }: Looked): number {
    const planned = next === null ? never : epochMs(next)
    const pause = more ? nextMinute() - time() : planned - time()
    rests = !more && pause <= restMax
    repeated = more || rests ? repeated + 1 : 0
    if (repeated === 0) return Math.min(later(planned), time() + idleMax)
    return Math.max(nextMinute(), time() + pause * 2 ** Math.min(repeated - 1, doubledMax))
  }
  function listed(at: number): void {
    if (running) missed = Math.min(missed, at)
    if (at < due) due = Math.min(due, Math.max(nextMinute(), Math.min(later(at), early())))
  }

  return {
    due: () => due,
    begin() {
      due = nextMinute()
      running = true
      missed = never
    },
    end(looked) {
      due = after(looked)
      running = false
      listed(missed)
    },
    listed,
    stir() {
      if (running || rests) listed(time())
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
