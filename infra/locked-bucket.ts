import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { Keys } from './keys.ts'
import type { Lock, Stage } from './stages.ts'

type LockedBucketProps = {
  readonly stage: Stage
  readonly name: string
  readonly lock: Lock
  /** Whether objects stay for good, or go once nothing keeps them any more. */
  readonly afterLock: 'kept' | 'deleted'
}

/**
 * A bucket of which nobody can delete or change an object before its time. The account is in its name, since buckets'
 * names are the whole world's.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function createLockedBucket(
  scope: Construct,
  { stage, name, lock, afterLock }: LockedBucketProps,
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
    lifecycleRules: afterLock === 'deleted' ? deletedAfter(lock) : [],
  })
}

/**
 * An object is hidden a day after its lock has ended, and its bytes go another day later: S3 deletes no version that is
 * still locked. The mark that hides it goes last.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-actions
 */
const deletedAfter = (lock: Lock): LifecycleRule[] => [
  { id: 'hidden', expiration: Duration.days(lock.days + 1), noncurrentVersionExpiration: Duration.days(1) },
  { id: 'forgotten', expiredObjectDeleteMarker: true },
]
