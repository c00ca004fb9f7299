import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { all, target } = readBlueprint(stages.production)

const mappings = Object.values(all('AWS::Lambda::EventSourceMapping'))
const mappingOf = (folder: string) =>
  mappings.find(({ FunctionName }) => target(FunctionName) === `production-${folder}`)

describe('publish', () => {
  it("reads the journal's stream in order, from the beginning, and what never succeeds leaves its place in a queue", () => {
    const mapping = mappingOf('publish')
    expect(target(mapping.EventSourceArn)).toBe('production-journal/stream')
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: 30,
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 100,
    })
    expect(target(mapping.DestinationConfig.OnFailure.Destination)).toBe('production-publish-dlq')
    // The stream forgets after a day.
    expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(86_400)
  })
})

describe('totals', () => {
  it('reads the same stream, gathers for minutes, is told its shard, and leaves what never succeeds in a queue', () => {
    const mapping = mappingOf('totals')
    expect(target(mapping.EventSourceArn)).toBe('production-journal/stream')
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 300,
      TumblingWindowInSeconds: 300,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 100,
    })
    expect(target(mapping.DestinationConfig.OnFailure.Destination)).toBe('production-totals-dlq')
    expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(86_400)
  })

  it('puts movement files where they are encrypted, versioned and nobody else sees them', () => {
    const name = 'production-disbursement-movements-111122223333'
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
      VersioningConfiguration: { Status: 'Enabled' },
    })
    const policy = Object.values(all('AWS::S3::BucketPolicy')).find(({ Bucket }) => target(Bucket) === name)
    expect(policy?.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ])
  })
})
