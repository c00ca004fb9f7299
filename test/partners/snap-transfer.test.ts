import { afterEach, describe, expect, test } from 'vitest'
import { instant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { sha256, signWithToken } from '../../shared/partners/snap/signature.ts'
import type { ScriptedAnswer } from '../support/answering-server.ts'
import {
  answered,
  bankTransfer,
  now,
  type ScriptedPartner,
  startScriptedPartner,
  walletTransfer,
} from '../support/snap-partner.ts'

const { bni, gopay, ovo } = partnerConfigurations
let scripted: ScriptedPartner | undefined
afterEach(() => scripted?.server.close())

async function start(
  answer: ScriptedAnswer,
  configuration: Parameters<typeof startScriptedPartner>[1] = ovo,
) {
  scripted = await startScriptedPartner(() => answer, configuration)
  return scripted
}

describe('a transfer', () => {
  test('goes to a bank with its reference as the remark', async () => {
    const { partner, business } = await start(answered('2001700', { referenceNo: 'R1' }), bni)
    const request = partner.transfer(bankTransfer)
    expect(JSON.parse(request.body)).toEqual({
      partnerReferenceNo: 'P-00017-I1-A1',
      amount: { value: '600000.00', currency: 'IDR' },
      beneficiaryAccountNo: '0316031099',
      remark: 'P-00017-I1-A1',
      sourceAccountNo: '0115476117',
      transactionDate: '2020-09-18T10:00:01+07:00',
    })
    expect((await request.send(now)).outcome).toBe('paid')
    expect(business()[0]?.path).toBe('/snap-service/v1/transfer-intrabank')
  })

  test('goes to a wallet with what its account inquiry answered', async () => {
    const { partner, business } = await start(answered('2003800', { referenceNo: 'R1' }), gopay)
    const request = partner.transfer({ ...walletTransfer, fee: rupiah(0), session: 'S-1' })
    expect(JSON.parse(request.body)).toEqual({
      partnerReferenceNo: 'P-00017-I1-A1',
      customerNumber: '6281200000001',
      customerName: 'BUDI SANTOSO',
      amount: { value: '600000.00', currency: 'IDR' },
      feeAmount: { value: '0.00', currency: 'IDR' },
      transactionDate: '2020-09-18T10:00:01+07:00',
      sessionId: 'S-1',
      notes: 'P_00017_I1_A1',
      additionalInfo: { beneficiaryProvider: 'gopay' },
    })
    expect((await request.send(now)).outcome).toBe('paid')
    expect(business()[0]?.path).toBe('/v1.0/emoney/topup')
  })

  test('is the same bytes each time, whose hash is known before they are sent', async () => {
    const { partner, business } = await start(answered('2003800', { referenceNo: 'R1' }))
    const request = partner.transfer(walletTransfer)
    await request.send(now)
    await partner.transfer(walletTransfer).send(instant(Date.UTC(2020, 8, 18, 9)))
    expect(business().map(({ body }) => body)).toEqual([request.body, request.body])
    expect(sha256(business()[0]?.body ?? '')).toBe(request.bodyHash)
  })

  test('is signed over path, token, body and Jakarta time', async () => {
    const { partner, business } = await start(answered('2003800', { referenceNo: 'R1' }))
    await partner.transfer(walletTransfer).send(now)
    const [{ headers, path, body } = { headers: {}, path: '', body: '' }] = business()
    const timestamp = '2020-09-18T10:00:01+07:00'
    expect(headers).toMatchObject({
      authorization: 'Bearer token-abc',
      'x-timestamp': timestamp,
      'x-partner-id': 'PRAKERJA-PARTNER',
      'x-external-id': '1',
      'channel-id': '95221',
      'x-signature': signWithToken({ path, body, timestamp }, 'token-abc', 'secret-of-simulator', 'base64'),
    })
  })
})

describe('a send comes to', () => {
  const ours = { partnerReferenceNo: 'P-00017-I1-A1', referenceNo: 'R1' }
  const amount = (value: string, currency = 'IDR') => ({ ...ours, amount: { value, currency } })
  const seen = (code: string) => ({ code, http: Number(code.slice(0, 3)), externalId: '1' })

  test.for([
    [answered('2003800', ours), 'paid'],
    [answered('2003800', { referenceNo: 'R1', partnerReferenceNo: '', amount: null }), 'paid'],
    [answered('2003800', amount('600000.00')), 'paid'],
    [answered('2003800', amount('600000')), 'paid'],
    [answered('2003800', { ...amount('', ''), unheard: [1] }), 'paid'],
    [answered('2023800', ours), 'pending'],
    [answered('2003800', amount('600000.01')), 'answer-mismatch'],
    [answered('2003800', amount('60000.00')), 'answer-mismatch'],
    [answered('2003800', amount('6e5')), 'answer-mismatch'],
    [answered('2003800', amount('600000.00', 'USD')), 'answer-mismatch'],
    [answered('2003800', { ...ours, partnerReferenceNo: 'P-00017-I1-A2' }), 'answer-mismatch'],
    [answered('2003800', { partnerReferenceNo: 'P-00017-I1-A1' }), 'answer-mismatch'],
    [answered('4033805', { partnerReferenceNo: 'P-00018-I1-A1' }), 'answer-mismatch'],
    [answered('2001700', ours), 'answer-mismatch'],
    [{ status: 500, body: { responseCode: '2003800', ...ours } }, 'answer-mismatch'],
    [answered('2003800', { referenceNo: 'R'.repeat(65) }), 'unreadable-answer'],
    [answered('2003800', { ...ours, amount: 600000 }), 'unreadable-answer'],
    [{ status: 200, body: '<html>maintenance</html>' }, 'unreadable-answer'],
    [{ status: 200, body: { responseCode: 2003800 } }, 'unreadable-answer'],
    [{ status: 429, body: '' }, 'unreadable-answer'],
    [{ status: 502, body: '<html>Bad Gateway</html>' }, 'server-error'],
    [answered('5043800'), 'server-error'],
    [answered('4093801', ours), 'duplicate-reference'],
    [answered('4043818'), 'inconsistent-request'],
    [answered('4043801'), 'ambiguous-code'],
    [answered('2003877', ours), 'unlisted-code'],
    ['reset', 'connection-lost'],
    ['truncate', 'connection-lost'],
  ] as const)('%j: %s', async ([answer, expected]) => {
    const { partner } = await start(answer)
    const outcome = await partner.transfer(walletTransfer).send(now)
    expect(outcome.outcome === 'unknown' ? outcome.cause : outcome.outcome).toBe(expected)
  })

  test('a rejection with its reason and proof', async () => {
    const { partner } = await start(answered('4033809'))
    expect(await partner.transfer(walletTransfer).send(now)).toEqual({
      outcome: 'rejected',
      reason: 'account-dormant',
      evidence: seen('4033809'),
    })
  })

  test.for([
    ['4293800', '2020-09-18T03:00:01Z', '2020-09-18T03:01:01Z'],
    ['4033804', '2020-09-18T16:59:59Z', '2020-09-18T17:05:00Z'],
    ['4033804', '2020-09-18T17:00:00Z', '2020-09-19T17:05:00Z'],
    ['4033806', '2020-09-18T16:30:00Z', '2020-09-18T23:00:00Z'],
    ['4033806', '2020-09-18T22:59:59Z', '2020-09-18T23:00:00Z'],
    ['4033806', '2020-09-18T23:00:00Z', '2020-09-19T23:00:00Z'],
    ['4033814', '2020-09-18T03:00:00Z', '2020-09-18T03:15:00Z'],
    ['4013800', '2020-09-18T03:00:00Z', '2020-09-18T03:15:00Z'],
    ['4033816', '2020-09-18T03:00:00Z', '2020-09-18T04:00:00Z'],
  ] as const)('%s at %s is put off until %s', async ([code, at, until]) => {
    const { partner } = await start(answered(code))
    const outcome = await partner.transfer(walletTransfer).send(instant(Date.parse(at)))
    expect(outcome).toMatchObject({ outcome: 'deferred', notBefore: instant(Date.parse(until)) })
  })

  test('not connected, while the partner is away', async () => {
    const { partner, server } = await start('silence')
    await server.close()
    const outcome = await partner.transfer(walletTransfer).send(now)
    expect(outcome).toMatchObject({ outcome: 'deferred', reason: 'not-connected', evidence: {} })
  })

  test('unknown, when the deadline passes after it was sent', async () => {
    const { partner, business } = await start('silence', { ...ovo, callDeadlineSeconds: 0.1 })
    const outcome = await partner.transfer(walletTransfer).send(now)
    expect(outcome).toEqual({ outcome: 'unknown', cause: 'timeout', evidence: { externalId: '1' } })
    expect(business()).toHaveLength(1)
  })
})
