import type { Activity } from './activity.ts'
import { sqsEvent, succeeded } from './events.ts'
import type { Invocation } from './functions.ts'
import type { Queues } from './queues.ts'
import { nameOf } from './references.ts'
import type { Mapping } from './resources.ts'
import type { Source } from './timeline.ts'

export type Mappings = Source & {
  /** To be called whenever messages may have arrived: what is visible goes to functions with room for it, after
   *  the current burst of sends, so that these share batches. */
  look(): void
}

type MappingOptions = {
  readonly mappings: readonly Mapping[]
  readonly queues: Queues
  readonly activity: Activity
  readonly invoke: (functionName: string, event: unknown) => Promise<Invocation>
  /** At most so many batches of one mapping at the same time, whatever the template allows. */
  readonly concurrency: number
}

/**
 * SQS event source mappings: batches go to functions, what these have dealt with is deleted, the rest comes back
 * when its visibility timeout ends. A batch is invoked as soon as there is a message; nobody waits for more.
 */
export function createMappings({
  mappings,
  queues,
  activity,
  invoke,
  concurrency,
}: MappingOptions): Mappings {
  const running = mappings
    .filter(({ Enabled }) => Enabled)
    .map((mapping) => createMapping(mapping, queues, activity, invoke, concurrency))
  const names = mappings.map(({ EventSourceArn }) => nameOf(EventSourceArn))
  let looking = false
  function look() {
    if (looking) return
    looking = true
    activity.start(async () => {
      await Promise.resolve()
      looking = false
      for (const drain of running) drain()
    })
  }
  return {
    look,
    next: () => queues.nextVisible(names),
    fire() {
      queues.refresh()
      look()
    },
  }
}

function createMapping(
  mapping: Mapping,
  queues: Queues,
  activity: Activity,
  invoke: MappingOptions['invoke'],
  concurrency: number,
): () => void {
  const queueName = nameOf(mapping.EventSourceArn)
  const functionName = nameOf(mapping.FunctionName)
  const reportsFailures = mapping.FunctionResponseTypes !== undefined
  const room = Math.min(concurrency, mapping.ScalingConfig?.MaximumConcurrency ?? concurrency)
  let batches = 0

  async function handle(batch: ReturnType<Queues['receive']>) {
    const invocation = await invoke(functionName, sqsEvent(mapping.EventSourceArn, batch))
    batches -= 1
    if (invocation.outcome === 'returned') {
      const done = reportsFailures ? succeeded(batch, invocation.value) : batch
      for (const { receiptHandle } of done) queues.delete(queueName, receiptHandle)
    }
    drain()
  }

  function drain() {
    while (batches < room && queues.visible(queueName) > 0) {
      const batch = queues.receive(queueName, mapping.BatchSize)
      if (batch.length === 0) return
      batches += 1
      activity.start(() => handle(batch))
    }
  }
  return drain
}
