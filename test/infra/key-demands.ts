const reads = ['kms:Decrypt']
const writes = ['kms:Decrypt', 'kms:GenerateDataKey']

/**
 * What each service asks of its caller for an encrypted resource, by what the caller does there.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
const demands: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^dynamodb:(GetItem|GetRecords|BatchGet|Query|Scan)/, reads],
  [
    /^dynamodb:(Put|Update)/,
    [...writes, 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:DescribeKey'],
  ],
  [/^sqs:SendMessage$/, writes],
  [/^sqs:ReceiveMessage$/, reads],
  [/^s3:GetObject$/, reads],
  [/^s3:PutObject$/, writes],
  [/^secretsmanager:GetSecretValue$/, reads],
]

/** What whoever does this needs of the key. */
export const keyActionsFor = (action: string): readonly string[] =>
  demands.flatMap(([pattern, needs]) => (pattern.test(action) ? needs : []))
