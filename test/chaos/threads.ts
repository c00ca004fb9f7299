import { Worker } from 'node:worker_threads'
import { type Outcome, type Task, thrown } from './attempt.ts'
import { createSigningKey } from './partners/partner.ts'
import { silence } from './silence.ts'
import type { Setup } from './thread.ts'

/** Threads that run seeds side by side. What comes of a seed does not depend on its thread, nor on the others. */
export type Threads = {
  /** Waits for a thread that has nothing to do. Never rejects: what ends a thread is its seed's failure. */
  attempt(task: Task): Promise<Outcome>
  close(): Promise<void>
}

type Waiting = { readonly task: Task; readonly settle: (outcome: Outcome) => void }

const env = { ...process.env, ...silence }
/** No run takes so long, unless it goes round in circles within a step. */
const secondsMax = 300

/** Of `most` threads as many are started as are needed. */
export function openThreads(most: number): Threads {
  const setup: Setup = { signingKey: createSigningKey() }
  const waiting: Waiting[] = []
  const idle: Worker[] = []
  const open = new Set<Worker>()

  function start(): Worker {
    const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData: setup, env })
    open.add(worker)
    return worker
  }
  function end(worker: Worker): Promise<number> {
    open.delete(worker)
    return worker.terminate()
  }
  function work(worker: Worker, { task, settle }: Waiting): void {
    const fail = (error: unknown) => {
      stop()
      void end(worker)
      settle(thrown(task.seed, error))
      next()
    }
    const deadline = setTimeout(() => fail(new Error(`no end within ${secondsMax} s`)), secondsMax * 1000)
    const answer = (outcome: Outcome) => {
      stop()
      idle.push(worker)
      settle(outcome)
      next()
    }
    const stop = () => {
      clearTimeout(deadline)
      worker.off('error', fail).off('message', answer)
    }
    worker.once('error', fail).once('message', answer)
    worker.postMessage(task)
  }
  function next(): void {
    if (waiting.length === 0) return
    const worker = idle.pop() ?? (open.size < most ? start() : undefined)
    const first = worker && waiting.shift()
    if (first) work(worker, first)
  }

  return {
    attempt: (task) =>
      new Promise((settle) => {
        waiting.push({ task, settle })
        next()
      }),
    async close() {
      await Promise.all([...open].map(end))
    },
  }
}
