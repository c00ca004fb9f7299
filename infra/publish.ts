import type { EventBus } from 'aws-cdk-lib/aws-events'
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { HandlerFunction } from './function.ts'
import { allow, follow } from './permissions.ts'
import { secureQueue } from './queue.ts'
import type { Stage } from './stages.ts'
import type { Tables } from './tables.ts'

type PublishProps = { readonly stage: Stage; readonly tables: Tables; readonly bus: EventBus }

/** A thousand entitlements are seven thousand events, ten at a time. */
const timeoutSeconds = 180

/**
 * From the journal's stream to the bus: what the world is told of payouts. A record that cannot be published holds up
 * its shard until it is given up, and then leaves its place in the stream in the queue `publish-dlq`. Who wants the
 * events attaches a rule of his own to the bus.
 */
export class Publish extends Construct {
  /** Places in the stream that were given up. */
  readonly deadLetters: Queue

  constructor(scope: Construct, { stage, tables, bus }: PublishProps) {
    super(scope, 'Publish')
    const stream = tables.journal.tableStreamArn
    if (stream === undefined) throw new Error('the journal has no stream')
    const undelivered = secureQueue(this, 'DeadLetters', { queueName: `${stage.name}-publish-dlq` })
    this.deadLetters = undelivered
    const handler = new HandlerFunction(this, 'Handler', {
      stage,
      folder: 'publish',
      wakes: [],
      timeoutSeconds,
      environment: {
        ...tables.environment,
        ACCOUNTS_TABLE: tables.accounts.tableName,
        EVENT_BUS: bus.eventBusName,
      },
      permissions: [
        follow(stream),
        allow(tables.journal.tableArn, 'dynamodb:Query'),
        allow(tables.payouts.tableArn, 'dynamodb:Query'),
        allow(tables.accounts.tableArn, 'dynamodb:Query'),
        allow(bus.eventBusArn, 'events:PutEvents'),
        allow(undelivered.queueArn, 'sqs:SendMessage'),
      ],
    })
    new EventSourceMapping(this, 'Mapping', {
      target: handler.function,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 1_000,
      maxBatchingWindow: Duration.seconds(stage.publishWindowSeconds),
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Long enough for a bus that is down, short enough for one record that nothing helps.
      retryAttempts: 100,
      maxRecordAge: Duration.hours(6),
      onFailure: new SqsDlq(undelivered),
    })
  }
}
