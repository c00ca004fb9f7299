/**
 * Five minutes' worth of requests may come at once. Virtual time stands still while the system works, so a
 * whole lane of two minutes, its account inquiries and the questions of a run all arrive in one instant.
 */
const burstSeconds = 300

export type RateCap = {
  /** Whether one more request is within the rate. */
  take(): boolean
  /** Lets nothing through for so many seconds from now. */
  close(seconds: number): void
  closed(): boolean
}

/** A token bucket; `now` is in epoch milliseconds. */
export function createRateCap(options: {
  readonly ratePerSecond: number
  readonly now: () => number
}): RateCap {
  const { ratePerSecond, now } = options
  const capacity = ratePerSecond * burstSeconds
  let left = capacity
  let filledAt = now()
  let closedUntil = 0
  const closed = () => now() < closedUntil
  return {
    take() {
      if (closed()) return false
      left = Math.min(capacity, left + ((now() - filledAt) / 1000) * ratePerSecond)
      filledAt = now()
      if (left < 1) return false
      left -= 1
      return true
    },
    close(seconds) {
      closedUntil = now() + seconds * 1000
    },
    closed,
  }
}
