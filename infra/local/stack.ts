import { type Activity, createActivity } from './activity.ts'
import { startApi } from './api.ts'
import type { Bus } from './bus.ts'
import { createClock, type VirtualClock } from './clock.ts'
import type { Functions, Invocation } from './functions.ts'
import { createMappings } from './mappings.ts'
import { createNotifications } from './notifications.ts'
import { openPlaces, type Places } from './places.ts'
import type { Depth } from './queues.ts'
import { createSchedules } from './schedules.ts'
import { type ServiceOptions, type Services, startServices, type Undo } from './services.ts'
import { createStreams } from './streams.ts'
import { type Action, createAgenda, runTimeline } from './timeline.ts'

export type LocalStackOptions = ServiceOptions & {
  /** The virtual time at which it starts, in epoch milliseconds. */
  readonly startAt: number
  /** How many answers others still owe; time waits for them. */
  readonly busy?: () => number
  /** Environments per function, and so batches at the same time, at most. (Default: 1.) */
  readonly concurrency?: number
}

/** The system that a template describes, running on this machine on virtual time. */
export type LocalStack = {
  readonly clock: Pick<VirtualClock, 'now'>
  /** Puts an event on the bus; says how many queues took it. */
  readonly publish: Bus
  send(queueName: string, body: string): void
  /** Has `action` run at a virtual instant in epoch milliseconds, all actions of one instant together. */
  at(epochMs: number, action: Action): void
  /** Lets virtual time pass until that instant, in epoch milliseconds, and everything happen that then does. */
  runUntil(epochMs: number): Promise<void>
  /** Has whoever follows a stream read now what it would read when its window ends, so that it is not left for another run. */
  endWindows(): Promise<void>
  invoke(functionName: string, event: unknown): Promise<Invocation>
  /** Kills a function's environments, and what shares their threads; says how many of its invocations were lost. */
  crash(functionName: string): Promise<number>
  /** Kills every environment and frees their memory; what is invoked from now on is lost. */
  stopFunctions(): Promise<void>
  queueDepths(): Readonly<Record<string, Depth>>
  readonly tables: readonly string[]
  /** Where the template's HTTP API answers, if it has one; `callerHeaders` of api.ts say who calls. */
  readonly api?: string
  /** What `chosenEngine` calls the engine. */
  readonly engine: string
  /** Of the engine itself, and of SQS. */
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string }
  /** Leaves no process, thread, port or file behind but the database. May be called again. */
  stop(): Promise<void>
}

/**
 * Starts everything that the template describes. The process' `Date` is virtual until `stop`, so one stack at a
 * time. Rejects in plain words, with nothing left running, at what this machine cannot run.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const clock = createClock(options.startAt)
  const undo: Undo = [clock.install()]
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= undoAll(undo)
    return stopping
  }
  try {
    return { ...(await start(options, clock, undo, () => stopping !== undefined)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Last started, first stopped. */
async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.toReversed()) await step()
}

type TriggerOptions = {
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly concurrency: number
  readonly places: Places
}

/** All that gives functions work, and the way to invoke one so that all of it hears of it. */
function createTriggers(
  { description, queues, functions, dynamodb }: Services,
  { clock, activity, concurrency, places }: TriggerOptions,
) {
  const wakes = new Map(description.functions.map((each) => [each.FunctionName, each.wakes]))
  const schedules = createSchedules({
    schedules: description.schedules,
    clock,
    activity,
    async invoke(functionName, event) {
      const invocation = await functions.invoke(functionName, event)
      streams.look()
      return invocation
    },
    wakesOf: (functionName) => wakes.get(functionName),
  })
  const invokeFromStream: Functions['invoke'] = async (functionName, event) => {
    const invocation = await functions.invoke(functionName, event)
    schedules.wake(functionName)
    return invocation
  }
  const streams = createStreams({
    mappings: description.streams,
    endpoint: dynamodb,
    places,
    clock,
    activity,
    invoke: invokeFromStream,
    send: queues.send,
  })
  const invoke: Functions['invoke'] = async (functionName, event) => {
    const invocation = await activity.during(() => invokeFromStream(functionName, event))
    streams.look()
    return invocation
  }
  const mappings = createMappings({ mappings: description.mappings, queues, activity, invoke, concurrency })
  return { invoke, schedules, streams, mappings }
}

/** Puts services and sources of time together. */
async function start(
  options: LocalStackOptions,
  clock: VirtualClock,
  undo: Undo,
  stopped: () => boolean,
): Promise<Omit<LocalStack, 'stop'>> {
  const { concurrency = 1, busy = () => 0, dataDirectory, keep = false } = options
  const { cell, now } = clock
  const services = await startServices({ ...options, concurrency, cell, now }, undo)
  const { description, queues, functions } = services
  const activity = createActivity()
  const places = openPlaces(dataDirectory, keep)
  const triggers = createTriggers(services, { clock, activity, concurrency, places: places.read() })
  const { invoke, schedules, streams, mappings } = triggers
  undo.push(() => places.write(streams.places()))
  queues.create(description.queues, mappings.look)
  queues.onObject(createNotifications({ buckets: description.buckets, activity, invoke }))
  const api = description.api && (await startApi({ api: description.api, invoke, now: clock.now }))
  if (api) undo.push(api.stop)
  const agenda = createAgenda(clock, activity)
  const check = () => {
    if (stopped()) throw new Error('the stack was stopped')
  }
  const timeline = {
    clock,
    activity,
    sources: [agenda, mappings, streams, schedules],
    settled: streams.settled,
    busy,
    check,
  }
  return {
    clock,
    publish: services.publish,
    send: queues.send,
    at: agenda.at,
    runUntil(until) {
      // Whoever is outside may have written since.
      streams.look()
      schedules.look()
      return runTimeline(timeline, until)
    },
    endWindows() {
      streams.endWindows()
      return runTimeline(timeline, clock.now())
    },
    invoke,
    crash: functions.crash,
    stopFunctions: functions.stop,
    queueDepths: queues.depths,
    tables: description.tables.map(({ TableName }) => TableName),
    ...(api && { api: api.address }),
    engine: services.engine,
    endpoints: { dynamodb: services.dynamodb, sqs: queues.address },
  }
}
