import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { laneVisibilitySeconds, payTimeoutSeconds } from '../shared/domain/deadlines.ts'
import { type PartnerName, partnerConfigurations } from '../shared/partners/registry.ts'
import { statementPrefix } from '../shared/reconciliation/statement-key.ts'
import type { Exchanges } from './exchanges.ts'
import { HandlerFunction } from './function.ts'
import { Keys } from './keys.ts'
import type { Network } from './network.ts'
import { allow, consume } from './permissions.ts'
import { createWorkQueue } from './queue.ts'
import { Daily, Every } from './schedule.ts'
import { type Stage, statementsBucketOf } from './stages.ts'
import type { Tables } from './tables.ts'

type LaneProps = {
  readonly stage: Stage
  readonly tables: Tables
  readonly partner: PartnerName
  /** From which the partner is called. */
  readonly network: Network
  /** Where what was said to the partner is kept. */
  readonly exchanges: Exchanges
}

/** Ends before the next minute's run begins. */
const minutelyTimeoutSeconds = 55

/** Of Jakarta: what was booked up to midnight is on the statement by then, and people come later. */
const statementTime = { hour: 4, minute: 30 }

const secretName = ({ stage, partner }: LaneProps) => `${stage.name}/partner/${partner}`

/** Everything that serves one partner, so that none can slow, starve or impersonate another. */
export class Lane extends Construct {
  /** What waits to be paid. */
  readonly queue: Queue

  constructor(scope: Construct, props: LaneProps) {
    const { stage, partner } = props
    super(scope, `Lane-${partner}`)
    const secret = new Secret(this, 'Secret', {
      secretName: secretName(props),
      encryptionKey: Keys.of(this).secrets,
      description: `Onboarding at ${partner}: keys and our account. Generated text until operations put it in.`,
    })
    this.queue = createWorkQueue(this, {
      name: `${stage.name}-pay-${partner}`,
      visibilitySeconds: laneVisibilitySeconds,
      maxReceiveCount: 5,
    })
    release(this, props, this.queue)
    pay(this, props, this.queue, secret)
    inquire(this, props, secret)
    if (stage.fetchesStatements && partnerConfigurations[partner].kind === 'bank')
      fetchStatement(this, props, secret)
  }
}

/** Tops the queue up with what is due. Writes to the control row only; changes no payout. */
function release(lane: Construct, { stage, tables, partner }: LaneProps, queue: Queue): void {
  const handler = new HandlerFunction(lane, 'Release', {
    stage,
    folder: 'release',
    wakes: [],
    name: `release-${partner}`,
    timeoutSeconds: minutelyTimeoutSeconds,
    environment: {
      ...tables.environment,
      PARTNER: partner,
      LANE_QUEUE_URL: queue.queueUrl,
      SCHEME: stage.scheme,
      RATE_PER_SECOND: `${stage.partners[partner].ratePerSecond}`,
    },
    permissions: [
      allow(tables.worklistArn, 'dynamodb:Query'),
      allow(tables.payouts.tableArn, 'dynamodb:GetItem', 'dynamodb:PutItem'),
      allow(tables.journal.tableArn, 'dynamodb:Query'),
      allow(queue.queueArn, 'sqs:SendMessage', 'sqs:GetQueueAttributes'),
    ],
  })
  new Every(lane, 'ReleaseSchedule', { minutes: 1, handler })
}

/** Pays what the queue hands out. */
function pay(lane: Construct, props: LaneProps, queue: Queue, secret: Secret): void {
  const { stage, tables, partner, network, exchanges } = props
  const handler = new HandlerFunction(lane, 'Pay', {
    stage,
    network,
    folder: 'pay',
    wakes: [`inquire-${partner}`, `release-${partner}`],
    name: `pay-${partner}`,
    timeoutSeconds: payTimeoutSeconds,
    memoryMebibytes: stage.callerMebibytes,
    environment: callerEnvironment(props),
    permissions: [
      consume(queue),
      allow(tables.payouts.tableArn, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'),
      allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
      allow(tables.accounts.tableArn, 'dynamodb:Query', 'dynamodb:UpdateItem'),
      allow(secret.secretArn, 'secretsmanager:GetSecretValue'),
      exchanges.add(partner),
    ],
  })
  handler.function.addEventSource(
    new SqsEventSource(queue, {
      batchSize: 10,
      maxConcurrency: stage.partners[partner].payConcurrency,
      reportBatchItemFailures: true,
    }),
  )
}

/** Asks the partner what became of open attempts. */
function inquire(lane: Construct, props: LaneProps, secret: Secret): void {
  const { stage, tables, partner, network, exchanges } = props
  const handler = new HandlerFunction(lane, 'Inquire', {
    stage,
    network,
    folder: 'inquire',
    wakes: [`release-${partner}`],
    name: `inquire-${partner}`,
    timeoutSeconds: minutelyTimeoutSeconds,
    memoryMebibytes: stage.callerMebibytes,
    environment: callerEnvironment(props),
    permissions: [
      allow(tables.worklistArn, 'dynamodb:Query'),
      allow(tables.payouts.tableArn, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'),
      allow(tables.journal.tableArn, 'dynamodb:Query', 'dynamodb:PutItem'),
      allow(tables.accounts.tableArn, 'dynamodb:Query'),
      allow(secret.secretArn, 'secretsmanager:GetSecretValue'),
      exchanges.add(partner),
    ],
  })
  new Every(lane, 'InquireSchedule', { minutes: 1, handler })
}

/** Asks a bank for what it booked yesterday. */
function fetchStatement(lane: Construct, props: LaneProps, secret: Secret): void {
  const { stage, partner, network, exchanges } = props
  const bucket = statementsBucketOf(stage)
  const handler = new HandlerFunction(lane, 'Statement', {
    stage,
    network,
    folder: 'statement',
    wakes: [],
    name: `statement-${partner}`,
    timeoutSeconds: 900,
    environment: { ...callerEnvironment(props), STATEMENTS_BUCKET: bucket },
    permissions: [
      allow(`arn:aws:s3:::${bucket}/${statementPrefix}${partner}/*`, 's3:PutObject'),
      allow(secret.secretArn, 'secretsmanager:GetSecretValue'),
      exchanges.add(partner),
    ],
  })
  new Daily(lane, 'StatementSchedule', { ...statementTime, handler })
}

/** What the functions that call the partner are told. */
function callerEnvironment(props: LaneProps) {
  const { stage, tables, partner, exchanges } = props
  const settings = stage.partners[partner]
  return {
    ...tables.environment,
    ACCOUNTS_TABLE: tables.accounts.tableName,
    PARTNER: partner,
    PARTNER_ENDPOINT: settings.endpoint,
    PARTNER_SECRET: secretName(props),
    EXCHANGES_BUCKET: exchanges.bucket.bucketName,
    RATE_PER_SECOND: `${settings.ratePerSecond}`,
    CALL_DEADLINE_SECONDS: `${settings.callDeadlineSeconds}`,
  }
}
