import { buildApp } from 'fauxqs'
// The package does not export its stores. In process, a receive takes microseconds; over HTTP it took longer
// than many an invocation.
import type { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js'
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js'
import { type SqsQueue, SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js'
import type { SqsMessage } from '../../node_modules/fauxqs/dist/sqs/sqsTypes.js'
import { objectOf, openObjects, refuseOverwriting } from './objects.ts'
import { account, queueUrl, region } from './references.ts'
import type { Queue } from './resources.ts'

export type Depth = { readonly visible: number; readonly inFlight: number; readonly delayed: number }
export type Received = { readonly receiptHandle: string; readonly message: Readonly<SqsMessage> }

/** SQS on this machine: over HTTP for the functions, by these calls for the host. Messages live in memory. S3 has the
 *  same address. */
export type Queues = {
  /** E.g. `http://127.0.0.1:4566`; what queue URLs start with. */
  readonly address: string
  /** Creates the template's queues; `onArrival` is called whenever a message may have become visible. */
  create(queues: readonly Queue[], onArrival: () => void): void
  /** Has `listener` told of every object that is written over HTTP, before its writer has the answer. */
  onObject(listener: (bucket: string, key: string) => void): void
  /** Throws for a queue that does not exist. */
  send(name: string, body: string): void
  visible(name: string): number
  /** At most `maximum` visible messages, which become invisible; what was received too often moves to the
   *  dead-letter queue instead. */
  receive(name: string, maximum: number): Received[]
  delete(name: string, receiptHandle: string): void
  depths(): Readonly<Record<string, Depth>>
  /** When the next delayed or received message of these queues becomes visible; `Infinity` when none will. */
  nextVisible(names: readonly string[]): number
  /** Makes visible what has become so by the (virtual) time. */
  refresh(): void
  stop(): Promise<void>
}

const longestReceive = 10

export async function startQueues(objects: S3Store = openObjects()): Promise<Queues> {
  const store = new SqsStore()
  const stores = { sqsStore: store, snsStore: new SnsStore(), s3Store: objects }
  const app = buildApp({ logger: false, defaultRegion: region, stores })
  refuseOverwriting(app, objects)
  let arrived = () => {}
  let written: (bucket: string, key: string) => void = () => {}
  app.addHook('onSend', async ({ method, url }, { statusCode }) => {
    if (method === 'PUT' && statusCode === 200) written(...objectOf(url))
  })
  // Functions send over HTTP: whatever they asked for, look at the queues afterwards.
  app.addHook('onResponse', (_request, _reply, done) => {
    arrived()
    done()
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })

  function queue(name: string): SqsQueue {
    const found = store.getQueueByName(name)
    if (found === undefined) throw new Error(`there is no queue ${name}`)
    return found
  }

  return {
    address,
    onObject(listener) {
      written = listener
    },
    create(queues, onArrival) {
      arrived = onArrival
      for (const description of queues) {
        const name = description.QueueName
        store.createQueue(name, queueUrl(address, name), `arn:aws:sqs:${region}:${account}:${name}`, {
          VisibilityTimeout: `${description.VisibilityTimeout}`,
          DelaySeconds: `${description.DelaySeconds}`,
          ...(description.RedrivePolicy ? { RedrivePolicy: JSON.stringify(description.RedrivePolicy) } : {}),
        })
      }
    },
    send(name, body) {
      const target = queue(name)
      target.enqueue(SqsStore.createMessage(body, {}, Number(target.attributes.DelaySeconds)))
      arrived()
    },
    visible: (name) => queue(name).messages.length,
    receive: (name, maximum) => receive(store, queue(name), maximum),
    delete: (name, receiptHandle) => void queue(name).deleteMessage(receiptHandle),
    depths: () =>
      Object.fromEntries(
        [...store.allQueues()].map(({ name, messages, inflightMessages, delayedMessages }) => [
          name,
          { visible: messages.length, inFlight: inflightMessages.size, delayed: delayedMessages.length },
        ]),
      ),
    nextVisible: (names) => Math.min(...names.map((name) => nextVisible(queue(name)))),
    refresh: () => store.processAllTimers(),
    stop: () => app.close(),
  }
}

function receive(store: SqsStore, queue: SqsQueue, maximum: number): Received[] {
  const received: Received[] = []
  while (received.length < maximum && queue.messages.length > 0) {
    const wanted = Math.min(maximum - received.length, longestReceive)
    for (const { ReceiptHandle } of queue.dequeue(wanted, undefined, (arn) => store.getQueueByArn(arn))) {
      const entry = queue.inflightMessages.get(ReceiptHandle)
      if (entry !== undefined) received.push({ receiptHandle: ReceiptHandle, message: entry.message })
    }
  }
  return received
}

function nextVisible(queue: SqsQueue): number {
  let earliest = Number.POSITIVE_INFINITY
  for (const { visibilityDeadline } of queue.inflightMessages.values())
    earliest = Math.min(earliest, visibilityDeadline)
  for (const { delayUntil } of queue.delayedMessages) earliest = Math.min(earliest, delayUntil ?? earliest)
  return earliest
}
