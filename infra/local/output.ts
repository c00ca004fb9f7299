import { AsyncLocalStorage } from 'node:async_hooks'

/** Tells which of a thread's environments wrote a line. */
export type Output = {
  /** What `work` writes, and all that it calls or sets off, is this environment's. */
  during<Result>(environment: number, work: () => Result): Result
  /** Whose work this is; the first environment's where it is nobody's. */
  environment(): number
  /** Has `onLine` called with what the stream is given, instead of its being written. */
  capture(stream: Pick<NodeJS.WriteStream, 'write'>): void
}

/** `onLine` gets whole lines without their ends. */
export function createOutput(onLine: (environment: number, line: string) => void): Output {
  const writing = new AsyncLocalStorage<number>()
  const current = () => writing.getStore() ?? 0
  return {
    during: (environment, work) => writing.run(environment, work),
    environment: current,
    capture(stream) {
      const unfinished = new Map<number, string>()
      stream.write = (chunk: string | Uint8Array) => {
        const environment = current()
        const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
        const lines = `${unfinished.get(environment) ?? ''}${text}`.split('\n')
        unfinished.set(environment, lines.pop() ?? '')
        for (const line of lines) onLine(environment, line)
        return true
      }
    },
  }
}
