import { createHash } from 'node:crypto'
import type { Arguments } from './arguments.ts'
import type { Outcome, Task } from './attempt.ts'
import { isForEngine } from './engine/share.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { createTally, type Met } from './tally.ts'
import type { Threads } from './threads.ts'

/** What came of all seeds. */
export type Results = {
  /** How many of them ran on the engine. */
  readonly engineSeeds: number
  readonly steps: number
  /** Of wall time, for the seeds alone: shrinking comes on top. */
  readonly seconds: number
  /** Lower-case hex sha256 of the runs' digests in the order of their seeds: the same seeds give the same one. */
  readonly digest: string
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

export type Running = {
  readonly threads: Threads
  readonly width: number
  /** The engine's address; absent: no seed runs on it. */
  readonly engine?: string
  readonly note: (progress: Progress) => void
}

/** Runs the seeds side by side, as many as `width`, then shrinks what failed. */
export async function runSeeds(
  asked: Omit<Arguments, 'json'>,
  { threads, width, engine, note }: Running,
): Promise<Results> {
  const { from, seeds, participants } = asked
  const taskOf = (seed: number): Task => ({
    seed,
    participants,
    ...(engine !== undefined && isForEngine(seed, asked) && { engine }),
  })
  // Those on the engine take longest: begun last, one would keep a thread busy when the others have nothing left.
  const tasks = Array.from({ length: seeds }, (_, index) => taskOf(from + index)).toSorted(
    (one, other) => Number(other.engine !== undefined) - Number(one.engine !== undefined),
  )
  const tally = createTally()
  const failed: Outcome[] = []
  const digests: string[] = []
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  let steps = 0
  let done = 0
  let engineSeeds = 0
  async function oneAfterTheOther(): Promise<void> {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const outcome = await threads.attempt(task)
      done += 1
      if (task.engine !== undefined) engineSeeds += 1
      steps += outcome.steps
      digests[task.seed - from] = outcome.digest
      tally.include(outcome.met)
      if (outcome.problems.length > 0) failed.push(outcome)
      note({ done, failed: failed.length, seconds: seconds() })
    }
  }
  await Promise.all(Array.from({ length: width }, oneAfterTheOther))
  const digest = createHash('sha256').update(digests.join('\n')).digest('hex')
  const results = { engineSeeds, steps, seconds: seconds(), digest, met: tally.met }

  const inOrder = failed.toSorted((one, other) => one.seed - other.seed)
  const shortened = inOrder.map(async (outcome, index): Promise<Failed> => {
    if (index >= shrunkMax) return { outcome }
    const task = taskOf(outcome.seed)
    return {
      outcome,
      shrunk: await shrink(outcome, (faultsUntil) => threads.attempt({ ...task, faultsUntil })),
    }
  })
  return { ...results, failed: await Promise.all(shortened) }
}
