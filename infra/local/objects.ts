import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { buildApp } from 'fauxqs'
// The package does not export its stores.
import { FileS3Persistence } from '../../node_modules/fauxqs/dist/s3/fileS3Persistence.js'
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js'
import type { Bucket } from './resources.ts'

export const objectsIn = (dataDirectory: string): string => join(dataDirectory, 'objects')

/** S3 on this machine: files in a data directory, or memory without one. `keep`: with what an earlier run left there. */
export function openObjects(dataDirectory?: string, keep = false): S3Store {
  const store = new S3Store()
  if (dataDirectory === undefined) return store
  const directory = objectsIn(dataDirectory)
  if (!keep) rmSync(directory, { recursive: true, force: true })
  const files = new FileS3Persistence(directory)
  files.loadS3(store)
  store.persistence = files
  return store
}

/** Creates the template's buckets, where an earlier run has not. */
export function createBuckets(store: S3Store, buckets: readonly Bucket[]): void {
  for (const { BucketName } of buckets) if (!store.hasBucket(BucketName)) store.createBucket(BucketName)
}

const taken =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code><Message>There is such an object.</Message></Error>'

/**
 * What fauxqs does not know: whoever writes `If-None-Match: *` writes only where there is nothing.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function refuseOverwriting(app: ReturnType<typeof buildApp>, store: S3Store): void {
  app.addHook('preHandler', async ({ method, headers, url }, reply) => {
    if (method !== 'PUT' || headers['if-none-match'] !== '*') return
    if (isThere(store, ...objectOf(url))) await reply.code(412).type('application/xml').send(taken)
  })
}

/** Bucket and key of a request's path. */
export function objectOf(url: string): readonly [bucket: string, key: string] {
  const [bucket = '', ...key] = decodeURIComponent(url.split('?')[0] ?? '')
    .slice(1)
    .split('/')
  return [bucket, key.join('/')]
}

const isThere = (store: S3Store, bucket: string, key: string): boolean =>
  store.hasBucket(bucket) &&
  store.listObjects(bucket, { prefix: key, maxKeys: 1 }).objects.some((object) => object.key === key)
