import type { KeyObject } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { attempt, type Task } from './attempt.ts'
import { stackLinesMax } from './checks.ts'

/** Runs the seeds that it is sent, one after the other. */
export type Setup = { readonly signingKey: KeyObject }

const { signingKey }: Setup = workerData

// Refused conditions are errors, thousands in a run, and of one that is told only these lines are.
Error.stackTraceLimit = stackLinesMax

parentPort?.on('message', async (task: Task) => parentPort?.postMessage(await attempt(task, signingKey)))
