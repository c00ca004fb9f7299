import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import type { LaneMessage, LaneQueue } from './release.ts'

/** SendMessageBatch takes ten: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const batchSize = 10
/** Batches under way at once. */
const sideBySide = 8

const depthSchema = z.object({
  ApproximateNumberOfMessages: z.coerce.number(),
  ApproximateNumberOfMessagesNotVisible: z.coerce.number(),
  ApproximateNumberOfMessagesDelayed: z.coerce.number(),
})

/** A lane's queue on SQS. Bodies carry ids only. */
export function createLaneQueue(client: SQSClient, url: string): LaneQueue {
  async function sendBatch(messages: readonly LaneMessage[]): Promise<void> {
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.map(({ participantId, payout, delaySeconds }, index) => ({
          Id: `${index}`,
          MessageBody: JSON.stringify({ participantId, payout }),
          DelaySeconds: delaySeconds,
        })),
      }),
    )
    const refused = answer.Failed?.[0]
    if (refused) throw new Error(`the lane's queue refused a message: ${refused.Code ?? 'no code'}`)
  }

  return {
    async depth() {
      const answer = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      )
      const depth = depthSchema.parse(answer.Attributes)
      return Object.values(depth).reduce((sum, count) => sum + count, 0)
    },

    async send(messages) {
      for (let start = 0; start < messages.length; start += batchSize * sideBySide) {
        const wave = messages.slice(start, start + batchSize * sideBySide)
        const batches = Array.from({ length: Math.ceil(wave.length / batchSize) }, (_, index) =>
          wave.slice(index * batchSize, (index + 1) * batchSize),
        )
        await Promise.all(batches.map(sendBatch))
      }
    },
  }
}
