import { epochMs, type Instant, instant } from '../../shared/domain/instant.ts'
import type { Random } from './random.ts'

/** A worker's clock, which may be wrong, and may be set back and forth while the worker looks at it. */
export type Clock = {
  now(): Instant
  /** When it said so first, in epoch milliseconds, as `said`. */
  trueTime(said: number): number
  /** How much less than the true one the time between two looks at it may be, in milliseconds. */
  readonly lostMs: number
  /** What is wrong with it, in words; empty: nothing. */
  readonly fault: string
}

/** How far a clock may be from the true one. */
const skewMaxMs = 5_000
/** A rule that was kept by one look may be broken by so much by the next one, which the journal has. */
export const setBackMaxSeconds = (2 * skewMaxMs) / 1_000
/** A clock that is set again and again comes back to where it was. */
const settings = 4

/** `rate`: how often a clock is wrong, 0 to 1. `time`: the true one, in epoch milliseconds. */
export function drawClock(time: () => number, random: Random, rate: number): Clock {
  const draw = () => random.integer(-skewMaxMs, skewMaxMs)
  if (!random.chance(rate)) return createSteadyClock(time, 0)
  if (!random.chance(0.3)) return createSteadyClock(time, draw())
  return createUnsteadyClock(time, Array.from({ length: settings }, draw))
}

/** Always as far from the true time. What it says is made once for all who ask at the same time. */
function createSteadyClock(time: () => number, skewMs: number): Clock {
  let known: { readonly time: number; readonly now: Instant } | undefined
  return {
    now() {
      if (time() !== known?.time) known = { time: time(), now: instant(time() + skewMs) }
      return known.now
    },
    trueTime: (said) => said - skewMs,
    lostMs: 0,
    fault: skewMs === 0 ? '' : `${skewMs / 1_000} s off`,
  }
}

/** Is set anew before every look at it, to these skews in turn. */
function createUnsteadyClock(time: () => number, skewsMs: readonly number[]): Clock {
  const said = new Map<number, number>()
  let looks = 0
  return {
    now() {
      const skewMs = skewsMs[looks++ % skewsMs.length] ?? 0
      const now = instant(time() + skewMs)
      if (!said.has(epochMs(now))) said.set(epochMs(now), time())
      return now
    },
    trueTime: (at) => said.get(at) ?? at - skewMaxMs,
    lostMs: 2 * skewMaxMs,
    fault: `${Math.min(...skewsMs) / 1_000} to ${Math.max(...skewsMs) / 1_000} s off`,
  }
}
