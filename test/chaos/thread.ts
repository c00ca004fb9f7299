import type { KeyObject } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { attempt, type Task } from './attempt.ts'
import { stackLinesMax } from './checks.ts'

/** Runs the seeds that it is sent, one after the other. */
export type Setup = { readonly signingKey: KeyObject }

const { signingKey }: Setup = workerData

// A thread's environment is slow to look at, and Powertools looks at it with everything it counts.
process.env = { ...process.env }

/** Refused conditions are errors, thousands in a run, and where each comes from takes longer to find out than to refuse
 *  it: only a run that ended by an error is made again, to say where that one came from. */
async function attemptWithStack(task: Task) {
  Error.stackTraceLimit = 0
  const outcome = await attempt(task, signingKey)
  if (!outcome.problems.some(({ check }) => check === 'error')) return outcome
  Error.stackTraceLimit = stackLinesMax
  return attempt(task, signingKey)
}

parentPort?.on('message', async (task: Task) => parentPort?.postMessage(await attemptWithStack(task)))
