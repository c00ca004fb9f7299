import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { drawn, type Operations, type Worker } from './operations.ts'
import type { Queue } from './queue.ts'

type QueueClientOptions = {
  readonly queue: Queue
  /** Who sends now. */
  readonly worker: () => Worker
  readonly operations: Operations
  /** Epoch milliseconds. */
  readonly time: () => number
  /** Told of the body of every message that was sent. */
  readonly sent: (body: string) => void
}

/** What clients have in common; nothing goes through its middlewares. */
const template = new SQSClient({ region: 'ap-southeast-3' })

/** What SQS takes in one batch:
 *  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const batchSchema = z.object({
  QueueUrl: z.string(),
  Entries: z
    .array(
      z.strictObject({
        Id: z.string().regex(/^[\w-]{1,80}$/),
        MessageBody: z.string().min(1),
        DelaySeconds: z.int().min(0).max(900),
      }),
    )
    .min(1)
    .max(10)
    .refine((entries) => new Set(entries.map(({ Id }) => Id)).size === entries.length),
})

/** SQS as a client sees it, with one queue; whatever it wants of that waits for its turn. It throws for any other command. */
export function createQueueClient({ queue, worker, operations, time, sent }: QueueClientOptions): SQSClient {
  const sendBatch = (input: unknown) => {
    const { Entries: entries } = batchSchema.parse(input)
    const about = { worker: worker(), nature: 'queue', point: 'send messages', subject: '' } as const
    return operations.wait(about, ({ refusing }) => {
      const middle = entries[Math.floor(entries.length / 2)]
      const refused = refusing && middle ? [middle] : []
      const taken = entries.filter((entry) => !refused.includes(entry))
      for (const { MessageBody: body, DelaySeconds: delay } of taken) {
        sent(body)
        queue.send(body, time() + delay * 1_000)
      }
      return {
        Successful: taken.map(({ Id }) => ({ Id })),
        Failed: refused.map(({ Id }) => ({ Id, SenderFault: false, Code: drawn })),
      }
    })
  }
  const readDepth = () =>
    operations.wait({ worker: worker(), nature: 'depth', point: 'read depth', subject: '' }, () => {
      const { visible, inFlight, delayed } = queue.depth(time())
      return {
        Attributes: {
          ApproximateNumberOfMessages: `${visible}`,
          ApproximateNumberOfMessagesNotVisible: `${inFlight}`,
          ApproximateNumberOfMessagesDelayed: `${delayed}`,
        },
      }
    })
  const send = async (command: unknown) => {
    if (command instanceof SendMessageBatchCommand) return sendBatch(command.input)
    if (command instanceof GetQueueAttributesCommand) return readDepth()
    throw new Error('the queue is asked for something that it does not know')
  }
  return Object.assign(Object.create(template), { send })
}
