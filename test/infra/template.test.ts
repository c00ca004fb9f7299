import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { template, all, target } = readBlueprint(stages.local)
const functions = all('AWS::Lambda::Function')
const queues = all('AWS::SQS::Queue')
const mappings = Object.fromEntries(
  Object.values(all('AWS::Lambda::EventSourceMapping')).map((mapping) => [
    target(mapping.FunctionName),
    mapping,
  ]),
)
const perPartner = (...kinds: string[]) =>
  partnerNames.flatMap((partner) => kinds.map((kind) => `local-${kind}-${partner}`))
const intakes = ['local-intake', 'local-intake-accounts']

describe('tables', () => {
  it.each(['local-payouts', 'local-journal', 'local-accounts', 'local-operations', 'local-finance'])(
    '%s has text keys, pays per request and can be restored',
    (name) => {
      expect(all('AWS::DynamoDB::Table')[name]).toMatchObject({
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      })
    },
  )

  it('only the journal has a stream, of what was and what is', () => {
    const streams = Object.entries(all('AWS::DynamoDB::Table')).map(([name, table]) => [
      name,
      table.StreamSpecification,
    ])
    expect(Object.fromEntries(streams)).toEqual({
      'local-journal': { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      'local-payouts': undefined,
      'local-accounts': undefined,
      'local-operations': undefined,
      'local-finance': undefined,
    })
  })

  it('only payouts have an index: the work list, keys only', () => {
    const indexes = Object.entries(all('AWS::DynamoDB::Table')).map(([name, table]) => [
      name,
      table.GlobalSecondaryIndexes,
    ])
    expect(Object.fromEntries(indexes)).toEqual({
      'local-journal': undefined,
      'local-accounts': undefined,
      'local-operations': undefined,
      'local-finance': undefined,
      'local-payouts': [
        {
          IndexName: 'worklist',
          KeySchema: [
            { AttributeName: 'list', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state', 'since', 'partner'] },
        },
      ],
    })
  })
})

describe('the journal', () => {
  it('refuses everybody, whatever their own policies say, to change or delete', () => {
    const [statement, ...others] =
      all('AWS::DynamoDB::Table')['local-journal'].ResourcePolicy.PolicyDocument.Statement
    expect(others).toEqual([])
    expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } })
    expect(statement.Action).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
    ])
  })
})

describe('queues', () => {
  it.each(Object.keys(queues))('%s takes TLS only and keeps messages for 14 days', (name) => {
    expect(queues[name]).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 })
    const policy = Object.values(all('AWS::SQS::QueuePolicy')).find(
      ({ Queues }) => target(Queues[0]) === name,
    )
    expect(policy?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    )
  })

  it.each([
    ...intakes.map((name) => ({ name, receives: 20, batch: 10 })),
    ...perPartner('pay').map((name) => ({ name, receives: 5, batch: 10 })),
  ])(
    '$name feeds its function $batch at a time and gives up after $receives',
    ({ name, receives, batch }) => {
      expect(queues[name].RedrivePolicy.maxReceiveCount).toBe(receives)
      expect(target(queues[name].RedrivePolicy.deadLetterTargetArn)).toBe(`${name}-dlq`)
      expect(target(mappings[name].EventSourceArn)).toBe(name)
      expect(mappings[name]).toMatchObject({
        BatchSize: batch,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      })
      expect(queues[name].VisibilityTimeout).toBeGreaterThanOrEqual(6 * functions[name].Timeout)
    },
  )
})

/** Megabytes of those that differ from the others. */
const memory: Readonly<Record<string, number>> = { inquire: 192, pay: 192, jobs: 1_024, reconcile: 1_024 }

describe('functions', () => {
  it('are one per queue, stream and API, two per minute and partner, close, digest and arrivals', () => {
    const others = [
      'local-jobs',
      'local-publish',
      'local-totals',
      'local-ops',
      'local-finance-api',
      'local-close',
      'local-digest',
      'local-reconcile',
      'local-arrivals',
    ]
    expect(Object.keys(functions).sort()).toEqual(
      [...intakes, ...perPartner('release', 'pay', 'inquire'), ...others].sort(),
    )
  })

  it.each(Object.keys(functions))('%s names its source, runs on Node 24 and keeps its own log', (name) => {
    const folder = name.split('-')[1]
    template.hasResource('AWS::Lambda::Function', {
      Properties: {
        FunctionName: name,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: memory[folder ?? ''] ?? 512,
      },
      Metadata: { entry: `functions/${folder}/handler.ts` },
    })
    expect(target(functions[name].LoggingConfig.LogGroup)).toBe(`/aws/lambda/${name}`)
    expect(all('AWS::Logs::LogGroup')[`/aws/lambda/${name}`].RetentionInDays).toBe(7)
  })

  const common = {
    STAGE: 'local',
    SHARDS: '1',
    LOG_LEVEL: 'DEBUG',
    POWERTOOLS_METRICS_NAMESPACE: 'Disbursement/local',
    NODE_OPTIONS: '--enable-source-maps',
    PAYOUTS_TABLE: 'local-payouts',
    JOURNAL_TABLE: 'local-journal',
  }
  const intake = {
    ACCOUNTS_TABLE: 'local-accounts',
    SCHEME: 'prakerja-2020',
    PUBLISHERS: JSON.stringify(stages.local.publishers),
    ACCOUNT_KEY_SECRET: 'local/account-key',
  }
  const caller = {
    ACCOUNTS_TABLE: 'local-accounts',
    PARTNER: 'gopay',
    EXCHANGES_BUCKET: 'local-disbursement-exchanges-000000000000',
    PARTNER_ENDPOINT: 'http://127.0.0.1:4002',
    PARTNER_SECRET: 'local/partner/gopay',
    RATE_PER_SECOND: '500',
    CALL_DEADLINE_SECONDS: '2',
  }
  const jobs = {
    ACCOUNTS_TABLE: 'local-accounts',
    OPERATIONS_TABLE: 'local-operations',
    JOBS_QUEUE_URL: 'local-jobs',
  }
  it.each([
    { name: 'local-intake', service: 'intake', own: intake },
    { name: 'local-intake-accounts', service: 'intake', own: intake },
    {
      name: 'local-release-gopay',
      service: 'release',
      own: {
        PARTNER: 'gopay',
        LANE_QUEUE_URL: 'local-pay-gopay',
        SCHEME: 'prakerja-2020',
        RATE_PER_SECOND: '500',
      },
    },
    { name: 'local-pay-gopay', service: 'pay', own: caller },
    { name: 'local-inquire-gopay', service: 'inquire', own: caller },
    {
      name: 'local-publish',
      service: 'publish',
      own: { ACCOUNTS_TABLE: 'local-accounts', EVENT_BUS: 'local-disbursement' },
    },
    {
      name: 'local-totals',
      service: 'totals',
      own: { FINANCE_TABLE: 'local-finance', MOVEMENTS_BUCKET: 'local-disbursement-movements-000000000000' },
    },
    { name: 'local-close', service: 'close', own: { SCHEME: 'prakerja-2020' } },
    {
      name: 'local-jobs',
      service: 'jobs',
      own: {
        ...jobs,
        FINANCE_TABLE: 'local-finance',
        MOVEMENTS_BUCKET: 'local-disbursement-movements-000000000000',
      },
    },
    {
      name: 'local-ops',
      service: 'ops',
      own: {
        ...jobs,
        FINANCE_TABLE: 'local-finance',
        SCHEME: 'prakerja-2020',
        DIGESTS_BUCKET: 'local-disbursement-audit-000000000000',
        STATEMENTS_BUCKET: 'local-disbursement-statements-000000000000',
        APPROVAL_PAYOUTS: '20',
        APPROVAL_RUPIAH: '12000000',
        INTAKE_QUEUE_URL: 'local-intake',
        ACCOUNTS_QUEUE_URL: 'local-intake-accounts',
        DEAD_LETTER_QUEUES: expect.stringMatching(/^\{"local-intake-dlq":"local-intake-dlq",/),
      },
    },
  ])('$name is told what it needs and no more', ({ name, service, own }) => {
    const variables = Object.entries(functions[name].Environment.Variables).map(([key, value]) => [
      key,
      target(value),
    ])
    expect(Object.fromEntries(variables)).toEqual({ ...common, POWERTOOLS_SERVICE_NAME: service, ...own })
  })
})

describe('schedules', () => {
  const schedules = all('AWS::Scheduler::Schedule')

  it.each([
    ...perPartner('release', 'inquire').map((name) => ({ name, rate: 'rate(1 minute)' })),
    { name: 'local-close', rate: 'rate(5 minutes)' },
    { name: 'local-digest', rate: 'cron(15 0 * * ? *)' },
    { name: 'local-arrivals', rate: 'cron(0 12 * * ? *)' },
  ])('$name runs at $rate, is told the time of its schedule, and nothing is retried', ({ name, rate }) => {
    expect(target(schedules[name].Target.Arn)).toBe(name)
    expect(schedules[name]).toMatchObject({
      ScheduleExpression: rate,
      Target: {
        Input: '{"now":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      },
    })
    const asynchronous = Object.values(all('AWS::Lambda::EventInvokeConfig'))
    expect(asynchronous.find(({ FunctionName }) => target(FunctionName) === name)).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    })
  })

  it.each(perPartner('release', 'inquire'))('%s ends before its next run', (name) => {
    expect(functions[name].Timeout).toBeLessThan(60)
  })
})

describe('secrets', () => {
  it('are named after what they open, and the template holds none of their values', () => {
    const secrets = all('AWS::SecretsManager::Secret')
    expect(Object.keys(secrets).sort()).toEqual(
      ['local/account-key', ...partnerNames.map((partner) => `local/partner/${partner}`)].sort(),
    )
    template.allResourcesProperties(
      'AWS::SecretsManager::Secret',
      Match.objectLike({ SecretString: Match.absent() }),
    )
  })
})
