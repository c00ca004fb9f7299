import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { DynamoDBRecord } from 'aws-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { payoutStatusChanged } from '../../../functions/publish/event.ts'
import { paid } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane } from '../lane.ts'
import { accrual, inserted, tampered } from '../publish/records.ts'
import { captureLog, newContext, prepare, variablesOf } from './host.ts'
import { linesOf, metricsOf, strayFields } from './log.ts'

/** The publish function whole: from the stream's records to requests to EventBridge. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const variables = await variablesOf(engine)
const lane = await createLane(engine.open())

const bus = mockClient(EventBridgeClient)
beforeEach(() => {
  bus.reset()
  bus.on(PutEventsCommand).callsFake(({ Entries }) => ({
    Entries: Array.from({ length: Entries.length }, () => ({ EventId: 'taken' })),
  }))
  prepare('publish', variables)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

async function handle(Records: DynamoDBRecord[]) {
  const { handler } = await import('../../../functions/publish/handler.ts')
  const log = captureLog()
  const response = await handler({ Records }, newContext())
  vi.restoreAllMocks()
  return { response, log: log() }
}

const entries = () => bus.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? [])
const changes = () => entries().map(({ Detail = '' }) => payoutStatusChanged.parse(JSON.parse(Detail)))
const failuresIn = ({ batchItemFailures }: { batchItemFailures: { itemIdentifier: string }[] }) =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)

/** Somebody new who has been paid, and the records of it. */
async function paidParticipant() {
  const participantId = await lane.participant()
  const accrued = inserted(accrual(participantId, lane.now()))
  lane.partner.pays(paid)
  await lane.pay([[participantId]])
  const chain = await lane.chain(participantId, 'incentive-1')
  return { participantId, accrued, chain, records: chain.map(inserted) }
}

test('an entitlement and a payment are published under our own source, ten to a request, in order', async () => {
  const { participantId, accrued, records } = await paidParticipant()
  const { response, log } = await handle([accrued, ...records])
  expect(response).toEqual({ batchItemFailures: [] })
  for (const { EventBusName, Source, DetailType } of entries())
    expect([EventBusName, Source, DetailType]).toEqual([
      'test-disbursement',
      'prakerja.disbursement',
      'PayoutStatusChanged',
    ])
  const incentive = changes().filter(({ payout }) => payout === 'incentive-1')
  expect(incentive).toMatchObject([
    {
      participantId,
      sequence: 2,
      status: 'paid',
      partner: lane.partnerName,
      lastFour: participantId.slice(-4),
    },
  ])
  expect(bus.commandCalls(PutEventsCommand)).toHaveLength(1)
  expect(metricsOf(log)).toMatchObject({ StatusPublished: 7 })
})

test('what the bus refuses comes back with all that follows it, by sequence number', async () => {
  const [first, second] = [await paidParticipant(), await paidParticipant()]
  bus
    .on(PutEventsCommand)
    .resolvesOnce({ Entries: Array.from({ length: 10 }, () => ({ EventId: 'taken' })) })
    .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] })
  const records = [first.accrued, second.accrued, ...first.records, ...second.records]
  const { response, log } = await handle(records)
  // The first request holds seven events of the first entitlement and three of the second.
  expect(failuresIn(response)).toEqual(records.slice(1).map(({ dynamodb }) => dynamodb?.SequenceNumber))
  expect(linesOf(log).filter(({ level }) => level === 'ERROR')).toMatchObject([
    { message: 'status not published', error: { message: expect.stringContaining('ThrottlingException') } },
  ])
})

test('tampering is counted and named by its key, and nothing of the entry is told', async () => {
  const { participantId, chain, records } = await paidParticipant()
  const [claimed] = chain
  if (!claimed) throw new Error('nothing was claimed')
  const tampering = [tampered('MODIFY', claimed), tampered('REMOVE', claimed)]
  const { response, log } = await handle([...tampering, ...records])
  expect(response).toEqual({ batchItemFailures: [] })
  expect(metricsOf(log)).toMatchObject({ JournalTampered: 2, StatusPublished: 1 })
  expect(linesOf(log).filter(({ level }) => level === 'ERROR')).toMatchObject(
    ['MODIFY', 'REMOVE'].map((done) => ({
      message: 'journal tampered with',
      error: { message: `${done} of ${participantId} incentive-1#0001` },
    })),
  )
  expect(changes()).toHaveLength(1)
  expect(strayFields(log)).toEqual([])
})

test('no event and no log line has a name or an account number', async () => {
  const { accrued, records } = await paidParticipant()
  const { log } = await handle([accrued, ...records])
  const told = `${log} ${JSON.stringify(entries())}`
  for (const text of ['Budi Santoso', 'BUDI', '0812']) expect(told).not.toContain(text)
})
