import { gunzipSync } from 'node:zlib'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { marshall } from '@aws-sdk/util-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import { createBuckets, openObjects } from '../../../infra/local/objects.ts'
import { startQueues } from '../../../infra/local/queues.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { partnerConfigurations } from '../../../shared/partners/registry.ts'
import { at } from '../../domain/examples.ts'
import { startAnsweringServer } from '../../support/answering-server.ts'
import { startTestEngine } from '../../support/engine.ts'
import { answered, credentials as onboarded, pem } from '../../support/snap-partner.ts'
import { accountLinked, certificateIssued, publishers } from '../events.ts'
import { batchOf, captureLog, newContext, prepare, variablesOf } from './host.ts'
import { dimensionsOf, linesOf, metricsOf, strayFields } from './log.ts'

/** The pay function whole: from SQS's event to a partner that answers over HTTP. */

const holder = 'Rahasia Wijaya'
const numberOf = (participantId: string) => `08127766${participantId.slice(2)}`
const now = at('2020-09-18T10:00:01+07:00')

const engine = await startTestEngine()
const objects = openObjects()
createBuckets(objects, [{ BucketName: 'test-exchanges' }])
const storage = await startQueues(objects)
const ledger = engine.open()
const credentials = { ...onboarded, clientSecret: 'secret-of-the-lane' }
let answerOfTransfer = answered('2003800', { referenceNo: 'R-1' })
const known = answered('2003700', { customerName: holder.toUpperCase() })
let answerOfAccount = known
const partner = await startAnsweringServer(({ path }) => {
  if (path === partnerConfigurations.ovo.tokenPath)
    return {
      status: 200,
      body: { responseCode: '2007300', accessToken: 'token-of-the-lane', expiresIn: '900' },
    }
  if (path.endsWith('/account-inquiry')) return answerOfAccount
  return answerOfTransfer
})
const variables = {
  ...(await variablesOf(engine)),
  AWS_ENDPOINT_URL_S3: storage.address,
  PARTNER_ENDPOINT: partner.url,
}
afterAll(async () => {
  await partner.close()
  await storage.stop()
  await engine.stop()
})

const secrets = mockClient(SecretsManagerClient)
beforeEach(() => {
  const SecretString = JSON.stringify({ ...credentials, privateKey: pem })
  secrets.on(GetSecretValueCommand, { SecretId: 'test/partner/ovo' }).resolves({ SecretString })
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
  answerOfTransfer = answered('2003800', { referenceNo: 'R-1' })
  answerOfAccount = known
  prepare('pay', variables)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

let participants = 1_000
async function newParticipant(): Promise<string> {
  const participantId = `P-${++participants}`
  const intake = { ledger, publishers, partners: { ovo: 'wallet' } as const, shards: 2, scheme: scheme2020 }
  const account = { partner: 'ovo', accountNumber: numberOf(participantId), holderName: holder }
  for (const event of [certificateIssued(participantId), accountLinked(participantId, account)])
    await takeIn(intake, JSON.stringify(event), now, 'intake/test')
  return participantId
}

let documents = 0
const fund = () =>
  ledger.lanes.fund({
    partner: 'ovo',
    scheme: 'test',
    budget: rupiah(1_000_000_000),
    amount: rupiah(10_000_000),
    document: `TREASURY-${++documents}`,
    at: now,
    by: 'finance/ani',
  })

/** The lines that are kept of one invocation's exchanges. */
const archived = (request: string): readonly { readonly service: string; readonly code: string }[] => {
  const key = `exchanges/ovo/2020-09-18/${request}.ndjson.gz`
  const text = gunzipSync(objects.getObject('test-exchanges', key).body).toString()
  expect(text).not.toMatch(/rahasia|wijaya|127766/i)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function handle(bodies: readonly string[]) {
  const { handler } = await import('../../../functions/pay/handler.ts')
  const log = captureLog()
  const context = newContext()
  const response = await handler(batchOf(bodies), context)
  vi.restoreAllMocks()
  return { response, log: log(), request: context.awsRequestId }
}
const message = (participantId: string) => JSON.stringify({ participantId, payout: 'incentive-1' })
const stateOf = async (participantId: string) =>
  (await ledger.participants.read(participantId)).rows.find(({ payout }) => payout === 'incentive-1')?.state

test('a batch is paid; only what failed on our side comes back, and the log says why', async () => {
  await fund()
  const [first, second] = [await newParticipant(), await newParticipant()]
  const { response, log } = await handle([message(first), '{"poison":true}', message(second)])
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] })
  expect([await stateOf(first), await stateOf(second)]).toEqual(['paid', 'paid'])
  expect(metricsOf(log)).toMatchObject({ PayoutPaid: 2, RupiahPaid: 1_200_000 })
  const errors = linesOf(log).filter(({ level }) => level === 'ERROR')
  expect(errors).toMatchObject([{ error: { message: 'a message in the lane is not a pay message' } }])
})

test('what the partner does not say of an account is told with its reason and code', async () => {
  await fund()
  const participantId = await newParticipant()
  answerOfAccount = answered('4293700')
  const { response, log } = await handle([message(participantId)])
  expect(response).toEqual({ batchItemFailures: [] })
  expect(metricsOf(log)).toMatchObject({ PayoutPostponed: 1 })
  expect(linesOf(log)).toContainEqual(
    expect.objectContaining({
      message: 'payout postponed',
      participantId,
      payout: 'incentive-1',
      partner: 'ovo',
      reason: 'rate-limited',
      code: '4293700',
    }),
  )
  expect(strayFields(log)).toEqual([])
  expect(await stateOf(participantId)).toBe('scheduled')
})

test('what was said to the partner is archived in one object, after it is settled', async () => {
  await fund()
  const { request, log } = await handle([message(await newParticipant()), message(await newParticipant())])
  const lines = archived(request).map(({ service, code }) => [service, code])
  const paid = [
    ['37', '2003700'],
    ['38', '2003800'],
  ]
  expect(lines).toEqual([...paid, ...paid])
  expect(metricsOf(log).ArchiveFailed).toBeUndefined()
})

test.for([
  ['nobody listens', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }],
  ['there is no bucket', { EXCHANGES_BUCKET: 'nowhere' }],
] as const)('a payment is settled all the same where its archive fails since %s', async ([, change]) => {
  await fund()
  const participantId = await newParticipant()
  prepare('pay', { ...variables, ...change })
  const { response, log } = await handle([message(participantId)])
  expect(response).toEqual({ batchItemFailures: [] })
  expect(await stateOf(participantId)).toBe('paid')
  expect(metricsOf(log)).toMatchObject({ PayoutPaid: 1, ArchiveFailed: 1 })
  expect(dimensionsOf(log, 'ArchiveFailed')).toEqual([{ service: 'pay', partner: 'ovo' }])
  expect(strayFields(log)).toEqual([])
})

test('what the partner refuses and what is put off is acknowledged', async () => {
  await fund()
  const [first, second] = [await newParticipant(), await newParticipant()]
  answerOfTransfer = answered('4033814')
  const { response, log } = await handle([message(first), message(second)])
  expect(response).toEqual({ batchItemFailures: [] })
  expect(metricsOf(log)).toMatchObject({ PayoutDeferred: 1, LanePaused: 1, PermitDenied: 1 })
  expect((await ledger.lanes.read('ovo')).paused.incentive).toMatchObject({ reason: 'float-empty' })
  // As the alarm waits for it.
  expect(dimensionsOf(log, 'LanePaused')).toEqual([{ service: 'pay', partner: 'ovo', reason: 'float-empty' }])
  expect(dimensionsOf(log, 'PermitDenied')).toEqual([{ service: 'pay', partner: 'ovo' }])
})

test('a batch of nothing but failures is answered message by message', async () => {
  const { response } = await handle(['', '{}'])
  const identifiers = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()
  expect(identifiers).toEqual(['message-0', 'message-1'])
})

test('the log has no field that is not on the list, no name, no account number and no secret', async () => {
  await fund()
  // By then the lane has tokens for all of them: otherwise some would be denied before anything personal is read.
  vi.setSystemTime(new Date('2020-09-18T10:02:00+07:00'))
  const ids = [await newParticipant(), await newParticipant(), await newParticipant()] as const
  const corrupted = await ledger.accounts.read(ids[2])
  const Item = { pk: ids[2], sk: corrupted[0]?.version, number: numberOf(ids[2]), holderName: { holder } }
  await engine.connect().send(new PutItemCommand({ TableName: engine.tables.accounts, Item: marshall(Item) }))
  answerOfTransfer = answered('4033899', { customerName: holder, customerNumber: numberOf(ids[0]) })
  const { response, log } = await handle([...ids.map(message), `${holder} ${numberOf(ids[0])}`])
  expect(response.batchItemFailures).toHaveLength(2)

  expect(linesOf(log).length).toBeGreaterThan(4)
  expect(strayFields(log)).toEqual([])
  const numbers = ids.flatMap((id) => [numberOf(id), numberOf(id).slice(1)])
  const secret = [credentials.clientSecret, pem.slice(40, 80), 'token-of-the-lane']
  for (const text of [...numbers, ...secret, holder, holder.toUpperCase()]) expect(log).not.toContain(text)
})
