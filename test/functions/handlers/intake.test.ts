import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { marshall } from '@aws-sdk/util-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startTestEngine } from '../../support/engine.ts'
import { accountLinked, certificateIssued, surveyCompleted } from '../events.ts'
import { batchOf, captureLog, newContext, prepare, variablesOf } from './host.ts'
import { linesOf, metricsOf, strayFields } from './log.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()
const variables = await variablesOf(engine)

const secrets = mockClient(SecretsManagerClient)
const secret = 'the key of account numbers'
beforeEach(() => {
  secrets.on(GetSecretValueCommand, { SecretId: 'test/account-key' }).resolves({ SecretString: secret })
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2020-09-18T03:00:01.000Z') })
  prepare('intake', variables)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const number = '081277665544'
const holder = 'Rahasia Wijaya'
const personal = [number, number.slice(1), holder, holder.toUpperCase(), secret]

async function handle(events: readonly unknown[]) {
  const { handler } = await import('../../../functions/intake/handler.ts')
  const bodies = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)))
  const log = captureLog()
  const response = await handler(batchOf(bodies), newContext())
  vi.restoreAllMocks()
  return { response, log: log() }
}

/** A participant whose stored entitlement cannot be read: whatever is to be done about them is a failure of ours. */
async function corrupt(participantId: string): Promise<void> {
  const Item = marshall({ pk: participantId, sk: 'ENTITLEMENT', wave: holder, governing: number })
  await engine.connect().send(new PutItemCommand({ TableName: engine.tables.payouts, Item }))
}

test('a batch is taken in; what is refused is kept and acknowledged', async () => {
  const account = accountLinked('P-1', { accountNumber: number, holderName: holder })
  const { response, log } = await handle([
    certificateIssued('P-1'),
    account,
    surveyCompleted('P-1', { survey: 9 }),
    'not JSON',
    accountLinked('P-2', {
      accountNumber: `99${number}`,
      holderName: holder,
      partner: 'bni',
      linkedAt: number,
    }),
  ])
  expect(response).toEqual({ batchItemFailures: [] })
  const { rows } = await ledger.participants.read('P-1')
  expect(rows.filter(({ state }) => state === 'scheduled')).toHaveLength(4)
  expect(await ledger.quarantine.list(1_000)).toHaveLength(3)
  expect(metricsOf(log)).toMatchObject({ EventAccepted: 2, EventQuarantined: 3 })
  expect((await handle([account])).log).toContain('"outcome":"duplicate"')
})

test('what failed on our side comes back, alone, and the log says why', async () => {
  await corrupt('P-CORRUPT')
  const { response, log } = await handle([
    certificateIssued('P-3'),
    certificateIssued('P-CORRUPT'),
    surveyCompleted('P-3'),
  ])
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] })
  expect((await ledger.participants.read('P-3')).surveys).toHaveProperty('1')
  const errors = linesOf(log).filter(({ level }) => level === 'ERROR')
  expect(errors).toMatchObject([{ message: expect.any(String), error: { name: 'ZodError' } }])
})

test('a batch of nothing but failures is answered message by message', async () => {
  await corrupt('P-CORRUPT')
  const { response } = await handle([certificateIssued('P-CORRUPT'), surveyCompleted('P-CORRUPT')])
  const identifiers = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()
  expect(identifiers).toEqual(['message-0', 'message-1'])
})

test('the log has no field that is not on the list, no name and no account number', async () => {
  await corrupt('P-CORRUPT')
  const details = { accountNumber: number, holderName: holder }
  const { log } = await handle([
    certificateIssued('P-4'),
    accountLinked('P-4', details),
    accountLinked('P-4', { ...details, linkedAt: '2020-09-02T10:00:00+07:00', partner: 'gopay' }),
    accountLinked('P-5', { ...details, partner: holder }),
    accountLinked('P-5', { ...details, accountNumber: `${holder}${number}` }),
    accountLinked('P-CORRUPT', details),
    `${holder} ${number}`,
    surveyCompleted(holder, { note: number }),
  ])
  expect(linesOf(log).length).toBeGreaterThan(7)
  expect(strayFields(log)).toEqual([])
  for (const text of personal) expect(log).not.toContain(text)
})
