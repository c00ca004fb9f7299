import type { Activity } from './activity.ts'
import type { VirtualClock } from './clock.ts'

/** Something that wants to act at certain instants. */
export type Source = {
  /** The earliest instant, in epoch milliseconds, at which it has something to do; `Infinity` when none. */
  next(): number
  /** Starts everything that is due at the clock's time; what it starts counts as activity. */
  fire(): void
}

export type Action = () => void | Promise<void>

/** The host's own entries: actions at instants, which it may add at any time. */
export type Agenda = Source & {
  /** Runs `action` at that instant, together with the others of the same instant; at once when it has passed. */
  at(epochMs: number, action: Action): void
}

export function createAgenda(clock: VirtualClock, activity: Activity): Agenda {
  const actions = new Map<number, Action[]>()
  /** The keys of `actions`, latest first, so that the earliest is taken off the end. */
  const instants: number[] = []

  /** The first position whose instant is not later than this one. */
  function position(epochMs: number): number {
    let low = 0
    let high = instants.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((instants[middle] ?? Number.NaN) > epochMs) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    at(epochMs, action) {
      if (!Number.isFinite(epochMs)) throw new RangeError(`not an instant: ${epochMs}`)
      const sameInstant = actions.get(epochMs)
      if (sameInstant) return void sameInstant.push(action)
      actions.set(epochMs, [action])
      instants.splice(position(epochMs), 0, epochMs)
    },
    next: () => instants.at(-1) ?? Number.POSITIVE_INFINITY,
    fire() {
      const due: Action[] = []
      for (
        let instant = instants.at(-1);
        instant !== undefined && instant <= clock.now();
        instant = instants.at(-1)
      ) {
        instants.pop()
        due.push(...(actions.get(instant) ?? []))
        actions.delete(instant)
      }
      for (const action of due) activity.start(action)
    },
  }
}

export type Timeline = {
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly sources: readonly Source[]
  /** Resolves once what time does not wait for is over; it may have left something to do. */
  readonly settled: () => Promise<void>
  /** How many answers others still owe, e.g. simulated partners; time waits for them too. */
  readonly busy: () => number
  /** Throws once the stack was stopped. */
  readonly check: () => void
}

const roundsPerInstant = 10_000
const patienceMs = 60_000

/**
 * Moves time to `until` (epoch milliseconds), stopping at every instant at which a source acts, that of `until`
 * included. Time moves only when the stack is quiet: nothing under way and no answer owed. When it has moved there,
 * all else is over, too.
 */
export async function runTimeline(timeline: Timeline, until: number): Promise<void> {
  const { clock, sources, settled } = timeline
  const earliest = () => Math.max(clock.now(), Math.min(...sources.map((source) => source.next())))
  let rounds = 0
  while (rounds < roundsPerInstant) {
    await quiet(timeline)
    if (earliest() > until) {
      await settled()
      await quiet(timeline)
    }
    const next = earliest()
    if (next > until) return clock.moveTo(Math.max(clock.now(), until))
    rounds = next > clock.now() ? 0 : rounds + 1
    clock.moveTo(next)
    for (const source of sources) source.fire()
  }
  throw new Error(
    `virtual time is stuck at ${new Date(clock.now()).toISOString()}: something is due again and again`,
  )
}

async function quiet({ activity, busy, check }: Timeline): Promise<void> {
  await activity.idle()
  check()
  // A partner may still be writing an answer that nobody waits for any more; let its I/O happen.
  const since = performance.now()
  while (busy() > 0) {
    if (performance.now() - since > patienceMs)
      throw new Error(`${busy()} simulated answers are still open; time cannot move`)
    await new Promise((resolve) => setImmediate(resolve))
    await activity.idle()
    check()
  }
}
