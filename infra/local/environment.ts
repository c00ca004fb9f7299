import type { Call } from './calls.ts'
import type { Thread } from './thread.ts'
import type { Report, Request, Setup } from './worker.ts'

/** What became of an invocation. `lost`: its environment was killed, and nobody knows how far it came. */
export type Invocation =
  | { readonly outcome: 'returned'; readonly value: unknown }
  | { readonly outcome: 'failed'; readonly errorType: string; readonly errorMessage: string }
  | { readonly outcome: 'lost' }

/** One execution environment: a function's bundle, loaded in a thread. */
export type Environment = {
  /** One at a time. Never rejects. */
  invoke(request: Request): Promise<Invocation>
  /** False once its thread is ending, for whatever reason. */
  alive(): boolean
  /** Ends the thread, and with it whatever shares it; an invocation under way is lost. */
  kill(): Promise<void>
}

export type EnvironmentOptions = {
  readonly thread: Thread
  readonly setup: Setup
  readonly onLine: (line: string) => void
  readonly onCall?: ((call: Call) => void) | undefined
}

export function createEnvironment({ thread, setup, onLine, onCall }: EnvironmentOptions): Environment {
  const { functionName, timeoutMs } = setup
  let timedOut: Error | undefined
  let settle = (_invocation: Invocation) => {}
  const place = thread.start(setup, {
    reported(report) {
      if (report.type === 'line') onLine(report.line)
      else if (report.type === 'called') onCall?.(report.call)
      else settle(invocationOf(report))
    },
    ended: (fault) => settle(ending(timedOut ?? fault)),
  })

  /** Lambda's limit, in real time: virtual time stands still, and a function that hangs would hang the stack. */
  function timeOut() {
    timedOut = new Error(`${functionName} did not return within ${timeoutMs / 1000} seconds`)
    timedOut.name = 'Sandbox.Timedout'
    void thread.end()
  }

  return {
    invoke(request) {
      if (!thread.alive()) return Promise.resolve({ outcome: 'lost' })
      return new Promise((resolve) => {
        const timer = setTimeout(timeOut, timeoutMs)
        settle = (invocation) => {
          clearTimeout(timer)
          resolve(invocation)
        }
        thread.invoke(place, request)
      })
    },
    alive: thread.alive,
    kill: thread.end,
  }
}

/** What the end of its thread makes of an invocation under way. */
const ending = (fault: Error | undefined): Invocation =>
  fault ? { outcome: 'failed', errorType: fault.name, errorMessage: fault.message } : { outcome: 'lost' }

function invocationOf(report: Exclude<Report, { type: 'line' | 'called' }>): Invocation {
  if (report.type === 'failed') {
    return { outcome: 'failed', errorType: report.errorType, errorMessage: report.errorMessage }
  }
  const value: unknown = report.value === undefined ? undefined : JSON.parse(report.value)
  return { outcome: 'returned', value }
}
