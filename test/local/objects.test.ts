import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { createBuckets, openObjects } from '../../infra/local/objects.ts'
import { startQueues } from '../../infra/local/queues.ts'

const directory = mkdtempSync(join(tmpdir(), 'objects-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Has a client work on a bucket `shelf`, and stops the server after it. */
async function onShelf<Result>(
  { data, keep }: { readonly data?: string; readonly keep?: boolean },
  work: (client: S3Client) => Promise<Result>,
): Promise<Result> {
  const objects = openObjects(data, keep)
  createBuckets(objects, [{ BucketName: 'shelf' }])
  const server = await startQueues(objects)
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: server.address, region: 'ap-southeast-3', credentials })
  try {
    return await work(client)
  } finally {
    client.destroy()
    await server.stop()
  }
}
const at = { Bucket: 'shelf', Key: 'audit/2020-09-18.json' }
const put = (client: S3Client, Body: string, condition: { readonly IfNoneMatch?: string } = {}) =>
  client.send(new PutObjectCommand({ ...at, Body, ...condition })).then(
    () => 'written',
    (error: Error) => error.name,
  )
const get = (client: S3Client) =>
  client.send(new GetObjectCommand(at)).then(
    ({ Body }) => Body?.transformToString(),
    (error: Error) => error.name,
  )

test('who writes only where there is nothing never overwrites; others do', async () => {
  await onShelf({}, async (client) => {
    expect(await get(client)).toBe('NoSuchKey')
    expect(await put(client, 'first', { IfNoneMatch: '*' })).toBe('written')
    expect(await put(client, 'second', { IfNoneMatch: '*' })).toBe('PreconditionFailed')
    expect(await get(client)).toBe('first')
    expect(await put(client, 'third')).toBe('written')
    expect(await get(client)).toBe('third')
  })
})

test('objects stay in the data directory for whoever keeps it, and for nobody else', async () => {
  await onShelf({ data: directory }, (client) => put(client, 'kept'))
  expect(await onShelf({ data: directory, keep: true }, get)).toBe('kept')
  expect(
    await onShelf({ data: directory, keep: true }, (client) => put(client, 'other', { IfNoneMatch: '*' })),
  ).toBe('PreconditionFailed')
  expect(await onShelf({ data: directory }, get)).toBe('NoSuchKey')
})
