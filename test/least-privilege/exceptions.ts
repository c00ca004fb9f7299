/** Paying so many in a scenario would take longer than all the others. */
const pages = 'A job of more than a hundred payments, which test/functions/jobs shows'

/** What a function may do and no scenario shows; everything else that is never done must not be allowed. */
export const exceptions: readonly {
  /** `<function> <action>`. */
  readonly grant: string
  readonly because: string
}[] = [
  {
    grant: 'local-publish dynamodb:ListStreams',
    because:
      'Lambda demands it of whoever follows a stream, and DynamoDB grants it by stream ' +
      '(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html), ' +
      'whereas the simulator knows no resource of that action.',
  },
  {
    grant: 'local-jobs sqs:SendMessage',
    because: `${pages}: it tells itself that there is another page.`,
  },
  {
    grant: 'local-jobs kms:GenerateDataKey',
    because: `${pages}: its message is encrypted like any other.`,
  },
]
