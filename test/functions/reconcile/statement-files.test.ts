import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { S3Client } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { openStatementFiles } from '../../../shared/ledger/s3/statements.ts'
import { startAnsweringServer } from '../../support/answering-server.ts'

/** The statements of a bucket in which every object has this content. */
async function filesOf(body: string | Buffer) {
  const server = await startAnsweringServer(() => ({ status: 200, body }))
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: server.url, region: 'ap-southeast-3', credentials })
  onTestFinished(async () => {
    client.destroy()
    await server.close()
  })
  return { server, files: openStatementFiles(client, 'statements') }
}

test('a statement comes when it is read, so that none waits half-way while all movements are read before', async () => {
  const content = 'created_at,type,amount,partner_reference_no,reference_no\n'
  const { server, files } = await filesOf(content)
  const { bytes, sha256 } = files.open('statements/gopay/2020-09-18.csv')
  await new Promise((resolve) => setImmediate(resolve))
  expect(server.requests).toEqual([])
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toBe(content)
  expect(sha256()).toBe(hash('sha256', content))
  expect(server.requests).toHaveLength(1)
})

test.for([
  ['a line', '{"kind":'],
  ['a character', Buffer.of(0xc3)],
] as const)('results that end within %s are refused', async ([, content]) => {
  const { files } = await filesOf(gzipSync(content))
  const key = 'reconciliation/gopay/2020-09-18/1'
  await expect(files.breaks(key)).rejects.toThrow(/reconciliation.* ends within a line/)
  await expect(files.openItems(key)[Symbol.asyncIterator]().next()).rejects.toThrow(/ ends within a line/)
})
