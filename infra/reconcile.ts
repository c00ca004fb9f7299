import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { statementPrefix } from '../shared/reconciliation/statement-key.ts'
import { allowDeliveries } from './deliveries.ts'
import { HandlerFunction } from './function.ts'
import { Keys } from './keys.ts'
import { type Movements, movementKeys } from './movements.ts'
import { allow } from './permissions.ts'
import { secureQueue } from './queue.ts'
import { laneSchedules, type Stage, statementsBucketOf } from './stages.ts'
import type { Tables } from './tables.ts'

type ReconcileProps = { readonly stage: Stage; readonly tables: Tables; readonly movements: Movements }

/** The keys of all statements, and of all that reconciling them has made. */
const statementKeys = `${statementPrefix}*`
const reconciliationKeys = 'reconciliation/*'
/** Of what it keeps of the lines that it has matched. */
export const matchedKeys = 'reconciliation/*/matched/*'

const timeoutSeconds = 900

/** S3 hands a statement over and forgets it. Lambda tries three times, and while a run is in the way, waits for six hours at most:
 *  https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const asynchronous = { retryAttempts: 2, maxEventAge: Duration.hours(6) }

/**
 * Where partners' statements arrive, and the function that compares each with our movements. It alone writes breaks,
 * and one run at a time, since every day goes on from the one before. A statement that fails three times leaves word in
 * the queue `reconcile-dlq`.
 */
export class Reconcile extends Construct {
  readonly bucket: Bucket
  /** Statements that were given up. */
  readonly deadLetters: Queue

  constructor(scope: Construct, { stage, tables, movements }: ReconcileProps) {
    super(scope, 'Reconcile')
    const { finance, operations, journal, payouts, accounts } = tables
    const bucketName = statementsBucketOf(stage)
    // By its name: the bucket names the function, whose role would name the bucket.
    const arn = `arn:aws:s3:::${bucketName}`
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: Keys.of(this).data,
      bucketKeyEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
    })
    allowDeliveries(this.bucket, stage)
    const unread = secureQueue(this, 'DeadLetters', { queueName: `${stage.name}-reconcile-dlq` })
    this.deadLetters = unread
    const handler = new HandlerFunction(this, 'Handler', {
      stage,
      folder: 'reconcile',
      wakes: laneSchedules,
      timeoutSeconds,
      memoryMebibytes: 1_024,
      diskMebibytes: 4_096,
      oneAtATime: true,
      environment: {
        ...tables.environment,
        ACCOUNTS_TABLE: accounts.tableName,
        FINANCE_TABLE: finance.tableName,
        OPERATIONS_TABLE: operations.tableName,
        MOVEMENTS_BUCKET: movements.bucket.bucketName,
        STATEMENTS_BUCKET: bucketName,
      },
      permissions: [
        allow(finance.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
        allow(operations.tableArn, 'dynamodb:Query'),
        allow(journal.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
        allow(
          payouts.tableArn,
          'dynamodb:Query',
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:PutItem',
        ),
        allow(tables.worklistArn, 'dynamodb:Query'),
        allow(accounts.tableArn, 'dynamodb:Query'),
        allow(movements.bucket.bucketArn, 's3:ListBucket'),
        allow(movements.bucket.arnForObjects(movementKeys), 's3:GetObject'),
        allow(`${arn}/${statementKeys}`, 's3:GetObject'),
        allow(`${arn}/${reconciliationKeys}`, 's3:GetObject', 's3:PutObject'),
        allow(unread.queueArn, 'sqs:SendMessage'),
      ],
    })
    handler.function.configureAsyncInvoke({ ...asynchronous, onFailure: new SqsDestination(unread) })
    notify(this.bucket, handler, arn, stage)
  }
}

/**
 * Has every statement that arrives handed to the function. Written out, since what CDK would add for it is a function
 * of its own with a role that may change every bucket.
 */
function notify(bucket: Bucket, handler: HandlerFunction, arn: string, { account }: Stage): void {
  const permission = new CfnPermission(bucket, 'Notification', {
    action: 'lambda:InvokeFunction',
    functionName: handler.function.functionArn,
    principal: 's3.amazonaws.com',
    sourceAccount: account,
    sourceArn: arn,
  })
  const resource = bucket.node.defaultChild
  if (!(resource instanceof CfnBucket)) throw new Error('the bucket has no resource')
  resource.addResourceDependency(permission)
  resource.notificationConfiguration = {
    lambdaConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        function: handler.function.functionArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: statementPrefix }] } },
      },
    ],
  }
}
