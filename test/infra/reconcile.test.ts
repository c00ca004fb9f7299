import { expect, test } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { all, target } = readBlueprint(stages.local)
const bucket = 'local-disbursement-statements-000000000000'
const reconcile = all('AWS::Lambda::Function')['local-reconcile']

test('the function of statements has room for a million lines, and never runs twice at a time', () => {
  expect(reconcile).toMatchObject({
    MemorySize: 1_024,
    EphemeralStorage: { Size: 4_096 },
    Timeout: 900,
    ReservedConcurrentExecutions: 1,
  })
  const { Variables } = reconcile.Environment
  expect(target(Variables.FINANCE_TABLE)).toBe('local-finance')
  expect(target(Variables.MOVEMENTS_BUCKET)).toBe('local-disbursement-movements-000000000000')
  expect(target(Variables.STATEMENTS_BUCKET)).toBe(bucket)
})

test('a statement that fails three times, or waits for six hours, leaves word in an encrypted queue', () => {
  const asynchronous = Object.values(all('AWS::Lambda::EventInvokeConfig'))
  const own = asynchronous.find(({ FunctionName }) => target(FunctionName) === 'local-reconcile')
  expect(own).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 6 * 3_600 })
  expect(target(own.DestinationConfig.OnFailure.Destination)).toBe('local-reconcile-dlq')
  expect(all('AWS::SQS::Queue')['local-reconcile-dlq']).toMatchObject({
    KmsMasterKeyId: expect.anything(),
    MessageRetentionPeriod: 14 * 86_400,
  })
})

test('it hears of statements, of its own results it does not, and of nobody else’s bucket', () => {
  const { NotificationConfiguration, VersioningConfiguration } = all('AWS::S3::Bucket')[bucket]
  expect(VersioningConfiguration).toEqual({ Status: 'Enabled' })
  const [configuration, ...others] = NotificationConfiguration.LambdaConfigurations
  expect(others).toEqual([])
  expect(target(configuration.Function)).toBe('local-reconcile')
  expect(configuration).toMatchObject({
    Event: 's3:ObjectCreated:*',
    Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'statements/' }] } },
  })
  const permissions = Object.values(all('AWS::Lambda::Permission'))
  expect(permissions.filter(({ Principal }) => Principal === 's3.amazonaws.com')).toMatchObject([
    { SourceAccount: '000000000000', SourceArn: `arn:aws:s3:::${bucket}` },
  ])
})
