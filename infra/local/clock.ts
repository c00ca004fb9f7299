import { createCell, virtualDate } from './date.ts'

/** Virtual time. It stands still until something moves it, also inside an invocation. */
export type VirtualClock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Throws when asked to go back. */
  moveTo(epochMs: number): void
  /** What other threads read the time from; see date.ts. */
  readonly cell: Float64Array<SharedArrayBuffer>
  /** Puts this thread's `Date` on virtual time and returns the way back. One clock per process at a time. */
  install(): () => void
}

let installed = false

export function createClock(startAt: number): VirtualClock {
  const cell = createCell(startAt)
  const now = () => cell[0] ?? Number.NaN
  return {
    now,
    cell,
    moveTo(epochMs) {
      if (!(epochMs >= now())) throw new RangeError(`time cannot go back from ${now()} to ${epochMs}`)
      cell[0] = epochMs
    },
    install() {
      if (installed) throw new Error('another virtual clock runs in this process; stop its stack first')
      const real = globalThis.Date
      globalThis.Date = virtualDate(cell)
      installed = true
      return () => {
        globalThis.Date = real
        installed = false
      }
    },
  }
}
