/** What people have set out to do, and do again until they hear that it is done. */
export type Errands<Errand> = {
  /** To be done from `at` on, in epoch milliseconds. (Default: now.) */
  add(errand: Errand, at?: number): void
  /** Those whose time has come; whoever takes one says how it went by `done`, or is asked again an hour later. */
  due(): readonly Errand[]
  begin(errand: Errand): void
  done(errand: Errand): void
  /** Epoch milliseconds; `Infinity` without one. */
  next(): number
}

const again = 3_600_000

export function createErrands<Errand>(time: () => number): Errands<Errand> {
  const times = new Map<Errand, number>()
  return {
    add: (errand, at = time()) => void times.set(errand, at),
    due: () => {
      const due: Errand[] = []
      for (const [errand, at] of times) if (at <= time()) due.push(errand)
      return due
    },
    begin: (errand) => void times.set(errand, time() + again),
    done: (errand) => void times.delete(errand),
    next: () => Math.min(...times.values()),
  }
}
