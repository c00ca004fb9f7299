import { afterEach, describe, expect, test } from 'vitest'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import type { ScriptedAnswer } from '../support/answering-server.ts'
import { answered, now, type ScriptedPartner, startScriptedPartner } from '../support/snap-partner.ts'

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

describe('a verification', () => {
  const amount = rupiah(600_000)
  const wallet = { number: '+6281200000001', holderName: 'Budi Santoso' }
  const owned = (fields: object = {}) => answered('2003700', { customerName: 'BUDI SANTOSO', ...fields })
  const money = (value: string) => ({ value, currency: 'IDR' })

  test('asks a wallet with number and amount, and keeps what the transfer needs', async () => {
    const answer = owned({ feeAmount: money('0.00'), sessionId: 'S-1', maxAmount: money('600000.00') })
    const { partner, business } = await start(answer, gopay)
    expect(await partner.verify(wallet, amount, now)).toMatchObject({
      outcome: 'verified',
      verifiedName: 'BUDI SANTOSO',
      fee: 0,
      session: 'S-1',
    })
    expect(business()[0]?.path).toBe('/v1.0/emoney/account-inquiry')
    expect(JSON.parse(business()[0]?.body ?? '')).toMatchObject({
      customerNumber: '6281200000001',
      amount: money('600000.00'),
      transactionDate: '2020-09-18T10:00:01+07:00',
      additionalInfo: { beneficiaryProvider: 'gopay' },
    })
  })

  test.for([
    [{ beneficiaryAccountName: 'BUDI SANTOSO', beneficiaryAccountNo: '0316031099' }, 'verified'],
    [{ beneficiaryAccountName: 'BUDI SANTOSO', beneficiaryAccountNo: '0316031098' }, 'answer-mismatch'],
    [{ beneficiaryAccountName: 'SITI AMINAH', beneficiaryAccountNo: '0316031099' }, 'name-mismatch'],
  ] as const)('of a bank account answered %j: %s', async ([fields, expected]) => {
    const { partner, business } = await start(answered('2001500', fields), bni)
    const outcome = await partner.verify({ ...wallet, number: '0316031099' }, amount, now)
    expect('reason' in outcome ? outcome.reason : outcome.outcome).toBe(expected)
    expect(business()[0]?.path).toBe('/snap-service/v1/account-inquiry-internal')
  })

  test.for([
    [owned(), 'verified'],
    [owned({ customerName: 'BU** SANT***' }), 'verified'],
    [owned({ customerName: 'SITI AMINAH' }), 'refused name-mismatch'],
    [owned({ maxAmount: money('599999.99') }), 'refused amount-over-limit'],
    [owned({ maxAmount: money('a lot') }), 'unavailable unreadable-answer'],
    [owned({ feeAmount: money('0.50') }), 'unavailable unreadable-answer'],
    [owned({ sessionId: 'S'.repeat(26) }), 'unavailable unreadable-answer'],
    [owned({ customerName: 'B'.repeat(256) }), 'unavailable unreadable-answer'],
    [owned({ responseMessage: { id: 'sukses' } }), 'verified'],
    [owned({ customerName: '' }), 'unavailable unreadable-answer'],
    [answered('4033705'), 'refused account-abnormal'],
    [answered('4033709'), 'refused account-dormant'],
    [answered('4033715'), 'refused wallet-not-upgraded'],
    [answered('4043711'), 'refused account-unknown'],
    [answered('4033703'), 'unavailable ambiguous-code'],
    [answered('4003702'), 'unavailable ambiguous-code'],
    [answered('4293700'), 'unavailable rate-limited'],
    [answered('4033714'), 'unavailable float-empty'],
    [answered('2023700'), 'unavailable ambiguous-code'],
    [answered('5003700'), 'unavailable server-error'],
    [answered('4033705x'), 'unavailable unreadable-answer'],
    ['reset', 'unavailable connection-lost'],
  ] as const)('answered %j: %s', async ([answer, expected]) => {
    const { partner } = await start(answer)
    const outcome = await partner.verify(wallet, amount, now)
    const reason = 'reason' in outcome ? ` ${outcome.reason}` : ''
    expect(`${outcome.outcome}${reason}`).toBe(expected)
  })

  test('at BNI, 4001501 is an inactive account', async () => {
    const { partner } = await start(answered('4001501'), bni)
    expect(await partner.verify({ ...wallet, number: '0316031099' }, amount, now)).toMatchObject({
      outcome: 'refused',
      reason: 'account-inactive',
    })
  })

  test('at BNI, 4001501 about a field of ours says nothing of the account', async () => {
    const responseMessage = 'Invalid Field Format X-TIMESTAMP'
    const { partner } = await start(answered('4001501', { responseMessage }), bni)
    expect(await partner.verify({ ...wallet, number: '0316031099' }, amount, now)).toMatchObject({
      outcome: 'unavailable',
      reason: 'ambiguous-code',
    })
  })

  test.for([
    ['Bpk BUDI SANTOSO', 'verified'],
    ['BPK. BUDI SANTOSO', 'verified'],
    ['Sdr BUDI SANTOSO', 'verified'],
    ['Bpk Sdr BUDI SANTOSO', 'name-mismatch'],
    ['Bpk BUDI', 'name-mismatch'],
  ] as const)('of a holder whom BNI calls %s: %s', async ([name, expected]) => {
    const { partner } = await start(answered('2001500', { beneficiaryAccountName: name }), bni)
    const outcome = await partner.verify({ ...wallet, number: '0316031099' }, amount, now)
    expect('reason' in outcome ? outcome.reason : outcome.outcome).toBe(expected)
    if (outcome.outcome === 'verified') expect(outcome.verifiedName).toBe(name)
  })

  test('of a wallet whose holder is called so refuses the name', async () => {
    const { partner } = await start(owned({ customerName: 'Bpk BUDI SANTOSO' }))
    expect(await partner.verify(wallet, amount, now)).toMatchObject({ reason: 'name-mismatch' })
  })

  test('keeps no name and no number as evidence', async () => {
    const { partner } = await start(owned({ customerNumber: '6281200000001' }))
    const { evidence } = await partner.verify(wallet, amount, now)
    expect(evidence).toEqual({ code: '2003700', http: 200, externalId: '2' })
  })
})

describe('the balance', () => {
  const of = (availableBalance: unknown) => answered('2001100', { accountInfos: [{ availableBalance }] })
  test.for([
    [of({ value: '1250000000.00', currency: 'IDR' }), rupiah(1_250_000_000)],
    [of({ value: '999.99', currency: 'IDR' }), rupiah(999)],
    [of({ value: '-1.00', currency: 'IDR' }), undefined],
    [of({ value: '1.00', currency: 'USD' }), undefined],
    [answered('2001100', { accountInfos: [] }), undefined],
    [answered('4031105'), undefined],
    ['reset', undefined],
  ] as const)('answered %j: %s', async ([answer, available]) => {
    const { partner, business } = await start(answer, bni)
    expect(await partner.balance(now)).toEqual(
      available === undefined ? { outcome: 'unavailable' } : { outcome: 'known', available },
    )
    expect(business()[0]?.path).toBe('/snap-service/v1/balance-inquiry')
    expect(JSON.parse(business()[0]?.body ?? '')).toMatchObject({ accountNo: '0115476117' })
  })
})
