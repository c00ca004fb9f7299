import { type EventBus, Match, Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { statusEvent } from '../shared/domain/public-status.ts'
import { accountLinked } from './bus.ts'
import { HandlerFunction } from './function.ts'
import { Keys } from './keys.ts'
import { allow, consume } from './permissions.ts'
import { createWorkQueue } from './queue.ts'
import { partnerNames, type Stage } from './stages.ts'
import type { Tables } from './tables.ts'

const timeoutSeconds = 60

/** One of the two ways in. */
type Branch = {
  readonly id: string
  /** Of the rule, the queue and the function. */
  readonly name: string
  readonly detailType: string[]
  readonly permissions: readonly PolicyStatement[]
}
type IntakeProps = {
  readonly stage: Stage
  readonly tables: Tables
  readonly bus: EventBus
  /** For events that EventBridge could hand to neither of the two queues. */
  readonly undelivered: Queue
}

/**
 * From the bus to the tables. Accounts come through a queue of their own, so that personal data stay out of
 * the other; everything else, of whatever type, reaches the first, where what is not understood is quarantined
 * instead of vanishing at a rule.
 */
export class Intake extends Construct {
  /** What waits to be taken in. */
  readonly queues: Readonly<Record<'events' | 'accounts', Queue>>

  constructor(scope: Construct, props: IntakeProps) {
    super(scope, 'Intake')
    const accountKey = new Secret(this, 'AccountKey', {
      secretName: `${props.stage.name}/account-key`,
      encryptionKey: Keys.of(this).secrets,
      description: 'Keys the hash that finds one account linked by two participants.',
    })
    const createBranch = ({ id, name, detailType, permissions }: Branch): Queue => {
      const branch = new Construct(this, id)
      const queue = consumer(branch, name, props, permissions)
      new Rule(branch, 'Rule', {
        eventBus: props.bus,
        ruleName: `${props.stage.name}-${name}`,
        // Never a condition on the account: who may speak for whom is judged where a refusal leaves a trace.
        // What we publish ourselves is for others.
        eventPattern: { source: Match.anythingBut(statusEvent.source), detailType },
        targets: [new SqsQueue(queue, { deadLetterQueue: props.undelivered })],
      })
      return queue
    }
    this.queues = {
      events: createBranch({
        id: 'Events',
        name: 'intake',
        detailType: Match.anythingBut(accountLinked),
        permissions: recordEvents(props.tables),
      }),
      accounts: createBranch({
        id: 'Accounts',
        name: 'intake-accounts',
        detailType: [accountLinked],
        permissions: linkAccounts(props.tables, accountKey),
      }),
    }
  }
}

/** Writes entitlements; of the accounts' table, in which refused events are kept, too, it changes nothing. */
const recordEvents = ({ payouts, journal, accounts }: Tables): readonly PolicyStatement[] => [
  allow(payouts.tableArn, 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'),
  allow(journal.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
  allow(accounts.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
]

/** Writes account versions, and counts who shares a number. */
const linkAccounts = (
  { payouts, journal, accounts }: Tables,
  accountKey: Secret,
): readonly PolicyStatement[] => [
  allow(payouts.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
  allow(journal.tableArn, 'dynamodb:Query'),
  allow(accounts.tableArn, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
  allow(accountKey.secretArn, 'secretsmanager:GetSecretValue'),
]

/** The queue, and the function that takes in what it holds. */
function consumer(
  scope: Construct,
  name: string,
  { stage, tables }: IntakeProps,
  permissions: readonly PolicyStatement[],
): Queue {
  const queue = createWorkQueue(scope, {
    name: `${stage.name}-${name}`,
    visibilitySeconds: 6 * timeoutSeconds,
    maxReceiveCount: 20,
  })
  const handler = new HandlerFunction(scope, 'Handler', {
    stage,
    folder: 'intake',
    wakes: partnerNames.map((partner) => `release-${partner}`),
    name,
    timeoutSeconds,
    environment: {
      ...tables.environment,
      ACCOUNTS_TABLE: tables.accounts.tableName,
      SCHEME: stage.scheme,
      PUBLISHERS: JSON.stringify(stage.publishers),
      ACCOUNT_KEY_SECRET: `${stage.name}/account-key`,
    },
    permissions: [consume(queue), ...permissions],
  })
  handler.function.addEventSource(
    new SqsEventSource(queue, {
      batchSize: 10,
      maxConcurrency: stage.intakeConcurrency,
      reportBatchItemFailures: true,
    }),
  )
  return queue
}
