import { afterAll, beforeAll, expect, test } from 'vitest'
import { partnerNames } from '../../infra/stages.ts'
import { createOperator, type Operator } from '../support/operator.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** A morning after a bad night: what died in the queues is looked through and cleared up. */
let pipeline: Pipeline
let siti: Operator
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
  const { api = '' } = pipeline.stack
  siti = createOperator(api, 'operator', 'siti')
})
afterAll(() => pipeline.stop())

/** What a command answers, which was expected to succeed. */
async function ask(...args: readonly string[]) {
  const { code, out, err } = await siti(...args, '--json')
  expect(code, err).toBe(0)
  return JSON.parse(out)
}

/** The job of a retry that somebody has carried out. */
async function retried(): Promise<string> {
  const { id } = pipeline.enrol('bni', '30')
  await pipeline.pass({ minutes: 5 })
  expect((await siti('failed', '--partner', 'bni')).out).toContain(`${id}/incentive-1`)
  const { set } = await ask('retry', `${id}/incentive-1`)
  await ask('retry', '--apply', set, '--reason', 'BNI/4711')
  const { jobs } = await ask('jobs')
  return jobs[0].id
}

test('a message that died in a queue is deleted where its payout is settled, and otherwise sent again', async () => {
  const { stack } = pipeline
  const paid = partnerNames.map((partner) => pipeline.enrol(partner))
  const undelivered = pipeline.newcomer('ovo')
  const [certificate, another] = [undelivered.certificate(), undelivered.certificate()]
  const link = undelivered.link()
  pipeline.publish(certificate, another, link)
  await pipeline.pass({ minutes: 10 })
  for (const { id, account } of paid)
    for (const payout of ['incentive-1', 'incentive-2'])
      stack.send(`local-pay-${account.partner}-dlq`, JSON.stringify({ participantId: id, payout }))
  stack.send('local-intake-dlq', JSON.stringify(certificate))
  stack.send('local-undelivered', JSON.stringify(another))
  stack.send('local-intake-accounts-dlq', JSON.stringify(link))
  stack.send('local-jobs-dlq', JSON.stringify({ jobId: await retried() }))

  const { deadLetters } = await ask('status')
  expect(Object.keys(deadLetters)).toHaveLength(partnerNames.length + 4)
  const { messages } = await ask('dlq')
  expect(messages).toHaveLength(2 * partnerNames.length + 4)
  const { effects } = await ask('dlq', 'tidy')
  const deleted = effects.filter(({ outcome }: { outcome: string }) => outcome.startsWith('deleted'))
  expect(deleted).toHaveLength(partnerNames.length)
  await pipeline.pass({ minutes: 10 })
  expect((await siti('dlq')).out).toContain('the dead-letter queues are empty')
  for (const person of [...paid, undelivered]) expect(pipeline.credits(person)).toHaveLength(1)
  await pipeline.promisesKept()
})

test('a day that is not over yet is vouched for by nothing, which is no break', async () => {
  const today = ['--from', '2020-09-18', '--to', '2020-09-18']
  const { records, broken, digests } = await ask('audit', ...today, '--verify')
  expect(records).not.toEqual([])
  expect({ broken, digests }).toEqual({ broken: undefined, digests: [] })
})
