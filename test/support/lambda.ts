import type { Context, SQSEvent } from 'aws-lambda'

/** What Lambda hands a function besides its event. */
export function contextOf(
  awsRequestId: string,
  getRemainingTimeInMillis: Context['getRemainingTimeInMillis'],
): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'test',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:ap-southeast-3:000000000000:function:test',
    memoryLimitInMB: '512',
    awsRequestId,
    logGroupName: '/aws/lambda/test',
    logStreamName: 'test',
    getRemainingTimeInMillis,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  }
}

/** Messages as SQS hands them to Lambda. */
export const eventOf = (
  messages: readonly { readonly messageId: string; readonly body: string }[],
): SQSEvent => ({
  Records: messages.map(({ messageId, body }) => ({
    messageId,
    receiptHandle: 'receipt',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-southeast-3:000000000000:queue',
    awsRegion: 'ap-southeast-3',
  })),
})
