import type { SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod'
import type { Received } from './queues.ts'
import { region } from './references.ts'

/** The event that Lambda makes of a batch:
 *  https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export const sqsEvent = (queueArn: string, batch: readonly Received[]): SQSEvent => ({
  Records: batch.map((received) => sqsRecord(queueArn, received)),
})

function sqsRecord(queueArn: string, { receiptHandle, message }: Received): SQSRecord {
  const attributes = Object.entries(message.messageAttributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
      },
    ],
  )
  return {
    messageId: message.messageId,
    receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: `${message.approximateReceiveCount}`,
      SentTimestamp: `${message.sentTimestamp}`,
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: `${message.approximateFirstReceiveTimestamp ?? message.sentTimestamp}`,
    },
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  }
}

/** What a function answers that reports the items of a batch that have failed. */
export const partialResponse = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish()

/**
 * Which messages of a batch a function that reports batch item failures has dealt with. An empty or missing list:
 * all. A malformed answer or an identifier that is not of the batch: none.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function succeeded(batch: readonly Received[], answer: unknown): readonly Received[] {
  const parsed = partialResponse.safeParse(answer)
  if (!parsed.success) return []
  const failed = new Set((parsed.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier))
  const rest = batch.filter(({ message }) => !failed.has(message.messageId))
  const known = batch.length - rest.length
  return known === failed.size ? rest : []
}
