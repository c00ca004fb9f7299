import { S3Client } from '@aws-sdk/client-s3'
import { createBuckets, openObjects } from '../../infra/local/objects.ts'
import { startQueues } from '../../infra/local/queues.ts'
import { openMovements } from '../../shared/ledger/s3/movements.ts'
import { openAside } from '../../shared/ledger/s3/repairs.ts'

const bucket = 'test-movements'

/** A bucket for movement files, for one test file, on a server of its own. */
export async function startMovements() {
  const objects = openObjects()
  createBuckets(objects, [{ BucketName: bucket }])
  const server = await startQueues(objects)
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: server.address, region: 'ap-southeast-3', credentials })
  let fetched = 0
  client.middlewareStack.add(
    (next, { commandName }) =>
      (request) => {
        if (commandName === 'GetObjectCommand') fetched += 1
        return next(request)
      },
    { step: 'initialize' },
  )
  return {
    /** How many files were asked for. */
    fetched: () => fetched,
    /** The variables that lead a function to it. */
    variables: { AWS_ENDPOINT_URL_S3: server.address, MOVEMENTS_BUCKET: bucket },
    files: openMovements(client, bucket),
    aside: openAside(client, bucket),
    /** Of an object's content. */
    hash: (key: string) => objects.getObject(bucket, key).etag,
    keys: () => objects.listObjects(bucket).objects.map(({ key }) => key),
    put: (key: string, body: Buffer) => objects.putObject(bucket, key, body, 'application/gzip', {}),
    empty: () => objects.emptyBucket(bucket),
    async stop() {
      client.destroy()
      await server.stop()
    },
  }
}
