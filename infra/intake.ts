import { type EventBus, Match, Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { statusEvent } from '../shared/domain/public-status.ts'
import { accountLinked } from './bus.ts'
import { HandlerFunction } from './function.ts'
import { Keys } from './keys.ts'
import { allow, consume } from './permissions.ts'
import { createWorkQueue, secureQueue } from './queue.ts'
import { partnerNames, type Stage } from './stages.ts'
import type { Tables } from './tables.ts'

const timeoutSeconds = 60

type IntakeProps = { readonly stage: Stage; readonly tables: Tables; readonly bus: EventBus }

/**
 * From the bus to the tables. Accounts come through a queue of their own, so that personal data stay out of
 * the other; everything else, of whatever type, reaches the first, where what is not understood is quarantined
 * instead of vanishing at a rule.
 */
export class Intake extends Construct {
  /** What waits to be taken in, and what EventBridge could not hand to either of the two. */
  readonly queues: Readonly<Record<'events' | 'accounts' | 'undelivered', Queue>>

  constructor(scope: Construct, props: IntakeProps) {
    super(scope, 'Intake')
    const accountKey = new Secret(this, 'AccountKey', {
      secretName: `${props.stage.name}/account-key`,
      encryptionKey: Keys.of(this).secrets,
      description: 'Keys the hash that finds one account linked by two participants.',
    })
    const undelivered = secureQueue(this, 'Undelivered', { queueName: `${props.stage.name}-undelivered` })
    const createBranch = (id: string, name: string, detailType: string[]): Queue => {
      const branch = new Construct(this, id)
      const queue = consumer(branch, name, props, accountKey)
      new Rule(branch, 'Rule', {
        eventBus: props.bus,
        ruleName: `${props.stage.name}-${name}`,
        // Never a condition on the account: who may speak for whom is judged where a refusal leaves a trace.
        // What we publish ourselves is for others.
        eventPattern: { source: Match.anythingBut(statusEvent.source), detailType },
        targets: [new SqsQueue(queue, { deadLetterQueue: undelivered })],
      })
      return queue
    }
    this.queues = {
      events: createBranch('Events', 'intake', Match.anythingBut(accountLinked)),
      accounts: createBranch('Accounts', 'intake-accounts', [accountLinked]),
      undelivered,
    }
  }
}

/** The queue, and the function that takes in what it holds. */
function consumer(scope: Construct, name: string, { stage, tables }: IntakeProps, accountKey: Secret): Queue {
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
      PUBLISHERS: JSON.stringify(stage.publishers),
      ACCOUNT_KEY_SECRET: `${stage.name}/account-key`,
    },
    permissions: [
      consume(queue),
      allow(
        tables.payouts.tableArn,
        'dynamodb:Query',
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
      ),
      allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
      allow(tables.accounts.tableArn, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
      allow(accountKey.secretArn, 'secretsmanager:GetSecretValue'),
    ],
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
