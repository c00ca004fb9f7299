import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startQueues } from '../../../infra/local/queues.ts'
import type { Job } from '../../../shared/operations/register.ts'
import { setOf, sortedMembers } from '../../../shared/operations/retry.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { batchOf, captureLog, newContext, prepare, variablesOf } from '../handlers/host.ts'
import { linesOf, strayFields } from '../handlers/log.ts'

/** The function whole: from SQS's event to the message that brings the next page. */

const engine = await startTestEngine()
const queues = await startQueues()
queues.create([{ QueueName: 'test-jobs', VisibilityTimeout: 60, DelaySeconds: 0 }], () => {})
const register = engine.openRegister()
const variables = {
  ...(await variablesOf(engine)),
  AWS_ENDPOINT_URL_SQS: queues.address,
  JOBS_QUEUE_URL: `${queues.address}/000000000000/test-jobs`,
  MOVEMENTS_BUCKET: 'test-movements',
}
afterAll(async () => {
  await queues.stop()
  await engine.stop()
})
const now = at('2020-09-18T10:00:01+07:00')
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
  prepare('jobs', variables)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const id = '6f9619ff-8b86-4011-b42d-00c04fc964ff'

/** A job over so many payouts of people whom nobody knows. */
async function start(payments: number) {
  const members = Array.from({ length: payments }, (_, index) => ({
    participantId: `P-${index}`,
    payout: 'incentive-1' as const,
    closedAttempt: 1,
    accountVersion: '1',
    partner: 'gopay',
    amount: 600_000,
  }))
  const set = setOf(members, now)
  await register.keepSet(set, sortedMembers(members))
  const begun = { cursor: 0, retried: 0, skipped: {}, startedBy: 'ani', at: now, version: 1 }
  const job: Job = { id, set: set.hash, reason: 'mended', state: 'running', payments, ...begun }
  await register.startJob(job)
}

async function handle(body: string) {
  const { handler } = await import('../../../functions/jobs/handler.ts')
  const log = captureLog()
  const response = await handler(batchOf([body]), newContext())
  vi.restoreAllMocks()
  return { response, log: log() }
}

test('a message deals with a page and sends the message for the next', async () => {
  await start(101)
  const { response, log } = await handle(JSON.stringify({ jobId: id }))
  expect(response).toEqual({ batchItemFailures: [] })
  const [next] = queues.receive('test-jobs', 10)
  expect(next?.message.body).toBe(JSON.stringify({ jobId: id }))
  expect(strayFields(log)).toEqual([])
  await handle(next?.message.body ?? '')
  expect(await register.job(id)).toMatchObject({
    state: 'done',
    retried: 0,
    skipped: { changed: 101 },
    endedAt: now,
  })
  expect(queues.receive('test-jobs', 10)).toEqual([])
})

test.for(['', '{}', '{"jobId":"no-such-job"}'])('the message %s comes back', async (body) => {
  const { response, log } = await handle(body)
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] })
  expect(linesOf(log).some(({ level }) => level === 'ERROR')).toBe(true)
})
