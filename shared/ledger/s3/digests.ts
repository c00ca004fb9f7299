import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { CivilDate } from '../../domain/instant.ts'
import type { AuditDigest, Digests } from '../../operations/digest.ts'
import { canonicalJson } from '../canonical.ts'
import { digestSchema } from '../register-schemas.ts'
import { isTaken } from './taken.ts'

const keyOf = (day: CivilDate): string => `audit/${day}.json`

/**
 * The digests of the audit trail, an object a day. The bucket's lock keeps what is written; writing only where there is
 * nothing keeps the first version the one that is read.
 */
export function openDigests(client: S3Client, bucket: string): Digests {
  async function read(day: CivilDate): Promise<AuditDigest | undefined> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(day) }))
      return digestSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''))
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }

  return {
    async keep(digest) {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: keyOf(digest.day),
            Body: canonicalJson(digest),
            ContentType: 'application/json',
            IfNoneMatch: '*',
          }),
        )
        return 'kept'
      } catch (error) {
        if (!isTaken(error)) throw error
      }
      const kept = await read(digest.day)
      return kept?.hash === digest.hash ? 'same' : 'other'
    },
    read,
  }
}
