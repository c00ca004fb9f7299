import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import type { Place } from '../../shared/ledger/ports.ts'
import type { LaneQueue } from './release.ts'

/** SendMessageBatch takes ten: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const batchSize = 10
/** Batches under way at once. */
const sideBySide = 8

const depthSchema = z.object({
  ApproximateNumberOfMessages: z.coerce.number(),
  ApproximateNumberOfMessagesNotVisible: z.coerce.number(),
})

/** A lane's queue on SQS. Bodies carry ids only. */
export function createLaneQueue(client: SQSClient, url: string): LaneQueue {
  async function sendBatch(places: readonly Place[]): Promise<void> {
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: places.map(({ participantId, payout }, index) => ({
          Id: `${index}`,
          MessageBody: JSON.stringify({ participantId, payout }),
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
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      )
      const depth = depthSchema.parse(answer.Attributes)
      return depth.ApproximateNumberOfMessages + depth.ApproximateNumberOfMessagesNotVisible
    },

    async send(places) {
      for (let start = 0; start < places.length; start += batchSize * sideBySide) {
        const wave = places.slice(start, start + batchSize * sideBySide)
        const batches = Array.from({ length: Math.ceil(wave.length / batchSize) }, (_, index) =>
          wave.slice(index * batchSize, (index + 1) * batchSize),
        )
        await Promise.all(batches.map(sendBatch))
      }
    },
  }
}
