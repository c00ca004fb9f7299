import { randomUUID } from 'node:crypto'
import type { Call } from './calls.ts'
import { createEnvironment, type Environment, type Invocation } from './environment.ts'
import { account, region } from './references.ts'
import type { FunctionDescription } from './template.ts'
import type { Thread } from './thread.ts'
import { createThreads } from './threads.ts'
import type { Setup } from './worker.ts'

export type { Invocation } from './environment.ts'

/** The Lambda functions of a stack. Environments start with their first invocation and serve one at a time. */
export type Functions = {
  /** Waits its turn where all of the function's environments are taken. Throws for an unknown function. */
  invoke(functionName: string, event: unknown): Promise<Invocation>
  /**
   * Kills the function's environments, as if their machine died, and says how many of its invocations were lost.
   * Where threads are shared, all that is in the same thread dies with it.
   */
  crash(functionName: string): Promise<number>
  /** Kills every environment; what is invoked from now on is lost. */
  stop(): Promise<void>
}

export type FunctionOptions = {
  readonly functions: readonly FunctionDescription[]
  /** The runtime, bundled. */
  readonly workerFile: string
  /** The bundle of an entry, an ES module. */
  readonly bundleOf: (entry: string) => string
  readonly cell: Float64Array<SharedArrayBuffer>
  /** What this machine adds to the template's variables: endpoints, and what Lambda itself sets. */
  readonly variables: Readonly<Record<string, string>>
  /** Environments per function. */
  readonly concurrency: number
  /** How many threads all environments share. Absent: every environment has a thread of its own. */
  readonly threads?: number | undefined
  readonly onLog: (functionName: string, line: string) => void
  /** Every call of AWS that a function makes; repeated ones may be left out. Absent: nobody watches. */
  readonly onCall?: ((functionName: string, call: Call) => void) | undefined
  /** Told of every invocation that has ended. */
  readonly onInvoked?: ((functionName: string) => void) | undefined
}

export function createFunctions(options: FunctionOptions): Functions {
  let stopped = false
  const isStopped = () => stopped
  const threadFor = createThreads({ ...options, watched: options.onCall !== undefined })
  const pools = new Map(
    options.functions.map((description) => [
      description.FunctionName,
      createPool(description, { ...options, threadFor, isStopped }),
    ]),
  )

  function pool(functionName: string): Pool {
    const found = pools.get(functionName)
    if (found === undefined) throw new Error(`there is no function ${functionName}`)
    return found
  }

  return {
    invoke: (functionName, event) => pool(functionName).invoke(event),
    crash: (functionName) => pool(functionName).crash(),
    async stop() {
      stopped = true
      await Promise.all([...pools.values()].map((each) => each.crash()))
    },
  }
}

type PoolOptions = FunctionOptions & {
  readonly threadFor: (file: string) => Thread
  readonly isStopped: () => boolean
}
type Pool = { invoke(event: unknown): Promise<Invocation>; crash(): Promise<number> }

function createPool(description: FunctionDescription, options: PoolOptions): Pool {
  const { FunctionName: name } = description
  const setup = setupOf(description, options)
  const idle: Environment[] = []
  const busy = new Set<Environment>()
  const waiting: (() => void)[] = []

  async function take(): Promise<Environment | undefined> {
    while (busy.size >= options.concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
    if (options.isStopped()) return undefined
    let environment = idle.pop()
    // One may have died since it last returned, of work that the function never awaited.
    while (environment?.alive() === false) environment = idle.pop()
    environment ??= createEnvironment({
      thread: options.threadFor(setup.file),
      setup,
      onLine: (line) => options.onLog(name, line),
      onCall: (call) => options.onCall?.(name, call),
    })
    busy.add(environment)
    return environment
  }

  function giveBack(environment: Environment) {
    if (busy.delete(environment) && environment.alive()) idle.push(environment)
    waiting.shift()?.()
  }

  return {
    async invoke(event) {
      const request = { id: randomUUID(), event: JSON.stringify(event) }
      const environment = await take()
      if (environment === undefined) return { outcome: 'lost' }
      const invocation = await environment.invoke(request)
      options.onInvoked?.(name)
      giveBack(environment)
      if (invocation.outcome === 'failed') {
        const { errorType, errorMessage } = invocation
        options.onLog(
          name,
          JSON.stringify({ level: 'ERROR', message: 'Invoke Error', errorType, errorMessage }),
        )
      }
      return invocation
    },
    async crash() {
      const lost = [...busy]
      await Promise.all([...lost, ...idle.splice(0)].map((environment) => environment.kill()))
      return lost.length
    },
  }
}

function setupOf(description: FunctionDescription, { bundleOf, variables }: FunctionOptions): Setup {
  const { FunctionName: name, MemorySize, Timeout, Handler, Environment, entry } = description
  return {
    file: bundleOf(entry),
    handler: Handler.slice(Handler.indexOf('.') + 1),
    functionName: name,
    functionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
    memorySize: MemorySize,
    timeoutMs: Timeout * 1000,
    variables: {
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${MemorySize}`,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      ...Environment?.Variables,
    },
  }
}
