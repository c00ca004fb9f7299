import { createServer } from 'node:http'
import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { callMarginSeconds } from '../../shared/domain/deadlines.ts'
import {
  createBusClient,
  createDatabaseClient,
  createJournalClient,
  createQueueClient,
  createStorageClient,
  readSecret,
} from '../../shared/runtime/clients.ts'
import { listen } from '../support/answering-server.ts'

/** Every client against an AWS that is slow or says nothing, all of them at the same time. */

/** Longer than an answer of DynamoDB may take where a payment waits for it. */
const slowMs = 1_700
/** Of each operation, or object, how often it was asked for. */
const asked = new Map<string, number>()
const server = createServer((request, response) => {
  const { 'x-amz-target': operation = request.url?.replace(/\?.*/, '') } = request.headers
  const name = String(operation).replace(/^.*[./]/, '')
  asked.set(name, (asked.get(name) ?? 0) + 1)
  request.resume()
  if (name === 'Scan' || name === 'ReceiveMessage') setTimeout(() => response.end('{}'), slowMs)
  if (name === 'stalled') response.writeHead(200, { 'content-length': 1_000 }).write('begins')
})

beforeAll(async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
  const address = {
    AWS_REGION: 'ap-southeast-3',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${await listen(server)}`,
  }
  for (const [name, value] of Object.entries({ ...keys, ...address })) vi.stubEnv(name, value)
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  vi.unstubAllEnvs()
})

const key = { pk: { S: 'P-00017' }, sk: { S: 'facts' } }
const event = { EventBusName: 'bus', Source: 'source', DetailType: 'type', Detail: '{}' }
const object = (Key: string, abortSignal?: AbortSignal) =>
  createStorageClient().send(new GetObjectCommand({ Bucket: 'shelf', Key }), {
    ...(abortSignal && { abortSignal }),
  })

describe.concurrent('whoever asks', { timeout: 20_000 }, () => {
  test.for<readonly [operation: string, ask: () => Promise<unknown>]>([
    ['GetItem', () => createDatabaseClient().send(new GetItemCommand({ TableName: 'payouts', Key: key }))],
    ['PutEvents', () => createBusClient().send(new PutEventsCommand({ Entries: [event] }))],
    ['GetSecretValue', () => readSecret('local/partner/gopay')],
  ])(
    'for %s and hears nothing has asked three times within the time for writing',
    async ([operation, ask], { expect }) => {
      const since = performance.now()
      await expect(ask()).rejects.toThrow('requestTimeout')
      expect(asked.get(operation)).toBe(3)
      // With what a busy machine adds.
      expect(performance.now() - since).toBeLessThan((callMarginSeconds + 1) * 1_000)
    },
  )

  test('for a page of the whole journal is given the time to take others apart meanwhile', async ({
    expect,
  }) => {
    await createJournalClient().send(new ScanCommand({ TableName: 'journal' }))
    expect(asked.get('Scan')).toBe(1)
  })

  test('for messages is given the second that SQS may wait for them', async ({ expect }) => {
    await createQueueClient().send(
      new ReceiveMessageCommand({ QueueUrl: `${process.env.AWS_ENDPOINT_URL}/q` }),
    )
    expect(asked.get('ReceiveMessage')).toBe(1)
  })

  test('for an object and hears nothing asks again', async ({ expect }) => {
    const enough = new AbortController()
    const given = object('silent', enough.signal).catch((error: unknown) => error)
    await vi.waitFor(() => expect(asked.get('silent')).toBe(2), { timeout: 10_000, interval: 100 })
    enough.abort()
    await given
  })

  test('for an object that stops in the middle hears of it', async ({ expect }) => {
    const { Body } = await object('stalled')
    await expect(Body?.transformToByteArray()).rejects.toThrow('timed out')
  })
})
