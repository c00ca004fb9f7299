import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createBuckets, openObjects } from '../../infra/local/objects.ts'
import { startQueues } from '../../infra/local/queues.ts'
import { openDigests } from '../../shared/ledger/s3/digests.ts'

const bucket = 'test-audit'

/** A bucket for the audit trail's digests, for one test file, on a server of its own. */
export async function startBucket() {
  const objects = openObjects()
  createBuckets(objects, [{ BucketName: bucket }])
  const server = await startQueues(objects)
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: server.address, region: 'ap-southeast-3', credentials })
  return {
    /** The variables that lead a function to it. */
    variables: { AWS_ENDPOINT_URL_S3: server.address, DIGESTS_BUCKET: bucket },
    digests: openDigests(client, bucket),
    keys: () => objects.listObjects(bucket).objects.map(({ key }) => key),
    async text(key: string): Promise<string | undefined> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return Body?.transformToString()
    },
    /** As a thief would who can open the lock. */
    remove: (key: string) => objects.deleteObject(bucket, key),
    empty: () => objects.emptyBucket(bucket),
    async stop() {
      client.destroy()
      await server.stop()
    },
  }
}
