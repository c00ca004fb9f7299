import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { HandlerFunction } from './function.ts'
import { type Movements, movementKeys } from './movements.ts'
import { allow, follow } from './permissions.ts'
import { secureQueue } from './queue.ts'
import type { Stage } from './stages.ts'
import type { Tables } from './tables.ts'

type TotalsProps = { readonly stage: Stage; readonly tables: Tables; readonly movements: Movements }

const timeoutSeconds = 300

/**
 * From the journal's stream to finance: the sums of every day, and the movement files. Entries are gathered by the
 * batching window, so that a window's are one transaction. The tumbling window is there for the shard's name, which
 * Lambda tells only where there is one, and by which the checkpoint is kept. Its state would be no place for sums: it
 * is lost with the window, comes again after a failure, and nobody can read it.
 */
export class Totals extends Construct {
  /** Places in the stream that were given up. */
  readonly deadLetters: Queue

  constructor(scope: Construct, { stage, tables, movements }: TotalsProps) {
    super(scope, 'Totals')
    const stream = tables.journal.tableStreamArn
    if (stream === undefined) throw new Error('the journal has no stream')
    const uncounted = secureQueue(this, 'DeadLetters', { queueName: `${stage.name}-totals-dlq` })
    this.deadLetters = uncounted
    const handler = new HandlerFunction(this, 'Handler', {
      stage,
      folder: 'totals',
      wakes: [],
      timeoutSeconds,
      environment: {
        ...tables.environment,
        FINANCE_TABLE: tables.finance.tableName,
        MOVEMENTS_BUCKET: movements.bucket.bucketName,
      },
      permissions: [
        follow(stream),
        allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:BatchGetItem'),
        allow(tables.finance.tableArn, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
        // Read where payments of one person come within minutes of each other: which of them was counted before.
        allow(movements.bucket.arnForObjects(movementKeys), 's3:PutObject', 's3:GetObject'),
        allow(movements.bucket.bucketArn, 's3:ListBucket'),
        allow(uncounted.queueArn, 'sqs:SendMessage'),
      ],
    })
    new EventSourceMapping(this, 'Mapping', {
      target: handler.function,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10_000,
      maxBatchingWindow: Duration.seconds(stage.totalsWindowSeconds),
      tumblingWindow: Duration.seconds(stage.totalsWindowSeconds),
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      // A batch is halved until what fails is alone; the rest of the time is for tables or buckets that are down.
      retryAttempts: 100,
      maxRecordAge: Duration.hours(12),
      onFailure: new SqsDlq(uncounted),
    })
  }
}
