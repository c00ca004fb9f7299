import { AccountPrincipal, AnyPrincipal, ArnPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { statementPrefix } from '../shared/reconciliation/statement-key.ts'
import { Keys } from './keys.ts'
import { partnerNames, type Stage, statementsBucketOf } from './stages.ts'

const principalOf = (deliverer: string) =>
  /^\d{12}$/.test(deliverer) ? new AccountPrincipal(deliverer) : new ArnPrincipal(deliverer)

/**
 * Lets each partner put statements under its own prefix of the bucket, and do nothing else there: not read, list or
 * delete, and no other partner's. What it puts again is another version; all are kept. That only TLS is taken is the
 * bucket's own rule.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
 */
export function allowDeliveries(bucket: Bucket, stage: Stage): void {
  const { region, deliverers } = stage
  const { data } = Keys.of(bucket)
  for (const partner of partnerNames) {
    const deliverer = deliverers[partner]
    if (deliverer === undefined) continue
    const principals = [principalOf(deliverer)]
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${statementPrefix}${partner}/*`)],
      }),
    )
    // The second is what a large file takes that comes in parts:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    data.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: {
          StringEquals: {
            'kms:ViaService': `s3.${region}.amazonaws.com`,
            'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${statementsBucketOf(stage)}`,
          },
        },
      }),
    )
  }
  denyOtherKeys(bucket, data.keyArn)
}

/**
 * Nobody puts a statement there that we could not read: not under a key of their own that S3 is not told to keep, nor
 * under one that KMS has but not we. With no header at all S3 takes the bucket's own key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
function denyOtherKeys(bucket: Bucket, keyArn: string): void {
  const header = 's3:x-amz-server-side-encryption'
  const keyId = `${header}-aws-kms-key-id`
  const given = (name: string) => ({ [name]: 'false' })
  const unreadable = [
    { Null: given(header), StringNotEquals: { [header]: 'aws:kms' } },
    { Null: given(keyId), StringNotEquals: { [keyId]: keyArn } },
    // AWS' own key for S3, whose policy nobody can change.
    { Null: { ...given(header), [keyId]: 'true' } },
    { Null: given(`${header}-customer-algorithm`) },
  ]
  for (const conditions of unreadable)
    bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions,
      }),
    )
}
