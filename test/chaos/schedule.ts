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
  /** There is no work on a row any more. */
  unlisted(row: string): void
  /** Somebody may have given it something to do. */
  wake(): void
  /** What a lane that cannot move waits for may be there. */
  stir(): void
  /** Runs then at the latest (epoch milliseconds), whatever there is; `Infinity`: it need not. */
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
  /** All that there is to do is listed; when what is due at an instant may be done (both in epoch milliseconds). */
  readonly opening?: Opening
}
export type Opening = (at: number) => number

export function createSchedule(time: () => number, { patient = false, opening }: Habits = {}): Schedule {
  const nextMinute = () => (Math.floor(time() / minute) + 1) * minute
  function later(from: number): number {
    if (!patient) return from
    return from + clocksDiffer + (from - time() >= daily ? daysLeftOut * day : 0)
  }
  const begins = (at: number) => (opening ? opening(at) : at)
  let planned = time()
  let appointed = never
  /** When the first of `unseen` is to be seen to. */
  let called = never
  let running = false
  /** When work is due on each row that is listed. */
  const rows = new Map<string, number>()
  /** The rows that no run has come to since they were listed. */
  const unseen = new Set<string>()
  /** Whether somebody has said so since the last run began. */
  let woken = false
  /** Looks in a row that ended with a short pause: after work, or where nothing can move. */
  let repeated = 0
  let rests = false

  /** When the first row may be worked on; absent when rows have changed since it was known. Asked for at every step. */
  let opens: number | undefined
  function finds(): number {
    if (!opening) return 0
    if (opens !== undefined) return opens
    opens = never
    for (const at of rows.values()) opens = Math.min(opens, opening(at))
    return opens
  }
  function after({ next, more }: Looked): number {
    const promised = next === null ? never : epochMs(next)
    const pause = more ? nextMinute() + onItsWay - time() : Math.max(minute, promised - time())
    rests = !more && pause <= restMax
    repeated = more || rests ? repeated + 1 : 0
    if (repeated === 0) return Math.min(patient ? never : promised, time() + idleMax)
    const doubled = Math.min(Math.max(0, repeated - undoubled), doubledMax)
    return Math.max(nextMinute(), time() + Math.min(pause * 2 ** doubled, restsMax))
  }
  function call(at: number): void {
    called = Math.min(called, Math.max(nextMinute(), at))
  }
  function wake(): void {
    woken = true
    call(time())
  }

  return {
    due: () => (running ? planned : Math.min(appointed, Math.max(finds(), Math.min(planned, called)))),
    begin() {
      planned = nextMinute()
      running = true
      woken = false
      if (appointed <= time()) appointed = never
      // Whoever is patient asks about what is due only; the others see what there is.
      for (const row of unseen) if (!patient || (rows.get(row) ?? 0) <= time()) unseen.delete(row)
    },
    end(looked) {
      opens = undefined
      planned = after(looked)
      running = false
      called = never
      if (woken) call(time())
      for (const row of unseen) call(begins(rows.get(row) ?? never))
    },
    listed(row, at) {
      opens = undefined
      rows.set(row, later(at))
      unseen.add(row)
      call(begins(later(at)))
    },
    unlisted(row) {
      opens = undefined
      rows.delete(row)
      unseen.delete(row)
    },
    wake,
    appoint(at) {
      appointed = Math.max(nextMinute(), at)
    },
    stir() {
      if (running || rests) wake()
    },
  }
}

/** When what is dated at an instant may leave, as far as the calendar says until it changes. */
export function createOpening(time: () => number, shards: number): Opening {
  let change = 0
  let closed = false
  let early: readonly { readonly from: number; readonly to: number }[] = []
  function look(at: Instant): void {
    const next = nextChange(scheme2020, at)
    change = next === undefined ? never : epochMs(next)
    const [ordinary, ...others] = horizon(scheme2020, at, 0, shards)
    closed = !ordinary
    early = others.map(({ from, to }) => ({ from: from ? epochMs(from) : 0, to: epochMs(to) }))
  }
  return (at) => {
    if (time() >= change) look(instant(time()))
    if (closed) return change
    return early.some(({ from, to }) => from <= at && at <= to) ? time() : Math.min(at, change)
  }
}
