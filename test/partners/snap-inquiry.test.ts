import { afterEach, describe, expect, test } from 'vitest'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import type { ScriptedAnswer } from '../support/answering-server.ts'
import {
  answered,
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

describe('an inquiry', () => {
  const question = walletTransfer
  const status = (latestTransactionStatus: string | undefined, fields: object = {}) =>
    answered('2003900', { latestTransactionStatus, originalReferenceNo: 'R1', ...fields })

  test('asks a wallet by reference and service', async () => {
    const { partner, business } = await start(status('00'))
    expect(await partner.inquire(question, now)).toEqual({
      outcome: 'paid',
      evidence: { code: '2003900', http: 200, externalId: '1', referenceNo: 'R1', status: '00' },
    })
    expect(business()[0]?.path).toBe('/v1.0/emoney/topup-status')
    expect(JSON.parse(business()[0]?.body ?? '')).toEqual({
      originalPartnerReferenceNo: 'P-00017-I1-A1',
      serviceCode: '38',
    })
  })

  test('asks a bank by date and amount too', async () => {
    const answer = answered('2003600', { latestTransactionStatus: '00', referenceNumber: 'R2' })
    const { partner, business } = await start(answer, bni)
    expect(await partner.inquire(question, now)).toMatchObject({ evidence: { referenceNo: 'R2' } })
    expect(business()[0]?.path).toBe('/snap-service/v1/transfer/status')
    expect(JSON.parse(business()[0]?.body ?? '')).toEqual({
      originalPartnerReferenceNo: 'P-00017-I1-A1',
      serviceCode: '17',
      transactionDate: '2020-09-18T10:00:01+07:00',
      amount: { value: '600000.00', currency: 'IDR' },
    })
  })

  test('asks a wallet that has service 36 by that one, with no more than the others', async () => {
    const answer = answered('2003600', { latestTransactionStatus: '00', originalReferenceNo: 'R1' })
    const { partner, business } = await start(answer, gopay)
    expect(await partner.inquire(question, now)).toEqual({
      outcome: 'paid',
      evidence: { code: '2003600', http: 200, externalId: '1', referenceNo: 'R1', status: '00' },
    })
    expect(business()[0]?.path).toBe('/v1.0/transfer/status')
    expect(JSON.parse(business()[0]?.body ?? '')).toEqual({
      originalPartnerReferenceNo: 'P-00017-I1-A1',
      serviceCode: '38',
    })
  })

  test('of service 36 is not answered by service 39', async () => {
    const { partner } = await start(status('00'), gopay)
    expect(await partner.inquire(question, now)).toMatchObject({
      outcome: 'unknown',
      cause: 'answer-mismatch',
    })
  })

  test.for([
    [status('00'), 'paid'],
    [status('01'), 'pending'],
    [status('02'), 'pending'],
    [status('03'), 'pending'],
    [status('04'), 'refunded'],
    [status('05'), 'cancelled'],
    [status('06'), 'failed'],
    [status('07'), 'not-found'],
    [answered('4043901'), 'not-found'],
    [status('08'), 'unlisted-code'],
    [status(undefined), 'unreadable-answer'],
    [status('000'), 'unreadable-answer'],
    [status('06', { originalPartnerReferenceNo: 'P-00017-I1-A2' }), 'answer-mismatch'],
    [status('00', { amount: { value: '50000.00', currency: 'IDR' } }), 'answer-mismatch'],
    [answered('4043901', { originalPartnerReferenceNo: 'P-00018-I1-A1' }), 'answer-mismatch'],
    [answered('2023900', { latestTransactionStatus: '06' }), 'ambiguous-code'],
    [answered('4033905', { latestTransactionStatus: '06' }), 'ambiguous-code'],
    [answered('4293900'), 'ambiguous-code'],
    [answered('5003900', { latestTransactionStatus: '06' }), 'server-error'],
    [{ status: 200, body: 'null' }, 'unreadable-answer'],
    ['reset', 'connection-lost'],
  ] as const)('answered %j: %s', async ([answer, expected]) => {
    const { partner } = await start(answer)
    const outcome = await partner.inquire(question, now)
    expect(outcome.outcome === 'unknown' ? outcome.cause : outcome.outcome).toBe(expected)
  })

  test('without a connection has no answer', async () => {
    const { partner, server } = await start('silence')
    await server.close()
    expect(await partner.inquire(question, now)).toMatchObject({
      outcome: 'unknown',
      cause: 'connection-lost',
    })
  })
})
