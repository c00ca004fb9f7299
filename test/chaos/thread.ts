import { parentPort, workerData } from 'node:worker_threads'
import { attempt, type Task } from './attempt.ts'

/** Runs the seeds that it is sent, one after the other. */
export type Setup = { readonly signingKey: string }

const { signingKey }: Setup = workerData

parentPort?.on('message', async (task: Task) => parentPort?.postMessage(await attempt(task, signingKey)))
