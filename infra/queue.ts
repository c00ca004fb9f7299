import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { Keys } from './keys.ts'

type WorkQueueProps = {
  /** The queue's name, which is that of the function it feeds; its dead letters are in `<name>-dlq`. */
  readonly name: string
  readonly visibilitySeconds: number
  /** Times a message is handed out before it counts as dead. */
  readonly maxReceiveCount: number
}

/** A queue that feeds one function, and beside it the queue of what that function could not digest. */
export function createWorkQueue(
  scope: Construct,
  { name, visibilitySeconds, maxReceiveCount }: WorkQueueProps,
): Queue {
  const deadLetters = secureQueue(scope, 'DeadLetters', { queueName: `${name}-dlq` })
  return secureQueue(scope, 'Queue', {
    queueName: name,
    visibilityTimeout: Duration.seconds(visibilitySeconds),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount },
  })
}

/** A queue that keeps messages for SQS's longest time, over TLS only. A dead letter's age counts from its first
 *  enqueueing, so no queue on its way may keep it for less. */
const lasting = { enforceSSL: true, retentionPeriod: Duration.days(14) }

/** A queue that is encrypted by the stage's key. */
export const secureQueue = (scope: Construct, id: string, props: QueueProps): Queue =>
  new Queue(scope, id, {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: Keys.of(scope).data,
    // The longest that SQS goes without asking for another key: KMS is paid by the request.
    dataKeyReuse: Duration.hours(24),
    ...lasting,
    ...props,
  })

/**
 * A queue that is encrypted by a key of SQS' own, for what must arrive even when nobody can use the stage's.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html
 */
export const keylessQueue = (scope: Construct, id: string, props: QueueProps): Queue =>
  new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, ...lasting, ...props })
