import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'

/** Allows exactly these actions on exactly this resource. */
export const allow = (arn: string, ...actions: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [arn] })

/** What it takes to look through a queue and leave it as it is. */
export const look = (queue: IQueue): PolicyStatement =>
  allow(queue.queueArn, 'sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes')

/** What Lambda needs of the queue that feeds a function, or a person's function of one that it tidies. */
export const consume = (queue: IQueue): PolicyStatement =>
  allow(
    queue.queueArn,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  )

/** What Lambda needs of the stream that feeds a function. */
export const follow = (streamArn: string): PolicyStatement =>
  allow(
    streamArn,
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  )
