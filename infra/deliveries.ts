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

/** Nobody puts a statement there that we could not read, or that is encrypted by no key of ours. */
function denyOtherKeys(bucket: Bucket, keyArn: string): void {
  const wanted = {
    's3:x-amz-server-side-encryption': 'aws:kms',
    's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn,
  }
  for (const [header, value] of Object.entries(wanted))
    bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        // Without the header S3 takes the bucket's own key; a condition alone would deny that, too.
        conditions: { Null: { [header]: 'false' }, StringNotEquals: { [header]: value } },
      }),
    )
}
