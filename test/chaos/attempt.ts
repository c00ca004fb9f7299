import type { KeyObject } from 'node:crypto'
import { type Problem, problemOf } from './checks.ts'
import { openEngineDatabase } from './engine/database.ts'
import { tables } from './environments.ts'
import { type RunOptions, type RunResult, run } from './run.ts'
import { type Story, storyOf } from './story.ts'
import type { Met } from './tally.ts'

/** One seed to run; see the options of `run`. */
export type Task = {
  readonly seed: number
  readonly participants: number
  readonly faultsUntil?: number
  /** The address of the engine to run it on; absent: in memory. */
  readonly engine?: string
}

/** What came of it, as plain data, which threads can send. */
export type Outcome = {
  readonly seed: number
  /** Empty when every promise held. */
  readonly problems: readonly Problem[]
  /** 0 when nobody knows: the run threw. */
  readonly steps: number
  /** Lower-case hex sha256 of what happened, line by line; empty when nobody knows. */
  readonly digest: string
  readonly met: Met
  /** Of whom the first problem is about. */
  readonly story?: Story
}

/** Of what ends a thread as of a broken promise: it is the seed's, whatever it is. */
export function thrown(seed: number, error: unknown): Outcome {
  const met = { points: new Map(), faults: new Map(), behaviours: new Map() }
  return { seed, problems: [problemOf(error)], steps: 0, digest: '', met }
}

async function runOn(engine: string | undefined, options: RunOptions): Promise<RunResult> {
  if (engine === undefined) return run(options)
  const database = await openEngineDatabase(engine, tables)
  try {
    return await run({ ...options, database })
  } finally {
    await database.close()
  }
}

/** Runs a seed and never throws. */
export async function attempt({ engine, ...task }: Task, signingKey: KeyObject): Promise<Outcome> {
  const { seed } = task
  try {
    const result = await runOn(engine, { ...task, signingKey })
    const { problems, steps, digest, met } = result
    const [first] = problems
    return { seed, problems, steps, digest, met, ...(first && { story: storyOf(result, first.subject) }) }
  } catch (error) {
    return thrown(seed, error)
  }
}
