import { afterEach, expect, test } from 'vitest'
import { minified } from '../../infra/local/partners/gate.ts'
import { tokenSeconds } from '../../infra/local/partners/tokens.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import { bank, startPartner, type TestPartner, wallet } from '../support/simulated-partner.ts'
import type { Deviation, SnapAnswer } from '../support/snap-test-client.ts'

const started: TestPartner[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ simulator }) => simulator.stop()))
})

async function start(...args: Parameters<typeof startPartner>): Promise<TestPartner> {
  const partner = await startPartner(...args)
  started.push(partner)
  partner.simulator.knowAccount('1234567890', 'BUDI SANTOSO')
  partner.simulator.knowAccount('+6281234567890', 'BUDI SANTOSO')
  return partner
}

const codeOf = (answer: SnapAnswer | 'lost') => (answer === 'lost' ? 'lost' : answer.code)
const jsonOf = (answer: SnapAnswer | 'lost') => (answer === 'lost' ? 'lost' : answer.json)

test.each<[string, PartnerConfiguration]>([
  ['a bank with HMAC in base64', bank],
  ['a bank with HMAC in hex', { ...bank, signatureEncoding: 'hex' }],
  ['a wallet with HMAC in base64', { ...wallet, phoneFormat: 'e164' }],
  ['a wallet with RSA in base64', { ...wallet, phoneFormat: 'e164', signature: 'rsa-without-token' }],
  [
    'a wallet with RSA in hex',
    { ...wallet, phoneFormat: 'e164', signature: 'rsa-without-token', signatureEncoding: 'hex' },
  ],
])('%s verifies an account, pays it, tells so and books it', async (_, configuration) => {
  const { client, simulator } = await start(configuration, { partner: 'bni', float: 1_000_000 })
  const isBank = configuration.kind === 'bank'
  const number = isBank ? '1234567890' : '+6281234567890'
  const transferCode = isBank ? '17' : '38'

  expect(jsonOf(await client.account(number))).toMatchObject(
    isBank
      ? { responseCode: '2001500', beneficiaryAccountName: 'BUDI SANTOSO' }
      : { responseCode: '2003700', customerName: 'BUDI SANTOSO' },
  )
  expect(jsonOf(await client.transfer('first', number))).toMatchObject({
    responseCode: `200${transferCode}00`,
    responseMessage: 'Successful',
    referenceNo: 'BNI2020091800000001',
    partnerReferenceNo: 'first',
    amount: { value: '600000.00', currency: 'IDR' },
  })
  expect(jsonOf(await client.status('first'))).toMatchObject({
    responseCode: isBank ? '2003600' : '2003900',
    originalPartnerReferenceNo: 'first',
    originalReferenceNo: 'BNI2020091800000001',
    serviceCode: transferCode,
    latestTransactionStatus: '00',
    amount: { value: '600000.00', currency: 'IDR' },
  })
  expect(jsonOf(await client.balance())).toMatchObject({
    responseCode: '2001100',
    accountInfos: [{ availableBalance: { value: '400000.00' }, holdAmount: { value: '0.00' } }],
  })
  expect(simulator.book.movements()).toEqual([
    {
      at: '2020-09-18T03:00:00.000Z',
      direction: 'debit',
      partnerReferenceNo: 'first',
      referenceNo: 'BNI2020091800000001',
      amount: 600_000,
      accountNumber: number,
      serviceCode: transferCode,
    },
  ])
})

test('the token answers as SNAP words it', async () => {
  const { client } = await start(bank)
  const answer = await client.fetchToken()
  expect(jsonOf(answer)).toMatchObject({ responseCode: '2007300', tokenType: 'Bearer', expiresIn: '900' })
  if (answer === 'lost') throw new Error('no answer')
  expect(answer.headers.get('x-client-key')).toBe('client-of-tests')
  expect(answer.headers.get('x-timestamp')).toBe('2020-09-18T10:00:00+07:00')
})

test.each<[string, string, Deviation]>([
  ['no X-CLIENT-KEY', '4007302', { headers: { 'x-client-key': undefined } }],
  ['no X-TIMESTAMP', '4007302', { headers: { 'x-timestamp': undefined } }],
  ['a stale X-TIMESTAMP', '4007301', { timestamp: '2020-09-18T09:54:59+07:00' }],
  ['an unknown client', '4017300', { headers: { 'x-client-key': 'stranger' } }],
  ['the partner id for a client key', '4017300', { headers: { 'x-client-key': 'partner-of-tests' } }],
  ['a signature of something else', '4017300', { headers: { 'x-signature': 'AAAA' } }],
  ['another grant type', '4007301', { sentBody: '{"grantType":"password"}' }],
])('a token is refused for %s', async (_, code, deviation) => {
  const { client } = await start(bank)
  expect(codeOf(await client.fetchToken(deviation))).toBe(code)
})

test.each<[string, string, Deviation]>([
  [
    'no X-PARTNER-ID, whatever else is wrong',
    '4001702',
    {
      headers: { 'x-partner-id': undefined, 'x-timestamp': 'nonsense', authorization: undefined },
    },
  ],
  ['no X-EXTERNAL-ID', '4001702', { headers: { 'x-external-id': undefined } }],
  ['no X-SIGNATURE', '4001702', { headers: { 'x-signature': undefined } }],
  ['no CHANNEL-ID', '4001702', { headers: { 'channel-id': undefined } }],
  ['a body that is not called JSON', '4001701', { headers: { 'content-type': 'text/plain' } }],
  [
    'an unreadable timestamp, before its missing token',
    '4001701',
    {
      headers: { 'x-timestamp': 'nonsense', authorization: undefined },
    },
  ],
  ['a timestamp in UTC', '4001701', { timestamp: '2020-09-18T03:00:00Z' }],
  ['a timestamp with milliseconds', '4001701', { timestamp: '2020-09-18T10:00:00.000+07:00' }],
  ['a clock more than five minutes behind', '4001701', { timestamp: '2020-09-18T09:54:59+07:00' }],
  ['a clock more than five minutes ahead', '4001701', { timestamp: '2020-09-18T10:05:01+07:00' }],
  [
    'no token, before its wrong signature',
    '4011703',
    {
      headers: { authorization: undefined, 'x-signature': 'AAAA' },
    },
  ],
  ['an unknown token', '4011701', { headers: { authorization: 'Bearer made-up' } }],
  ['another client', '4011700', { headers: { 'x-partner-id': 'stranger' } }],
  ['the client key for a partner id', '4011700', { headers: { 'x-partner-id': 'client-of-tests' } }],
  ['another channel', '4011700', { headers: { 'channel-id': '00000' } }],
  [
    'a wrong signature, before its repeated X-EXTERNAL-ID',
    '4011700',
    {
      headers: { 'x-signature': 'AAAA', 'x-external-id': '777' },
    },
  ],
  ['a body other than the signed one', '4011700', { sentBody: '{"partnerReferenceNo":"other"}' }],
  ['an X-EXTERNAL-ID that is not numeric', '4001701', { headers: { 'x-external-id': 'sdk-1' } }],
  ['an X-EXTERNAL-ID used before that day', '4091700', { headers: { 'x-external-id': '777' } }],
])('a transfer with %s is refused and not booked', async (_, code, deviation) => {
  const { client, simulator } = await start(bank)
  await client.post('/balance-inquiry', {}, { headers: { 'x-external-id': '777' } })
  const answer = await client.transfer('first', '1234567890', 600_000, deviation)
  expect(codeOf(answer)).toBe(code)
  if (answer === 'lost') throw new Error('no answer')
  expect(answer.http).toBe(Number(code.slice(0, 3)))
  expect(answer.headers.get('x-timestamp')).toBe('2020-09-18T10:00:00+07:00')
  expect(answer.json.referenceNo).toBeUndefined()
  expect(simulator.book.totals()).toEqual({ references: 0, rupiah: 0 })
})

test.each([
  ['five minutes behind', '2020-09-18T09:55:00+07:00'],
  ['five minutes ahead', '2020-09-18T10:05:00+07:00'],
])('a clock %s is still accepted', async (_, timestamp) => {
  const { client } = await start(bank)
  expect(codeOf(await client.transfer('first', '1234567890', 600_000, { timestamp }))).toBe('2001700')
})

test('an X-EXTERNAL-ID is free again on the next Jakarta day', async () => {
  const { client, pass } = await start(bank)
  const headers = { 'x-external-id': '777' }
  await client.transfer('first', '1234567890', 1, { headers })
  await pass(13 * 3600)
  expect(codeOf(await client.transfer('second', '1234567890', 1, { headers }))).toBe('4091700')
  await pass(3600)
  expect(codeOf(await client.transfer('second', '1234567890', 1, { headers }))).toBe('2001700')
})

test('a token ends after its lifetime, or when all are revoked', async () => {
  const { client, simulator, pass } = await start(bank)
  const headers = { authorization: undefined }
  expect(codeOf(await client.transfer('first', '1234567890', 1, { headers }))).toBe('4011703')
  simulator.revokeTokens()
  expect(codeOf(await client.transfer('first', '1234567890'))).toBe('4011701')
  const answer = await client.fetchToken()
  if (answer === 'lost') throw new Error('no answer')
  const old = { headers: { authorization: `Bearer ${answer.json.accessToken}` } }
  await pass(tokenSeconds - 1)
  expect(codeOf(await client.transfer('first', '1234567890', 1, old))).toBe('4011700')
  await pass(1)
  expect(codeOf(await client.transfer('first', '1234567890', 1, old))).toBe('4011701')
})

test('spaces between the tokens of a body do not change what was signed', async () => {
  const { client } = await start(bank)
  const body = client.transferBody('spaced', '1234567890', 600_000)
  const sentBody = JSON.stringify({ ...body, remark: 'a "b"  c\\' }, null, 2)
  const content = { ...body, remark: 'a "b"  c\\' }
  expect(codeOf(await client.post(client.transferPath, content, { sentBody }))).toBe('2001700')
  expect(minified('{ "b" : 1.0,\r\n\t"a" : "x \\" y" }')).toBe('{"b":1.0,"a":"x \\" y"}')
})

test('more requests than the rate and its burst allow get 429 until time passes', async () => {
  const { client, pass } = await start({ ...bank, ratePerSecond: 0.01 })
  const codes = []
  for (let request = 0; request < 4; request += 1) codes.push(codeOf(await client.balance()))
  expect(codes).toEqual(['2001100', '2001100', '2001100', '4291100'])
  await pass(100)
  expect(codeOf(await client.balance())).toBe('2001100')
})

test('a throttled partner answers everything with 429 for as long as it was told', async () => {
  const { client, simulator, pass } = await start(bank)
  simulator.throttle(600)
  await pass(599)
  const answers = [
    await client.fetchToken(),
    await client.account('1234567890'),
    await client.transfer('first', '1234567890'),
    await client.status('first'),
    await client.balance(),
  ]
  expect(answers.map(codeOf)).toEqual(['4297300', '4291500', '4291700', '4293600', '4291100'])
  expect(simulator.book.movements()).toEqual([])
  await pass(1)
  expect(codeOf(await client.transfer('first', '1234567890'))).toBe('2001700')
})

test('the hook sees a transfer before and after it is booked, while the answer is open', async () => {
  const { client, simulator } = await start(bank)
  const seen: unknown[] = []
  simulator.onTransfer(async ({ partnerReferenceNo, moment }) => {
    await new Promise(setImmediate)
    seen.push([moment, simulator.book.paid(partnerReferenceNo), simulator.openAnswers()])
  })
  await client.transfer('first', '1234567890')
  simulator.onTransfer(undefined)
  await client.transfer('second', '1234567890')
  expect(seen).toEqual([
    ['before-booking', false, 1],
    ['after-booking', true, 1],
  ])
  await expect.poll(simulator.openAnswers).toBe(0)
})

test('a stopped simulator cuts the requests it has not answered', async () => {
  const { client, simulator } = await start(bank)
  simulator.knowAccount('99931000001', 'BUDI SANTOSO')
  const answer = client.transfer('first', '99931000001')
  await expect.poll(() => simulator.book.paid('first')).toBe(true)
  expect(simulator.openAnswers()).toBe(1)
  await simulator.stop()
  started.pop()
  expect(await answer).toBe('lost')
})
