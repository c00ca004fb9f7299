import type { Arguments } from './arguments.ts'
import type { Outcome } from './attempt.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { createTally, type Met } from './tally.ts'
import type { Threads } from './threads.ts'

/** What came of all seeds. */
export type Results = {
  readonly steps: number
  /** Of wall time, for the seeds alone: shrinking comes on top. */
  readonly seconds: number
  readonly met: Met
  /** In the order of their seeds. */
  readonly failed: readonly Failed[]
}
export type Failed = {
  readonly outcome: Outcome
  /** Absent when so many seeds failed that this one was left as it is. */
  readonly shrunk?: Shrunk
}

/** How far it is. `failed` seeds are among those `done`. */
export type Progress = { readonly done: number; readonly failed: number; readonly seconds: number }

/** Seeds that are shrunk: whoever has more failing ones repairs these first. */
const shrunkMax = 5

/** Runs the seeds side by side, as many as `width`, then shrinks what failed. */
export async function runSeeds(
  { from, seeds, participants }: Omit<Arguments, 'json'>,
  { threads, width, note }: { threads: Threads; width: number; note: (progress: Progress) => void },
): Promise<Results> {
  const tally = createTally()
  const failed: Outcome[] = []
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  let steps = 0
  let begun = 0
  let done = 0
  async function oneAfterTheOther(): Promise<void> {
    while (begun < seeds) {
      const outcome = await threads.attempt({ seed: from + begun++, participants })
      done += 1
      steps += outcome.steps
      tally.include(outcome.met)
      if (outcome.problems.length > 0) failed.push(outcome)
      note({ done, failed: failed.length, seconds: seconds() })
    }
  }
  await Promise.all(Array.from({ length: width }, oneAfterTheOther))
  const results = { steps, seconds: seconds(), met: tally.met }

  const inOrder = failed.toSorted((one, other) => one.seed - other.seed)
  const shortened = inOrder.map(async (outcome, index): Promise<Failed> => {
    if (index >= shrunkMax) return { outcome }
    const { seed } = outcome
    return {
      outcome,
      shrunk: await shrink(outcome, (faultsUntil) => threads.attempt({ seed, participants, faultsUntil })),
    }
  })
  return { ...results, failed: await Promise.all(shortened) }
}
