import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { digestMinute } from '../shared/operations/digest.ts'
import { HandlerFunction } from './function.ts'
import { createLockedBucket } from './locked-bucket.ts'
import { allow } from './permissions.ts'
import { Daily } from './schedule.ts'
import type { Stage } from './stages.ts'
import type { Tables } from './tables.ts'

/** The keys of all digests. */
export const digestKeys = 'audit/*'

/** Keeps a digest of every day of the audit trail where not even who may write the trail can change it. */
export class Digest extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, { stage, tables }: { readonly stage: Stage; readonly tables: Tables }) {
    super(scope, 'Digest')
    this.bucket = createLockedBucket(this, {
      stage,
      name: 'audit',
      lock: stage.digestLock,
      afterLock: 'kept',
    })
    const handler = new HandlerFunction(this, 'Handler', {
      stage,
      folder: 'digest',
      wakes: [],
      timeoutSeconds: 60,
      environment: {
        OPERATIONS_TABLE: tables.operations.tableName,
        DIGESTS_BUCKET: this.bucket.bucketName,
      },
      permissions: [
        allow(tables.operations.tableArn, 'dynamodb:Query'),
        allow(this.bucket.arnForObjects(digestKeys), 's3:PutObject', 's3:GetObject'),
      ],
    })
    new Daily(this, 'Schedule', { hour: 0, minute: digestMinute, handler })
  }
}
