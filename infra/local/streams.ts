import type { Activity } from './activity.ts'
import type { VirtualClock } from './clock.ts'
import { partialResponse } from './events.ts'
import type { Invocation } from './functions.ts'
import type { Places } from './places.ts'
import { nameOf, region, tableOf } from './references.ts'
import type { StreamMapping } from './resources.ts'
import { advance, openShards, readShard, type Shard, type StreamRecord, sequenceOf } from './shards.ts'
import type { Source } from './timeline.ts'

/**
 * Event source mappings of DynamoDB streams: a shard's records go to the function in order, one batch after another.
 * What it has not dealt with comes again, later and later; what never succeeds is given up, and its place in the
 * stream goes to the mapping's queue. Time goes on while a function is at work on what was read, as it does on AWS,
 * but not past the instant at which the same stream is to be read again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-eventsourcemapping.html
 */
export type Streams = Source & {
  /** To be called whenever records may have been written: they are read when the batching window ends. */
  look(): void
  /** Reads at once, as if every batching window had ended. */
  endWindows(): void
  /** Resolves once functions have dealt with all that was read, or it waits to be tried again. */
  settled(): Promise<void>
  /** How far it has come. */
  places(): Places
}

type StreamOptions = {
  readonly mappings: readonly StreamMapping[]
  /** The engine's own address. */
  readonly endpoint: string
  /** Where an earlier run has stopped; every other shard is read from its beginning. */
  readonly places: Places
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly invoke: (functionName: string, event: unknown) => Promise<Invocation>
  readonly send: (queueName: string, body: string) => void
}

export function createStreams(options: StreamOptions): Streams {
  const running = options.mappings
    .filter(({ Enabled }) => Enabled)
    .map((mapping) => createStream(mapping, options))
  return {
    look() {
      for (const { look } of running) look()
    },
    endWindows() {
      for (const { endWindow } of running) endWindow()
    },
    async settled() {
      await Promise.all(running.map(({ settled }) => settled()))
    },
    next: () => Math.min(...running.map(({ next }) => next())),
    fire() {
      for (const { fire } of running) fire()
    },
    places: () => Object.fromEntries(running.map(({ functionName, places }) => [functionName, places()])),
  }
}

const batchesMax = 100_000
/** Before the first retry; each further one waits twice as long, up to a minute. */
const pauseMs = 1_000
const longestPauseMs = 60_000

function createStream(mapping: StreamMapping, options: StreamOptions) {
  const { endpoint, clock, activity, invoke, send } = options
  const functionName = nameOf(mapping.FunctionName)
  const begun = options.places[functionName] ?? {}
  const shards = new Map<string, Shard>()
  /** What functions are at work on. */
  let underWay: Promise<void> = Promise.resolve()
  /** When to read again. */
  let dueAt = Number.POSITIVE_INFINITY
  const readAt = (epochMs: number) => {
    dueAt = Math.min(dueAt, epochMs)
  }

  function giveUp(shard: Shard) {
    const [lost] = shard.pending
    const queue = mapping.DestinationConfig?.OnFailure.Destination
    if (lost && queue) send(nameOf(queue), obituary(mapping, shard, lost))
    advance(shard, 1)
  }

  /** Hands over what is pending; false when the rest of it has to wait. */
  async function deliver(shard: Shard): Promise<boolean> {
    const invocation = await invoke(functionName, eventOf(mapping, shard))
    advance(shard, invocation.outcome === 'returned' ? dealtWith(mapping, shard, invocation.value) : 0)
    if (shard.pending.length === 0) return true
    shard.failures += 1
    if (shard.failures <= mapping.MaximumRetryAttempts) {
      shard.retryAt = clock.now() + Math.min(pauseMs * 2 ** (shard.failures - 1), longestPauseMs)
      return false
    }
    giveUp(shard)
    return true
  }

  async function readOn(shard: Shard) {
    if (shard.pending.length === 0 && shard.more) await readShard(endpoint, shard, mapping.BatchSize)
  }

  async function drain(shard: Shard) {
    for (let batches = 0; batches < batchesMax; batches += 1) {
      await readOn(shard)
      if (shard.pending.length === 0) return
      if (!(await deliver(shard))) return readAt(shard.retryAt)
    }
    throw new Error(`the stream for ${functionName} does not end`)
  }

  async function drainAll(ready: readonly Shard[]) {
    for (const shard of ready) await drain(shard)
  }

  /** The first batches are those of this instant, however long functions take over them. */
  async function readAll() {
    await underWay
    if ([...shards.values()].every(({ iterator }) => iterator === undefined)) {
      const table = tableOf(mapping.EventSourceArn)
      const opened = await openShards(endpoint, table, new Set(shards.keys()), begun)
      for (const shard of opened) shards.set(shard.id, shard)
    }
    const ready: Shard[] = []
    for (const shard of shards.values()) {
      if (shard.retryAt > clock.now()) readAt(shard.retryAt)
      else ready.push(shard)
    }
    for (const shard of ready) {
      shard.more = true
      await readOn(shard)
    }
    underWay = drainAll(ready)
    underWay.catch(() => {}) // Whoever waits for it hears of it.
  }

  return {
    functionName,
    look: () => readAt(clock.now() + mapping.MaximumBatchingWindowInSeconds * 1000),
    endWindow: () => readAt(clock.now()),
    settled: () => underWay,
    next: () => dueAt,
    fire() {
      if (dueAt > clock.now()) return
      dueAt = Number.POSITIVE_INFINITY
      activity.start(readAll)
    },
    places: (): Record<string, string> => {
      const read = [...shards.values()].flatMap(({ id, last }) => (last === undefined ? [] : [[id, last]]))
      return { ...begun, ...Object.fromEntries(read) }
    },
  }
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html, and, where there is a tumbling window,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
const eventOf = ({ EventSourceArn, TumblingWindowInSeconds }: StreamMapping, { id, pending }: Shard) => ({
  Records: pending.map((record) => ({ ...record, awsRegion: region, eventSourceARN: EventSourceArn })),
  ...(TumblingWindowInSeconds > 0 && { shardId: id, eventSourceARN: EventSourceArn, state: {} }),
})

/** How many of the pending records a function has dealt with: those before the first that it names. */
function dealtWith({ FunctionResponseTypes }: StreamMapping, { pending }: Shard, answer: unknown): number {
  if (FunctionResponseTypes === undefined) return pending.length
  const parsed = partialResponse.safeParse(answer)
  if (!parsed.success) return 0
  const failed = new Set((parsed.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier))
  if (failed.size === 0) return pending.length
  return Math.max(
    0,
    pending.findIndex((record) => failed.has(sequenceOf(record))),
  )
}

/** What Lambda says of records that it has given up: where they are, and not what is in them. */
const obituary = (mapping: StreamMapping, { id }: Shard, lost: StreamRecord): string =>
  JSON.stringify({
    requestContext: { functionArn: mapping.FunctionName, condition: 'RetryAttemptsExhausted' },
    version: '1.0',
    DDBStreamBatchInfo: {
      shardId: id,
      startSequenceNumber: sequenceOf(lost),
      endSequenceNumber: sequenceOf(lost),
      batchSize: 1,
      streamArn: mapping.EventSourceArn,
    },
  })
