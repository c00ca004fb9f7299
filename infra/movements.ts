import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { Keys } from './keys.ts'
import type { Stage } from './stages.ts'

/** The keys of all movement files. */
export const movementKeys = 'movements/*'
/** What repairs set aside of the journal; of no use once they are over. */
export const repairKeys = 'repairs/*'
const repairDays = 14

export const movementsBucketOf = ({ name, account }: Stage): string =>
  `${name}-disbursement-movements-${account}`

/**
 * Keeps every movement of money as a line of a file, by partner and day: our side of a partner's statement, and the
 * table that SQL asks. Versioned, since nothing else than the journal itself could bring a lost file back.
 */
export class Movements extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, stage: Stage) {
    super(scope, 'Movements')
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: movementsBucketOf(stage),
      encryption: BucketEncryption.KMS,
      encryptionKey: Keys.of(this).data,
      bucketKeyEnabled: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: true,
      lifecycleRules: [
        {
          prefix: repairKeys.slice(0, -1),
          expiration: Duration.days(repairDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    })
  }
}
