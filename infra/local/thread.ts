import { type ResourceLimits, Worker } from 'node:worker_threads'
import type { Order, Report, Request, Setup, WorkerData } from './worker.ts'

/** A worker thread that hosts environments. */
export type Thread = {
  /** Starts an environment in the thread and says which number it has there. */
  start(setup: Setup, listener: ThreadListener): number
  /** What comes of it is reported to the environment's listener. */
  invoke(environment: number, request: Request): void
  /** False once it is ending, for whatever reason. */
  alive(): boolean
  /** Ends it with all its environments. */
  end(): Promise<void>
}

/** One environment's ears. */
export type ThreadListener = {
  reported(report: Report): void
  /** The thread has ended; `fault` is what nobody in it has caught. */
  ended(fault: Error | undefined): void
}

export type ThreadOptions = Pick<WorkerData, 'cell'> & {
  /** Whether its environments report what they call. (Default: false.) */
  readonly watched?: boolean | undefined
  /** The runtime, bundled. */
  readonly workerFile: string
  readonly resourceLimits: ResourceLimits
}

export function createThread({ workerFile, cell, watched = false, resourceLimits }: ThreadOptions): Thread {
  const workerData: WorkerData = { cell, watched }
  const worker = new Worker(workerFile, { workerData, env: {}, resourceLimits, execArgv: [] })
  const listeners: ThreadListener[] = []
  let running = true
  let terminated: Promise<number> | undefined
  let fault: Error | undefined

  worker.on('message', (report: Report) => listeners[report.environment]?.reported(report))
  worker.on('error', (error) => {
    running = false
    fault = error instanceof Error ? error : new Error(String(error))
  })
  worker.on('exit', () => {
    running = false
    for (const listener of listeners) listener.ended(fault)
  })
  const order = (message: Order) => worker.postMessage(message)

  return {
    start(setup, listener) {
      const environment = listeners.push(listener) - 1
      order({ type: 'start', environment, setup })
      return environment
    },
    invoke: (environment, { id, event }) => order({ type: 'invoke', environment, id, event }),
    alive: () => running,
    async end() {
      running = false
      terminated ??= worker.terminate()
      await terminated
    },
  }
}
