import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Queue } from 'aws-cdk-lib/aws-sqs'

/** Allows exactly these actions on exactly this resource. */
export const allow = (arn: string, ...actions: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [arn] })

/** What Lambda needs of the queue that feeds a function. */
export const consume = (queue: Queue): PolicyStatement =>
  allow(
    queue.queueArn,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  )
