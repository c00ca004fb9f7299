import { setTimeout } from 'node:timers/promises'
import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createQueues } from '../../../functions/ops/queues.ts'
import { startQueues } from '../../../infra/local/queues.ts'
import { accountLinked, certificateIssued } from '../events.ts'

/** What people do to queues, on the local stand-in of SQS. */

const local = await startQueues()
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const client = new SQSClient({ endpoint: local.address, region: 'ap-southeast-3', credentials })
afterAll(async () => {
  client.destroy()
  await local.stop()
})

const urlOf = (name: string) => `${local.address}/000000000000/${name}`
let run = 0
/** Queues of their own for each test. */
function newQueues() {
  const prefix = `test-${run}`
  const names = ['jobs', 'intake', 'intake-accounts', 'pay-gopay', 'pay-gopay-dlq', 'undelivered']
  local.create(
    names.map((name) => ({ QueueName: `${prefix}-${name}`, VisibilityTimeout: 60, DelaySeconds: 0 })),
    () => {},
  )
  const url = (name: string) => urlOf(`${prefix}-${name}`)
  const deadLetters = {
    lane: url('pay-gopay-dlq'),
    undelivered: url('undelivered'),
  }
  const queues = createQueues(client, {
    jobs: url('jobs'),
    intake: url('intake'),
    accounts: url('intake-accounts'),
    deadLetters,
  })
  const bodiesIn = (name: string) =>
    local.receive(`${prefix}-${name}`, 100).map(({ message }) => message.body)
  return { queues, bodiesIn, send: (name: string, body: string) => local.send(`${prefix}-${name}`, body) }
}
beforeEach(() => {
  run++
})

test('a job is woken up by its id alone', async () => {
  const { queues, bodiesIn } = newQueues()
  await queues.sendJob('some-job')
  expect(bodiesIn('jobs')).toEqual(['{"jobId":"some-job"}'])
})

test('events about accounts go to their own queue', async () => {
  const { queues, bodiesIn } = newQueues()
  const [certificate, account] = [certificateIssued('P-1'), accountLinked('P-1')].map((event) =>
    JSON.stringify(event),
  )
  for (const body of [certificate ?? '', account ?? '', 'not JSON']) await queues.sendEvent(body)
  expect(bodiesIn('intake').sort()).toEqual([certificate, 'not JSON'].sort())
  expect(bodiesIn('intake-accounts')).toEqual([account])
})

test('what is received is hidden until it is given back', async () => {
  const { queues, send } = newQueues()
  for (let index = 0; index < 13; index++) send('pay-gopay-dlq', `${index}`)
  expect(await queues.depth('lane')).toBe(13)
  const some = await queues.receive('lane', 12)
  expect(some).toHaveLength(12)
  const rest = await queues.receive('lane', 12)
  expect(rest).toHaveLength(1)
  for (const message of some) await queues.giveBack('lane', message)
  expect(await queues.receive('lane', 50)).toHaveLength(12)
})

test('what a queue does not hand out at once is waited for', async () => {
  const { queues, send } = newQueues()
  const receiving = queues.receive('lane', 1)
  await setTimeout(300)
  send('pay-gopay-dlq', 'a little late')
  expect(await receiving).toMatchObject([{ body: 'a little late' }])
})

test('a revived message goes to the queue it died in, and is dead no more', async () => {
  const { queues, bodiesIn, send } = newQueues()
  send('pay-gopay-dlq', 'wake up')
  const [message] = await queues.receive('lane', 1)
  if (!message) throw new Error('nothing was received')
  await queues.revive('lane', message)
  expect(bodiesIn('pay-gopay')).toEqual(['wake up'])
  await queues.giveBack('lane', message).catch(() => {})
  expect(await queues.receive('lane', 1)).toEqual([])
})

test('an event that EventBridge could not deliver goes to intake', async () => {
  const { queues, bodiesIn, send } = newQueues()
  const body = JSON.stringify(accountLinked('P-1'))
  send('undelivered', body)
  for (const message of await queues.receive('undelivered', 10)) await queues.revive('undelivered', message)
  expect(bodiesIn('intake-accounts')).toEqual([body])
  expect(await queues.depth('undelivered')).toBe(0)
})

test('a removed message is gone', async () => {
  const { queues, send } = newQueues()
  send('pay-gopay-dlq', 'x')
  for (const message of await queues.receive('lane', 1)) await queues.remove('lane', message)
  expect(await queues.depth('lane')).toBe(0)
})

test('a queue that nobody knows is a bug', async () => {
  const { queues } = newQueues()
  await expect(queues.depth('other')).rejects.toThrow('there is no dead-letter queue other')
})
