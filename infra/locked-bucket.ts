import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { Keys } from './keys.ts'
import type { Lock, Stage } from './stages.ts'

/**
 * A bucket of which nobody can delete or change an object before its time. The account is in its name, since buckets'
 * names are the whole world's.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function createLockedBucket(
  scope: Construct,
  { stage, name, lock }: { readonly stage: Stage; readonly name: string; readonly lock: Lock },
): Bucket {
  const days = Duration.days(lock.days)
  return new Bucket(scope, 'Bucket', {
    bucketName: `${stage.name}-disbursement-${name}-${stage.account}`,
    encryption: BucketEncryption.KMS,
    encryptionKey: Keys.of(scope).data,
    bucketKeyEnabled: true,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention:
      lock.mode === 'compliance'
        ? ObjectLockRetention.compliance(days)
        : ObjectLockRetention.governance(days),
  })
}
