import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import { CfnOutput, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Route } from '../shared/api/route.ts'
import { routes } from '../shared/operations/routes.ts'
import { digestKeys } from './digest.ts'
import { HandlerFunction } from './function.ts'
import type { Intake } from './intake.ts'
import { Keys } from './keys.ts'
import type { Lane } from './lane.ts'
import { type Movements, movementKeys, repairKeys } from './movements.ts'
import { createPeople } from './people.ts'
import { allow, consume, look } from './permissions.ts'
import { createWorkQueue } from './queue.ts'
import { matchedKeys } from './reconcile.ts'
import { laneSchedules, type Stage } from './stages.ts'
import type { Tables } from './tables.ts'

export type OperationsProps = {
  readonly stage: Stage
  readonly tables: Tables
  readonly intake: Intake
  /** Events that EventBridge could hand to nobody. */
  readonly undelivered: Queue
  readonly lanes: readonly Lane[]
  /** Whatever has dead letters that no queue would take again: what follows the journal's stream, and what S3 calls. */
  readonly unread: readonly { readonly deadLetters: Queue }[]
  /** Of the audit trail. */
  readonly digests: Bucket
  /** Of what reconciling them has made, too. */
  readonly statements: Bucket
  readonly movements: Movements
}

/** Before API Gateway gives up, which is after 30 seconds at the latest.
 *  https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const opsTimeoutSeconds = 29
/** For a page of a job. */
const jobsTimeoutSeconds = 120

/** A repair holds the ids of all movements of a day at one partner: with those of a million payouts, two million, it
 *  has taken 560 MB at the most, as measured. */
const jobsMemory = 1_024

/** People and their scripts; a runaway one must not keep the others out. */
const throttle = { rateLimit: 20, burstLimit: 40 }

/**
 * Of a request's log line: all that it may say. Paths and queries name participants, so the route stands for them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLog = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  caller: '$context.identity.userArn',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
}

/** How people look into the system and tell it what to do: one API, and the jobs that it starts. */
export class Operations extends Construct {
  /** The one API for people. */
  readonly api: HttpApi

  constructor(scope: Construct, props: OperationsProps) {
    super(scope, 'Operations')
    const { stage } = props
    const queue = createWorkQueue(this, {
      name: `${stage.name}-jobs`,
      visibilitySeconds: 6 * jobsTimeoutSeconds,
      maxReceiveCount: 5,
    })
    createJobs(this, props, queue)
    this.api = createApi(this, stage, createOps(this, props, queue))
    createPeople(this, stage, this.api)
  }
}

const environmentOf = ({ tables }: OperationsProps, jobs: Queue) => ({
  ...tables.environment,
  ACCOUNTS_TABLE: tables.accounts.tableName,
  OPERATIONS_TABLE: tables.operations.tableName,
  JOBS_QUEUE_URL: jobs.queueUrl,
})

/** Answers every request. */
function createOps(scope: Construct, props: OperationsProps, jobs: Queue): HandlerFunction {
  const { stage, tables, intake, undelivered, lanes, unread, digests, statements } = props
  const { events, accounts } = intake.queues
  const fed = [events, accounts, jobs, ...lanes.map(({ queue }) => queue)]
  const givenUp = unread.map(({ deadLetters }) => deadLetters)
  const dead = [...fed.flatMap(({ deadLetterQueue }) => deadLetterQueue?.queue ?? []), undelivered]
  return new HandlerFunction(scope, 'Ops', {
    stage,
    folder: 'ops',
    wakes: laneSchedules,
    timeoutSeconds: opsTimeoutSeconds,
    environment: {
      ...environmentOf(props, jobs),
      FINANCE_TABLE: tables.finance.tableName,
      SCHEME: stage.scheme,
      APPROVAL_PAYOUTS: `${stage.approval.payouts}`,
      APPROVAL_RUPIAH: `${stage.approval.rupiah}`,
      DIGESTS_BUCKET: digests.bucketName,
      STATEMENTS_BUCKET: statements.bucketName,
      INTAKE_QUEUE_URL: events.queueUrl,
      ACCOUNTS_QUEUE_URL: accounts.queueUrl,
      DEAD_LETTER_QUEUES: Stack.of(scope).toJsonString(urlsByName([...dead, ...givenUp])),
    },
    permissions: [
      allow(tables.worklistArn, 'dynamodb:Query'),
      allow(
        tables.payouts.tableArn,
        'dynamodb:Query',
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
      ),
      allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
      allow(tables.accounts.tableArn, 'dynamodb:Query'),
      allow(tables.finance.tableArn, 'dynamodb:Query', 'dynamodb:GetItem'),
      allow(
        tables.operations.tableArn,
        'dynamodb:Query',
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
      ),
      allow(digests.arnForObjects(digestKeys), 's3:GetObject'),
      // Without it, an object that is not there looks like one that is forbidden.
      allow(digests.bucketArn, 's3:ListBucket'),
      allow(statements.arnForObjects(matchedKeys), 's3:GetObject'),
      ...fed.map(({ queueArn }) => allow(queueArn, 'sqs:SendMessage')),
      ...dead.map(consume),
      ...givenUp.map(look),
    ],
  })
}

const urlsByName = (queues: readonly IQueue[]) =>
  Object.fromEntries(queues.map(({ queueName, queueUrl }) => [queueName, queueUrl]))

/**
 * Carries a job out page by page, and tells itself that there is another. It comes to an end: every message moves a job's
 * cursor on, or a repair's place in the journal and then in the days that it mends; where nothing has moved, none is sent.
 */
function createJobs(scope: Construct, props: OperationsProps, queue: Queue): void {
  const { stage, tables, movements } = props
  const handler = new HandlerFunction(scope, 'Jobs', {
    stage,
    folder: 'jobs',
    wakes: laneSchedules,
    timeoutSeconds: jobsTimeoutSeconds,
    memoryMebibytes: jobsMemory,
    wakesItself: true,
    environment: {
      ...environmentOf(props, queue),
      FINANCE_TABLE: tables.finance.tableName,
      MOVEMENTS_BUCKET: movements.bucket.bucketName,
    },
    permissions: [
      allow(tables.payouts.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
      // The whole journal is read for a repair of finance's books, which nobody else may write but the stream's own reader.
      allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:PutItem'),
      allow(tables.finance.tableArn, 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
      allow(movements.bucket.bucketArn, 's3:ListBucket'),
      ...[movementKeys, repairKeys].map((keys) =>
        allow(movements.bucket.arnForObjects(keys), 's3:GetObject', 's3:PutObject'),
      ),
      allow(tables.accounts.tableArn, 'dynamodb:Query'),
      allow(tables.operations.tableArn, 'dynamodb:GetItem', 'dynamodb:PutItem'),
      consume(queue),
      allow(queue.queueArn, 'sqs:SendMessage'),
    ],
  })
  handler.function.addEventSource(
    new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 2, reportBatchItemFailures: true }),
  )
}

/** The contract's routes; finance adds its own. Whoever calls must have signed, and be allowed to, by IAM. */
function createApi(scope: Construct, stage: Stage, ops: HandlerFunction): HttpApi {
  const api = new HttpApi(scope, 'Api', {
    apiName: `${stage.name}-operations`,
    createDefaultStage: false,
    defaultAuthorizer: new HttpIamAuthorizer(),
  })
  const integration = new HttpLambdaIntegration('Ops', ops.function, { scopePermissionToRoute: false })
  for (const { method, path } of Object.values<Route>(routes))
    api.addRoutes({ path, methods: [HttpMethod[method]], integration })
  const { url } = new HttpStage(scope, 'Stage', {
    httpApi: api,
    autoDeploy: true,
    throttle,
    accessLogSettings: {
      destination: new LogGroupLogDestination(
        new LogGroup(scope, 'AccessLog', {
          // By this prefix CloudWatch's policy needs no line for every API.
          // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
          logGroupName: `/aws/vendedlogs/${stage.name}-operations`,
          retention: stage.logRetentionDays,
          encryptionKey: Keys.of(scope).logs,
        }),
      ),
      format: AccessLogFormat.custom(JSON.stringify(accessLog)),
    },
  })
  new CfnOutput(scope, 'Url', { value: url, description: 'Of the operations and the finance API.' })
  return api
}
