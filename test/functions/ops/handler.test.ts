import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import { startQueues } from '../../../infra/local/queues.ts'
import type { ApiResponse } from '../../../shared/api/request.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import type { RouteName } from '../../../shared/operations/routes.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { accountLinked, certificateIssued, publishers } from '../events.ts'
import { captureLog, newContext, prepare, variablesOf } from '../handlers/host.ts'
import { linesOf, strayFields } from '../handlers/log.ts'
import { type Asked, eventOf } from './office.ts'

/** The function whole: from API Gateway's event to its response, and to the queue of jobs. */

const holder = 'Rahasia Wijaya'
const engine = await startTestEngine()
const queues = await startQueues()
const ledger = engine.open()
const urlOf = (name: string) => `${queues.address}/000000000000/${name}`
queues.create(
  ['test-jobs', 'test-jobs-dlq'].map((QueueName) => ({ QueueName, VisibilityTimeout: 60, DelaySeconds: 0 })),
  () => {},
)
const variables = {
  ...(await variablesOf(engine)),
  AWS_ENDPOINT_URL_SQS: queues.address,
  JOBS_QUEUE_URL: urlOf('test-jobs'),
  DEAD_LETTER_QUEUES: JSON.stringify({ 'test-jobs-dlq': urlOf('test-jobs-dlq') }),
}
afterAll(async () => {
  await queues.stop()
  await engine.stop()
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2020-09-18T10:00:01+07:00') })
  prepare('ops', variables)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const operator = 'arn:aws:sts::000000000000:assumed-role/test-operator/ani'

async function handle(name: RouteName, asked: Asked = {}, userArn?: string, change: object = {}) {
  const { handler } = await import('../../../functions/ops/handler.ts')
  const log = captureLog()
  const response: ApiResponse = await handler({ ...eventOf(name, asked, userArn), ...change }, newContext())
  vi.restoreAllMocks()
  return { response, log: log() }
}

test('an answer is JSON that nobody keeps', async () => {
  const { response } = await handle('status')
  expect(response).toMatchObject({
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
  expect(JSON.parse(response.body)).toMatchObject({ at: '2020-09-18T10:00:01+07:00', deadLetters: {} })
})

test('a refusal is a problem', async () => {
  const { response } = await handle('instruct')
  expect(response).toMatchObject({ statusCode: 403, headers: { 'content-type': 'application/problem+json' } })
  expect(JSON.parse(response.body)).toMatchObject({ type: 'about:blank', title: 'Forbidden', status: 403 })
})

test('a session of another account is nobody', async () => {
  const event = eventOf('instruct', {}, operator)
  const requestContext = { ...event.requestContext, accountId: '999999999999' }
  const { response } = await handle('instruct', {}, operator, { requestContext })
  expect(response.statusCode).toBe(403)
})

test('a body may come in base64', async () => {
  const body = JSON.stringify({ instruction: 'pause', partner: 'gopay', reason: 'doubt' })
  const change = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
  const { response } = await handle('instruct', {}, operator, change)
  expect(JSON.parse(response.body)).toMatchObject({ effects: [{ subject: 'gopay', outcome: 'paused' }] })
})

test('a failure of ours is told without its words, and logged with them', async () => {
  prepare('ops', { ...variables, PAYOUTS_TABLE: 'a-table-that-is-not' })
  const { response, log } = await handle('status')
  expect(response.statusCode).toBe(500)
  expect(response.body).not.toMatch(/table|stack|Exception/)
  expect(linesOf(log).filter(({ level }) => level === 'ERROR')).toHaveLength(1)
})

test('an event that is none of API Gateway’s is a bug', async () => {
  const { handler } = await import('../../../functions/ops/handler.ts')
  captureLog()
  await expect(handler({ version: '1.0' }, newContext())).rejects.toThrow()
})

test('no name, no account number and no field that is not on the list is logged', async () => {
  const account = { partner: 'gopay', accountNumber: '081277665544', holderName: holder }
  const intake = { ledger, publishers, partners: { gopay: 'wallet' } as const, shards: 2, scheme: scheme2020 }
  for (const event of [certificateIssued('P-1'), accountLinked('P-1', account)])
    await takeIn(intake, JSON.stringify(event), at('2020-09-18T10:00:01+07:00'), 'intake/test')
  const logs = [
    await handle('show', { parameters: { participantId: 'P-1' } }),
    await handle(
      'instruct',
      { body: { instruction: 'hold', reason: holder, number: '081277665544' } },
      operator,
    ),
    await handle('list', { query: { list: 'failed', cursor: '081277665544' } }),
  ].map(({ log }) => log)
  for (const log of logs) {
    expect(linesOf(log).length).toBeGreaterThan(0)
    expect(strayFields(log)).toEqual([])
    expect(log).not.toMatch(/Rahasia|77665544/)
  }
})
