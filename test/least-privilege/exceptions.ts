/** A second writer of the same row at the same moment; the simulator of test/chaos has hundreds of them. */
const race = 'Another writer was first, and the participant is read again'

/** What a function may do and no scenario shows; everything else that is never done must not be allowed. */
export const exceptions: readonly {
  /** `<function> <action> <resource>`, of the resource's ARN what tells it from others; a key has no name. */
  readonly grant: string
  readonly because: string
}[] = [
  {
    grant: 'local-publish dynamodb:ListStreams table/local-journal/stream/local',
    because:
      'Lambda demands it of whoever follows a stream, and DynamoDB grants it by stream ' +
      '(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html), ' +
      'whereas the simulator knows no resource of that action.',
  },
  {
    grant: 'local-totals dynamodb:ListStreams table/local-journal/stream/local',
    because: 'The same.',
  },
  { grant: 'local-reconcile dynamodb:Query table/local-payouts', because: `${race}.` },
  {
    grant: 'local-jobs s3:PutObject movements/*',
    because: 'Of movements that no file has, and are written then: test/functions/jobs shows it.',
  },
  {
    grant: 'local-jobs dynamodb:PutItem table/local-finance',
    because:
      'Of sums that are not what the journal comes to, and are written anew: test/functions/jobs shows it.',
  },
  {
    grant: 'local-ops sqs:ChangeMessageVisibility local-publish-dlq',
    because:
      "Of a message that was looked at and is put back: the scenarios leave nothing in the streams' queues.",
  },
  { grant: 'local-ops sqs:ChangeMessageVisibility local-totals-dlq', because: 'The same.' },
  {
    grant: 'local-ops sqs:ChangeMessageVisibility local-reconcile-dlq',
    because: 'Of a statement that was given up, and is looked at: test/functions/ops shows it.',
  },
  {
    grant: 'local-finance-api dynamodb:Query table/local-operations',
    because: 'Of what people have said of breaks, where there are any: test/finance shows it.',
  },
]
