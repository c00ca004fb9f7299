import { generateKeyPairSync, verify } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { checkConfiguration, type PartnerConfiguration } from '../../shared/partners/configuration.ts'
import { credentialsSchema } from '../../shared/partners/credentials.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { sha256 } from '../../shared/partners/snap/signature.ts'
import {
  now,
  pem,
  publicKey,
  type ScriptedPartner,
  credentials as sound,
  startScriptedPartner,
  walletTransfer,
} from '../support/snap-partner.ts'

const ecPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

let scripted: ScriptedPartner | undefined
afterEach(() => scripted?.server.close())

describe('a fifth partner', () => {
  // https://dashboard.dana.id/api-docs-v2/api/disbursement/customer-top-up
  const dana: PartnerConfiguration = {
    kind: 'wallet',
    pathPrefix: '/rest/v1.0',
    tokenPath: '/v1.0/access-token/b2b',
    signature: 'rsa-without-token',
    signatureEncoding: 'base64',
    phoneFormat: '62',
    callDeadlineSeconds: 10,
    ratePerSecond: 15,
    inquiryShare: 0.2,
    settleWindowSeconds: 900,
    idempotencyWindowSeconds: 6 * 3600,
    duplicateAnswer: 'replay',
    additionalInfo: { fundType: 'AGENT_TOPUP_FOR_USER_SETTLE' },
    codes: {
      '4033705 PAYEE_USER_NOT_EXIST': 'account-unknown',
      '4033705 PAYEE_USER_STATUS_DISABLE': 'account-blocked',
    },
  }

  test('is one configuration', async () => {
    expect(checkConfiguration('dana', dana)).toEqual([])
    const answer = { status: 200, body: { responseCode: '2003800', referenceNo: 'R1' } }
    scripted = await startScriptedPartner(() => answer, dana)
    expect((await scripted.partner.transfer(walletTransfer).send(now)).outcome).toBe('paid')

    expect(scripted.tokenRequests()).toEqual([])
    const [{ path, body, headers } = { path: '', body: '', headers: {} }] = scripted.business()
    expect(path).toBe('/rest/v1.0/emoney/topup')
    expect(JSON.parse(body)).toMatchObject({
      customerNumber: '6281200000001',
      additionalInfo: { fundType: 'AGENT_TOPUP_FOR_USER_SETTLE' },
    })
    expect(headers.authorization).toBeUndefined()
    const signed = Buffer.from(`POST:${path}:${sha256(body)}:${headers['x-timestamp']}`)
    const signature = Buffer.from(String(headers['x-signature']), 'base64')
    expect(verify('sha256', signed, publicKey, signature)).toBe(true)
  })

  test.for([
    ['PAYEE_USER_NOT_EXIST', 'account-unknown'],
    ['PAYEE_USER_STATUS_DISABLE', 'account-blocked'],
    ['ANYTHING_ELSE', 'account-abnormal'],
  ] as const)('may tell %s from others under one code', async ([resultMsg, reason]) => {
    const body = { responseCode: '4033705', additionalInfo: { resultMsg } }
    scripted = await startScriptedPartner(() => ({ status: 403, body }), dana)
    const account = { number: '+6281200000001', holderName: 'Budi' }
    const outcome = await scripted.partner.verify(account, rupiah(600_000), now)
    expect(outcome).toMatchObject({ outcome: 'refused', reason })
  })
})

describe('a configuration', () => {
  const { gopay } = partnerConfigurations

  test.for(Object.entries(partnerConfigurations))('%s is sound', ([name, configuration]) => {
    expect(checkConfiguration(name, configuration)).toEqual([])
  })

  test.for<[Partial<PartnerConfiguration>, string]>([
    [
      { settleWindowSeconds: 900, idempotencyWindowSeconds: 900 },
      'gopay: settleWindowSeconds must be under idempotencyWindowSeconds less 300',
    ],
    [{ callDeadlineSeconds: 10.5 }, 'gopay: callDeadlineSeconds must be over 0 and at most 10'],
    [{ callDeadlineSeconds: 0 }, 'gopay: callDeadlineSeconds must be over 0 and at most 10'],
    [{ settleWindowSeconds: 10 }, 'gopay: settleWindowSeconds must be over callDeadlineSeconds'],
    [{ idempotencyWindowSeconds: -1 }, 'gopay: idempotencyWindowSeconds must not be negative'],
    [{ ratePerSecond: 0 }, 'gopay: ratePerSecond must be over 0'],
    [{ inquiryShare: 1 }, 'gopay: inquiryShare must lie between 0 and 1'],
    [{ pathPrefix: '/v1.0/' }, 'gopay: pathPrefix must begin with / and not end with it'],
    [{ tokenPath: 'token' }, 'gopay: tokenPath must begin with / and not end with it'],
  ])('with %j is refused', ([change, complaint]) => {
    expect(checkConfiguration('gopay', { ...gopay, ...change })).toContain(complaint)
  })
})

describe('credentials', () => {
  const secret = { ...sound, privateKey: pem }

  test('are read as they are, with a key to sign with', () => {
    const { privateKey, ...others } = credentialsSchema.parse(secret)
    expect({ ...others, privateKey: sound.privateKey }).toEqual(sound)
    expect(privateKey.equals(sound.privateKey)).toBe(true)
  })

  test('without a partner id of its own have the client key for one', () => {
    expect(credentialsSchema.parse({ ...secret, partnerId: undefined })).toMatchObject({
      clientKey: 'PRAKERJA',
      partnerId: 'PRAKERJA',
    })
  })

  test.for([
    ['clientKey', 'has two lines', 'two\r\nlines'],
    ['partnerId', 'has two lines', 'two\r\nlines'],
    ['partnerId', 'is too long', '1'.repeat(37)],
    ['clientSecret', 'is empty', ''],
    ['privateKey', 'is no key', 'no-key-4711'],
    ['privateKey', 'is of another kind', ecPem],
    ['channelId', 'is empty', ''],
    ['sourceAccount', 'is too long', '1'.repeat(17)],
  ] as const)('whose %s %s are refused without its being repeated', ([field, , value]) => {
    const parsed = credentialsSchema.safeParse({ ...secret, [field]: value })
    expect(parsed.success).toBe(false)
    expect(parsed.error?.message).toContain(field)
    if (value) expect(parsed.error?.message).not.toContain(value)
  })
})
