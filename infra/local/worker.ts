import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { type Call, watchCalls } from './calls.ts'
import { virtualDate } from './date.ts'
import { createOutput } from './output.ts'

/**
 * The Lambda runtime inside a worker thread: one or several execution environments, each with a module instance of
 * its own and one invocation at a time. They see virtual time from their first line on. Time stands still during an
 * invocation, so that the remaining time is the function's whole timeout throughout. Unlike on Lambda, un-awaited
 * work goes on between invocations.
 */

/** What an environment is started with. */
export type Setup = {
  /** The bundle, an ES module. */
  readonly file: string
  /** The name of its exported handler. */
  readonly handler: string
  readonly functionName: string
  readonly functionArn: string
  readonly memorySize: number
  readonly timeoutMs: number
  /** All that the function sees in process.env while it is imported. */
  readonly variables: Readonly<Record<string, string>>
}
/** `event` is JSON. */
export type Request = { readonly id: string; readonly event: string }
/** Host to worker. Environments are numbered from 0 in the order in which they were started. */
export type Order = { readonly environment: number } & (
  | { readonly type: 'start'; readonly setup: Setup }
  | ({ readonly type: 'invoke' } & Request)
)
/** Worker to host: a line that a function wrote, a call of AWS that it has not made before, or the end of an invocation with
 *  its result as JSON. */
export type Report = { readonly environment: number } & (
  | { readonly type: 'line'; readonly line: string }
  | { readonly type: 'called'; readonly call: Call }
  | { readonly type: 'returned'; readonly value: string | undefined }
  | { readonly type: 'failed'; readonly errorType: string; readonly errorMessage: string }
)
export type WorkerData = {
  readonly cell: Float64Array<SharedArrayBuffer>
  /** Whether calls of AWS are reported. */
  readonly watched: boolean
}

type Handler = (event: unknown, context: object) => unknown
type Environment = { readonly setup: Setup; readonly handler: Promise<Handler> }

const { cell, watched }: WorkerData = workerData
const report = (message: Report) => parentPort?.postMessage(message)

globalThis.Date = virtualDate(cell)
const output = createOutput((environment, line) => report({ environment, type: 'line', line }))
output.capture(process.stdout)
output.capture(process.stderr)
const reported = new Set<string>()
if (watched)
  watchCalls(output.environment, (environment, call) => {
    const line = `${environment} ${call.action} ${call.resource}`
    if (reported.has(line)) return
    reported.add(line)
    report({ environment, type: 'called', call })
  })

const environments: Environment[] = []
/** Ends with the last import. They take turns, because process.env belongs to the whole thread. */
let imports: Promise<unknown> = Promise.resolve()
parentPort?.on('message', (order: Order) => {
  const { environment } = order
  if (order.type === 'start') environments[environment] = start(environment, order.setup)
  else void output.during(environment, () => invoke(environment, order))
})

function start(environment: number, setup: Setup): Environment {
  const handler = imports.then(() => output.during(environment, () => load(environment, setup)))
  imports = handler.catch(() => {}) // Every invocation reports it.
  return { setup, handler }
}

async function load(environment: number, { file, handler, variables }: Setup): Promise<Handler> {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, variables)
  // By another address the same file is another module instance.
  const bundle: Record<string, unknown> = await import(`${pathToFileURL(file)}?environment=${environment}`)
  const exported = bundle[handler]
  if (typeof exported !== 'function') throw new TypeError(`the bundle exports no function ${handler}`)
  return (event, context) => exported(event, context)
}

async function invoke(environment: number, { id, event }: Request) {
  try {
    const started = environments[environment]
    if (started === undefined) throw new Error(`environment ${environment} was not started`)
    const value = await (await started.handler)(JSON.parse(event), contextOf(started.setup, id))
    report({ environment, type: 'returned', value: JSON.stringify(value) })
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error))
    report({ environment, type: 'failed', errorType: known.name, errorMessage: known.message })
  }
}

function contextOf({ functionName, functionArn, memorySize, timeoutMs }: Setup, awsRequestId: string) {
  const deadline = Date.now() + timeoutMs
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: `${memorySize}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}
