import { describe, expect, test } from 'vitest'
import { callsOf, type SignedRequest } from '../../infra/local/calls.ts'

/** A request as the SDK signs it for a service. */
const signed = (service: string, target: string, input: object): SignedRequest => ({
  method: 'POST',
  path: '/',
  headers: {
    authorization: `AWS4-HMAC-SHA256 Credential=local/20200918/ap-southeast-3/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-target': target,
  },
  body: JSON.stringify(input),
})
const database = (operation: string, input: object) =>
  signed('dynamodb', `DynamoDB_20120810.${operation}`, input)
const storage = (method: string, path: string) => ({ ...signed('s3', '', {}), method, path })

const region = 'ap-southeast-3:000000000000'

test.for<readonly [string, SignedRequest, readonly string[]]>([
  [
    'a question to a table',
    database('Query', { TableName: 'rows' }),
    [`dynamodb:Query arn:aws:dynamodb:${region}:table/rows`],
  ],
  [
    'one to an index',
    database('Query', { TableName: 'rows', IndexName: 'worklist' }),
    [`dynamodb:Query arn:aws:dynamodb:${region}:table/rows/index/worklist`],
  ],
  [
    'a transaction, as its parts',
    database('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName: 'rows', Item: {} } },
        { ConditionCheck: { TableName: 'other' } },
        { Update: { TableName: 'other' } },
      ],
    }),
    [
      `dynamodb:PutItem arn:aws:dynamodb:${region}:table/rows`,
      `dynamodb:ConditionCheckItem arn:aws:dynamodb:${region}:table/other`,
      `dynamodb:UpdateItem arn:aws:dynamodb:${region}:table/other`,
    ],
  ],
  [
    'a batch of reads, by table',
    database('BatchGetItem', { RequestItems: { rows: { Keys: [] }, other: { Keys: [] } } }),
    [
      `dynamodb:BatchGetItem arn:aws:dynamodb:${region}:table/rows`,
      `dynamodb:BatchGetItem arn:aws:dynamodb:${region}:table/other`,
    ],
  ],
  [
    'a batch of messages, as one',
    signed('sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl: 'http://127.0.0.1:4566/000000000000/lane' }),
    [`sqs:SendMessage arn:aws:sqs:${region}:lane`],
  ],
  [
    'an event',
    signed('events', 'AWSEvents.PutEvents', { Entries: [{ EventBusName: 'bus' }] }),
    [`events:PutEvents arn:aws:events:${region}:event-bus/bus`],
  ],
  [
    'a secret, by its name',
    signed('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'local/partner/bni' }),
    [`secretsmanager:GetSecretValue arn:aws:secretsmanager:${region}:secret:local/partner/bni`],
  ],
  [
    'an object that is written',
    storage('PUT', '/kept/audit/2020-09-18.json?x-id=PutObject'),
    ['s3:PutObject arn:aws:s3:::kept/audit/2020-09-18.json'],
  ],
  ['what a bucket holds', storage('GET', '/kept?list-type=2'), ['s3:ListBucket arn:aws:s3:::kept']],
  ['nothing, for a partner', { method: 'POST', path: '/v1.0/transfer', headers: {}, body: '{}' }, []],
])('IAM is asked about %s', ([, request, expected]) => {
  expect(callsOf(request).map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected)
})

describe('what is not known', () => {
  test('is refused, by its name', () => {
    expect(() => callsOf(signed('sns', 'Publish', {}))).toThrow('calls of sns are not known here')
  })
})
