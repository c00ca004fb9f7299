import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { credentials, pem } from '../../support/snap-partner.ts'
import { accountLinked, certificateIssued, publishers } from '../events.ts'
import { captureLog, newContext, prepare, variablesOf } from './host.ts'
import { dimensionsOf, linesOf, metricsOf, strayFields } from './log.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()
const variables = await variablesOf(engine)
const now = at('2020-09-18T10:00:01+07:00')

const sqs = mockClient(SQSClient)
const secrets = mockClient(SecretsManagerClient)
beforeEach(() => {
  sqs.reset()
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

async function linked(participantId: string): Promise<void> {
  const intake = { ledger, publishers, partners: { ovo: 'wallet' } as const, shards: 2, scheme: scheme2020 }
  for (const event of [certificateIssued(participantId), accountLinked(participantId, { partner: 'ovo' })])
    await takeIn(intake, JSON.stringify(event), now, 'intake/test')
}

describe('release', () => {
  test('fills its queue and says when there is work again', async () => {
    prepare('release', variables)
    await linked('P-1')
    await ledger.lanes.fund({
      partner: 'ovo',
      scheme: 'test',
      budget: rupiah(1_000_000),
      amount: rupiah(1_000_000),
      document: 'TREASURY-1',
      at: now,
      by: 'finance/ani',
    })
    const depth = {
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    }
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: depth })
    sqs.on(SendMessageBatchCommand).resolves({ Failed: [] })
    const { handler } = await import('../../../functions/release/handler.ts')
    const log = captureLog()
    // The schedule's own time counts, not the clock's.
    const released = await handler({ now: '2020-09-19T03:00:00Z' }, newContext())
    expect(released).toEqual({ next: '2020-09-19T03:01:00.000Z', sent: 1 })
    const [send] = sqs.commandCalls(SendMessageBatchCommand)
    expect(send?.args[0].input.Entries).toMatchObject([
      { MessageBody: '{"participantId":"P-1","payout":"incentive-1"}' },
    ])
    expect(metricsOf(log())).toMatchObject({ PayoutReleased: 1 })
    expect(linesOf(log())).toMatchObject([
      { message: 'payouts released', partner: 'ovo', count: 1, depth: 0 },
      { message: 'write units' },
    ])
    expect(await ledger.lanes.cursor('ovo')).toMatchObject({ releasedAt: '2020-09-19T03:00:00.000Z' })
    expect(strayFields(log())).toEqual([])
  })

  test.for([{}, { now: 'noon' }, null, { now: 5 }])('refuses %o instead of a tick', async (event) => {
    prepare('release', variables)
    const { handler } = await import('../../../functions/release/handler.ts')
    captureLog()
    await expect(handler(event, newContext())).rejects.toThrow()
  })
})

describe('inquire', () => {
  test('has nothing to ask, and says so', async () => {
    const SecretString = JSON.stringify({ ...credentials, privateKey: pem })
    secrets.on(GetSecretValueCommand, { SecretId: 'test/partner/ovo' }).resolves({ SecretString })
    prepare('inquire', variables)
    const { handler } = await import('../../../functions/inquire/handler.ts')
    expect(await handler({}, newContext())).toEqual({ next: null, asked: 0 })
  })

  test('names the secret that it cannot use, and nothing of what is in it', async () => {
    secrets
      .on(GetSecretValueCommand, { SecretId: 'test/other' })
      .resolves({ SecretString: '{"channelId":"hidden\\n"}' })
    prepare('inquire', { ...variables, PARTNER_SECRET: 'test/other' })
    const { handler } = await import('../../../functions/inquire/handler.ts')
    const failure = await handler({}, newContext()).then(String, String)
    expect(failure).toContain('the secret of ovo is not usable: clientKey: ')
    expect(failure).not.toContain('hidden')
  })
})

describe('close', () => {
  test('waits for the day after the last payment, and then cancels', async () => {
    prepare('close', variables)
    await linked('P-2')
    const { handler } = await import('../../../functions/close/handler.ts')
    const log = captureLog()
    const early = await handler({ now: '2021-03-05T16:59:59Z' }, newContext())
    expect(early).toEqual({ next: '2021-03-05T17:00:00.000Z', cancelled: 0 })
    const closed = await handler({ now: '2021-03-05T17:00:00Z' }, newContext())
    expect(closed).toEqual({ next: '2021-03-06T17:00:00.000Z', cancelled: 14 })
    expect(metricsOf(log())).toMatchObject({ PayoutCancelled: 14 })
    expect(strayFields(log())).toEqual([])
  })

  test('fails where a journal is damaged, once all else is closed, and goes on from there', async () => {
    prepare('close', variables)
    await linked('P-3')
    const Item = { pk: { S: 'P-3' }, sk: { S: 'incentive-1#0001' }, seq: { N: '1' } }
    await engine.connect().send(new PutItemCommand({ TableName: engine.tables.journal, Item }))
    const { handler } = await import('../../../functions/close/handler.ts')
    const log = captureLog()
    const now = '2021-03-07T17:00:00Z'
    await expect(handler({ now }, newContext())).rejects.toThrow('damaged were not closed: 1')
    expect(metricsOf(log())).toMatchObject({ PayoutCancelled: 6 })
    expect(linesOf(log())).toContainEqual(
      expect.objectContaining({
        message: 'payout not closed',
        participantId: 'P-3',
        payout: 'incentive-1',
      }),
    )
    expect(strayFields(log())).toEqual([])
    expect(await handler({ now }, newContext())).toMatchObject({ cancelled: 0 })
  })
})

// Behind closing, which comes to everybody in the tables.
test('inquire counts a question that fails every time as an outcome that only people find out, of its partner', async () => {
  prepare('inquire', variables)
  await linked('P-4')
  const { rows } = await ledger.participants.read('P-4')
  const row = rows.find(({ payout }) => payout === 'incentive-1')
  if (!row) throw new Error('P-4 has no incentive-1')
  await ledger.participants.project({ ...row, seq: 1, state: 'unknown', list: 'inquire#ovo#0', at: now })
  const Item = { pk: { S: 'P-4' }, sk: { S: 'incentive-1#0001' }, seq: { N: '1' } }
  await engine.connect().send(new PutItemCommand({ TableName: engine.tables.journal, Item }))
  const { handler } = await import('../../../functions/inquire/handler.ts')
  const log = captureLog()
  expect(await handler({}, newContext())).toMatchObject({ asked: 1 })
  expect(metricsOf(log())).toMatchObject({ QuestionFailed: 1, OutcomeOverdue: 1 })
  expect(dimensionsOf(log(), 'OutcomeOverdue')).toEqual([{ partner: 'ovo', service: 'inquire' }])
  expect(strayFields(log())).toEqual([])
})
