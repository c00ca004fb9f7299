import { Worker } from 'node:worker_threads'
import type { Report, Request, Setup } from './worker.ts'

/** What became of an invocation. `lost`: its environment was killed, and nobody knows how far it came. */
export type Invocation =
  | { readonly outcome: 'returned'; readonly value: unknown }
  | { readonly outcome: 'failed'; readonly errorType: string; readonly errorMessage: string }
  | { readonly outcome: 'lost' }

/** One execution environment: a thread that has loaded a function's bundle. */
export type Environment = {
  /** One at a time. Never rejects. */
  invoke(request: Request): Promise<Invocation>
  /** False once the thread has ended, for whatever reason. */
  alive(): boolean
  /** Ends the thread; an invocation under way is lost. */
  kill(): Promise<void>
}

export type EnvironmentOptions = {
  readonly workerFile: string
  readonly setup: Setup
  /** All that the function sees in process.env. */
  readonly variables: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
}

/** Small heaps: a stack has some fifteen of these threads. Lambda's own memory limit is far higher. */
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 }

export function createEnvironment({ workerFile, setup, variables, onLine }: EnvironmentOptions): Environment {
  const worker = new Worker(workerFile, {
    workerData: setup,
    env: { ...variables },
    resourceLimits,
    execArgv: [],
  })
  let running = true
  let fault: Error | undefined
  let settle = (_invocation: Invocation) => {}

  worker.on('message', (report: Report) => {
    if (report.type === 'line') onLine(report.line)
    else settle(invocationOf(report))
  })
  worker.on('error', (error) => {
    fault = error instanceof Error ? error : new Error(String(error))
  })
  worker.on('exit', () => {
    running = false
    settle(
      fault ? { outcome: 'failed', errorType: fault.name, errorMessage: fault.message } : { outcome: 'lost' },
    )
  })

  /** Lambda's limit, in real time: virtual time stands still, and a function that hangs would hang the stack. */
  function timeOut() {
    fault = new Error(`${setup.functionName} did not return within ${setup.timeoutMs / 1000} seconds`)
    fault.name = 'Sandbox.Timedout'
    void worker.terminate()
  }

  return {
    invoke(request) {
      if (!running) return Promise.resolve({ outcome: 'lost' })
      return new Promise((resolve) => {
        const timer = setTimeout(timeOut, setup.timeoutMs)
        settle = (invocation) => {
          clearTimeout(timer)
          resolve(invocation)
        }
        worker.postMessage(request)
      })
    },
    alive: () => running,
    async kill() {
      running = false
      await worker.terminate()
    },
  }
}

function invocationOf(report: Exclude<Report, { type: 'line' }>): Invocation {
  if (report.type === 'failed') {
    return { outcome: 'failed', errorType: report.errorType, errorMessage: report.errorMessage }
  }
  const value: unknown = report.value === undefined ? undefined : JSON.parse(report.value)
  return { outcome: 'returned', value }
}
