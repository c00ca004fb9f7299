import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const buckets = ['audit', 'exchanges']
const locks = [
  { stage: stages.local, mode: 'GOVERNANCE', days: 1 },
  { stage: stages.production, mode: 'COMPLIANCE', days: 3_653 },
]
const read = locks.map((lock) => ({ ...lock, ...readBlueprint(lock.stage) }))
const each = read.flatMap((lock) => buckets.map((bucket) => ({ ...lock, bucket })))

describe.each(each)(
  'what is kept in $bucket of $stage.name',
  ({ bucket, stage, mode, days, all, target }) => {
    const name = `${stage.name}-disbursement-${bucket}-${stage.account}`

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
      const policies = Object.values(all('AWS::S3::BucketPolicy')).filter(
        ({ Bucket }) => target(Bucket) === name,
      )
      expect(policies).toHaveLength(1)
      expect(policies[0].PolicyDocument.Statement).toMatchObject([
        { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ])
    })
  },
)

describe.each(read)('the archived exchanges of $stage.name', ({ stage, days, all }) => {
  const rulesOf = (bucket: string) =>
    all('AWS::S3::Bucket')[`${stage.name}-disbursement-${bucket}-${stage.account}`].LifecycleConfiguration
      ?.Rules

  it('go when their lock has ended, not before, with every version and mark of them', () => {
    expect(rulesOf('exchanges')).toEqual([
      {
        Id: 'hidden',
        Status: 'Enabled',
        ExpirationInDays: days + 1,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
      { Id: 'forgotten', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ])
  })

  it('are the only ones that go: digests stay', () => {
    expect(rulesOf('audit')).toBeUndefined()
  })
})

describe.each(read)('the digests of $stage.name', ({ stage, all }) => {
  it('are made a quarter of an hour after midnight in Jakarta', () => {
    expect(all('AWS::Scheduler::Schedule')[`${stage.name}-digest`]).toMatchObject({
      ScheduleExpression: 'cron(15 0 * * ? *)',
      ScheduleExpressionTimezone: 'Asia/Jakarta',
    })
  })
})
