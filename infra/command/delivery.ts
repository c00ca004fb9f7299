import { statSync } from 'node:fs'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { putStatement } from '../../shared/ledger/s3/statements.ts'
import { type Stage, statementsBucketOf } from '../stages.ts'
import type { Transport } from './transport.ts'

/**
 * Puts files into a stage's bucket of statements, as a partner would; on AWS nobody else may. Streamed, and in one piece,
 * which S3 takes up to 5 GB: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
 */
export function createDelivery(stage: Stage, config: S3ClientConfig): NonNullable<Transport['deliver']> {
  return async (key, path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return { unsent: `There is no file ${path}` }
    const client = new S3Client({ ...config, region: stage.region })
    try {
      await putStatement(client, statementsBucketOf(stage), key, path)
      return 'delivered'
    } catch (error) {
      return { unsent: `${path} could not be handed in: ${error instanceof Error ? error.message : error}` }
    } finally {
      client.destroy()
    }
  }
}
