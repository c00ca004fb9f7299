import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

describe.each([
  { stage: stages.local, mode: 'GOVERNANCE', days: 1 },
  { stage: stages.production, mode: 'COMPLIANCE', days: 3_653 },
])('the digests of $stage.name', ({ stage, mode, days }) => {
  const { all, target } = readBlueprint(stage)
  const name = `${stage.name}-disbursement-audit-${stage.account}`

  it(`cannot be deleted for ${days} days, by ${mode}`, () => {
    expect(all('AWS::S3::Bucket')[name]).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: mode, Days: days } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
    })
  })

  it('are encrypted, nobody else sees them, and nobody reaches them but by TLS', () => {
    expect(all('AWS::S3::Bucket')[name]).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    })
    const policy = Object.values(all('AWS::S3::BucketPolicy')).find(({ Bucket }) => target(Bucket) === name)
    expect(policy?.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ])
  })

  it('are made a quarter of an hour after midnight in Jakarta', () => {
    expect(all('AWS::Scheduler::Schedule')[`${stage.name}-digest`]).toMatchObject({
      ScheduleExpression: 'cron(15 0 * * ? *)',
      ScheduleExpressionTimezone: 'Asia/Jakarta',
    })
  })
})
