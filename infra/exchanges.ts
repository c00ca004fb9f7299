import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { PartnerName } from '../shared/partners/registry.ts'
import { createLockedBucket } from './locked-bucket.ts'
import { allow } from './permissions.ts'
import type { Stage } from './stages.ts'

/** Keeps what was said to every partner and what it answered, without what is personal, for as long as books are kept and no longer. */
export class Exchanges extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, stage: Stage) {
    super(scope, 'Exchanges')
    this.bucket = createLockedBucket(this, {
      stage,
      name: 'exchanges',
      lock: stage.exchangesLock,
      afterLock: 'deleted',
    })
  }

  /** Adding to one partner's part of it; no function of ours reads any. */
  add(partner: PartnerName): PolicyStatement {
    return allow(this.bucket.arnForObjects(`exchanges/${partner}/*`), 's3:PutObject')
  }
}
