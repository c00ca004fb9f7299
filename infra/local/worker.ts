import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { virtualDate } from './date.ts'

/**
 * The Lambda runtime inside a worker thread: one execution environment, one invocation at a time. The bundle sees
 * virtual time from its first line on. Time stands still during an invocation, so that the remaining time is the
 * function's whole timeout throughout. Unlike on Lambda, un-awaited work goes on between invocations.
 */

export type Setup = {
  /** The bundle, an ES module. */
  readonly file: string
  /** The name of its exported handler. */
  readonly handler: string
  readonly functionName: string
  readonly functionArn: string
  readonly memorySize: number
  readonly timeoutMs: number
  readonly cell: Float64Array<SharedArrayBuffer>
}
/** Host to worker; `event` is JSON. */
export type Request = { readonly id: string; readonly event: string }
/** Worker to host: a line that the function wrote, or the end of an invocation with its result as JSON. */
export type Report =
  | { readonly type: 'line'; readonly line: string }
  | { readonly type: 'returned'; readonly value: string | undefined }
  | { readonly type: 'failed'; readonly errorType: string; readonly errorMessage: string }

type Handler = (event: unknown, context: object) => unknown

const setup: Setup = workerData
const report = (message: Report) => parentPort?.postMessage(message)

globalThis.Date = virtualDate(setup.cell)
captureLines(process.stdout)
captureLines(process.stderr)
const handler = load()
handler.catch(() => {}) // Every invocation reports it.
parentPort?.on('message', (request: Request) => void invoke(request))

function captureLines(stream: NodeJS.WriteStream) {
  let unfinished = ''
  stream.write = (chunk: string | Uint8Array) => {
    const lines = (unfinished + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split(
      '\n',
    )
    unfinished = lines.pop() ?? ''
    for (const line of lines) report({ type: 'line', line })
    return true
  }
}

async function load(): Promise<Handler> {
  const bundle: Record<string, unknown> = await import(pathToFileURL(setup.file).href)
  const exported = bundle[setup.handler]
  if (typeof exported !== 'function') throw new TypeError(`the bundle exports no function ${setup.handler}`)
  return (event, context) => exported(event, context)
}

async function invoke({ id, event }: Request) {
  try {
    const value = await (await handler)(JSON.parse(event), contextOf(id))
    report({ type: 'returned', value: JSON.stringify(value) })
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error))
    report({ type: 'failed', errorType: known.name, errorMessage: known.message })
  }
}

function contextOf(awsRequestId: string) {
  const deadline = Date.now() + setup.timeoutMs
  return {
    awsRequestId,
    functionName: setup.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: setup.functionArn,
    memoryLimitInMB: `${setup.memorySize}`,
    logGroupName: `/aws/lambda/${setup.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}
