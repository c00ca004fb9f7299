import { hash } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { openStatementFiles } from '../../../shared/ledger/s3/statements.ts'
import { startAnsweringServer } from '../../support/answering-server.ts'

test('a statement comes when it is read, so that none waits half-way while all movements are read before', async () => {
  const content = 'created_at,type,amount,partner_reference_no,reference_no\n'
  const server = await startAnsweringServer(() => ({ status: 200, body: content }))
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: server.url, region: 'ap-southeast-3', credentials })
  onTestFinished(async () => {
    client.destroy()
    await server.close()
  })
  const { bytes, sha256 } = openStatementFiles(client, 'statements').open('statements/gopay/2020-09-18.csv')
  await new Promise((resolve) => setImmediate(resolve))
  expect(server.requests).toEqual([])
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toBe(content)
  expect(sha256()).toBe(hash('sha256', content))
  expect(server.requests).toHaveLength(1)
})
