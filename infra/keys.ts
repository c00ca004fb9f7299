import { type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Stage } from './stages.ts'

const id = 'Keys'

/** Known before the bus is made: a key's policy names it, and the bus needs the key. */
export const busNameOf = (stageName: string): string => `${stageName}-disbursement`

/**
 * The stage's own keys: one for data, one for logs and alarms, one for secrets, so that each can be closed to whoever
 * has no business with it. What roles may do with them follows from what else they may do (`keyStatements`).
 */
export class Keys extends Construct {
  /** Of tables, queues, buckets and the bus. */
  readonly data: Key
  readonly logs: Key
  readonly secrets: Key

  constructor(scope: Construct, stage: Stage) {
    super(scope, id)
    const key = (name: string, description: string) =>
      new Key(this, name, {
        alias: `${stage.name}/${name.toLowerCase()}`,
        description,
        enableKeyRotation: true,
      })
    this.data = key('Data', 'Encrypts tables, queues, buckets and the bus.')
    this.logs = key('Logs', 'Encrypts logs, and alarms on their way to operators.')
    this.secrets = key('Secrets', "Encrypts partners' credentials.")
    allowServices(this, stage)
  }

  /** Those of the stack that a construct is in; throws where there are none yet. */
  static of(construct: Construct): Keys {
    const found = Stack.of(construct).node.tryFindChild(id)
    if (found instanceof Keys) return found
    throw new Error('the stack has no keys')
  }
}

/**
 * Services that use a key in their own name, each for this account's resources only; CDK itself sees to the bus and its
 * rules, but not to the archive.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function allowServices({ data, logs }: Keys, { name, account, region }: Stage): void {
  const inAccount = { StringEquals: { 'aws:SourceAccount': account } }
  const use = ['kms:Decrypt', 'kms:GenerateDataKey*']
  const bus = `arn:aws:events:${region}:${account}:event-bus/${busNameOf(name)}`
  allowService(
    data,
    new ServicePrincipal('events.amazonaws.com'),
    [...use, 'kms:ReEncrypt*', 'kms:DescribeKey'],
    {
      StringEquals: { 'aws:SourceAccount': account, 'kms:EncryptionContext:aws:events:event-bus:arn': bus },
    },
  )
  allowService(logs, new ServicePrincipal('cloudwatch.amazonaws.com'), use, inAccount)
  const ofAccount = `arn:aws:logs:${region}:${account}:*`
  const encryption = [...use, 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:DescribeKey']
  allowService(logs, new ServicePrincipal(`logs.${region}.amazonaws.com`), encryption, {
    ...inAccount,
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ofAccount },
  })
}

function allowService(
  key: Key,
  principal: IPrincipal,
  actions: readonly string[],
  conditions: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  // In a key's policy, the resource is the key itself.
  key.addToResourcePolicy(
    new PolicyStatement({ principals: [principal], actions: [...actions], resources: ['*'], conditions }),
  )
}

const read = ['kms:Decrypt']
const write = ['kms:Decrypt', 'kms:GenerateDataKey']
/** What DynamoDB asks of whoever writes to an encrypted table, besides reading.
 *  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const writeTable = [...write, 'kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo']

/**
 * What an action needs of the key that encrypts its resource: nothing, where it reads no content.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
const needs: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:GetItem': read,
  'dynamodb:BatchGetItem': read,
  'dynamodb:Query': read,
  'dynamodb:Scan': read,
  'dynamodb:GetRecords': read,
  'dynamodb:PutItem': writeTable,
  'dynamodb:UpdateItem': writeTable,
  'dynamodb:ConditionCheckItem': read,
  'sqs:ReceiveMessage': read,
  'sqs:SendMessage': write,
  's3:GetObject': read,
  's3:PutObject': write,
  'secretsmanager:GetSecretValue': read,
}

/** What a role needs of the keys to do what these statements allow: through the services that they name, and no other way. */
export function keyStatements(
  keys: Keys,
  { region }: Stage,
  statements: readonly PolicyStatement[],
): readonly PolicyStatement[] {
  const wanted = new Map<string, Set<string>>()
  for (const action of statements.flatMap(({ actions }) => actions)) {
    const [service = ''] = action.split(':')
    for (const need of needs[action] ?? [])
      wanted.set(service, (wanted.get(service) ?? new Set<string>()).add(need))
  }
  return [...wanted].map(([service, actions]) => {
    const { keyArn } = service === 'secretsmanager' ? keys.secrets : keys.data
    return new PolicyStatement({
      actions: [...actions].sort(),
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
    })
  })
}
