/** What is under way: time may move only when nothing is. */
export type Activity = {
  /** Counts `work` until it has ended, well or badly, and passes its result on. */
  during<Result>(work: () => Promise<Result>): Promise<Result>
  /** The same for work that nobody waits for: its first failure is what `idle` rejects with from then on. */
  start(work: () => void | Promise<void>): void
  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void>
}

export function createActivity(): Activity {
  let count = 0
  let waiting: (() => void)[] = []
  const failures: unknown[] = []

  async function during<Result>(work: () => Promise<Result>): Promise<Result> {
    count += 1
    try {
      return await work()
    } finally {
      count -= 1
      if (count === 0) {
        for (const wake of waiting) wake()
        waiting = []
      }
    }
  }

  return {
    during,
    start(work) {
      void during(async () => {
        try {
          await work()
        } catch (failure) {
          failures.push(failure)
        }
      })
    },
    async idle() {
      while (count > 0) await new Promise<void>((resolve) => waiting.push(resolve))
      if (failures.length > 0) throw failures[0]
    },
  }
}
