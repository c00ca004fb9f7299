import { expect, onTestFinished, test } from 'vitest'
import { bank, startPartner, wallet } from '../support/simulated-partner.ts'
import type { SnapAnswer } from '../support/snap-test-client.ts'

async function start(...args: Parameters<typeof startPartner>) {
  const partner = await startPartner(...args)
  onTestFinished(() => partner.simulator.stop())
  partner.simulator.knowAccount('1234567890', 'BUDI SANTOSO')
  partner.simulator.knowAccount('+6281234567890', 'BUDI SANTOSO')
  return partner
}

const codeOf = (answer: SnapAnswer | 'lost') => (answer === 'lost' ? 'lost' : answer.code)
const jsonOf = (answer: SnapAnswer | 'lost') => (answer === 'lost' ? 'lost' : answer.json)

const correct = {
  partnerReferenceNo: 'first',
  amount: { value: '600000.00', currency: 'IDR' },
  beneficiaryAccountNo: '1234567890',
  sourceAccountNo: '0115476117',
  transactionDate: '2020-09-18T10:00:00+07:00',
}
test.each<[string, string, object]>([
  ['4001702', 'Invalid Mandatory Field partnerReferenceNo', { partnerReferenceNo: undefined }],
  ['4001702', 'Invalid Mandatory Field partnerReferenceNo', { partnerReferenceNo: '' }],
  ['4001701', 'Invalid Field Format partnerReferenceNo', { partnerReferenceNo: 'x'.repeat(65) }],
  ['4001702', 'Invalid Mandatory Field amount', { amount: undefined }],
  ['4001702', 'Invalid Mandatory Field amount.currency', { amount: { value: '1.00' } }],
  ['4001701', 'Invalid Field Format amount.value', { amount: { value: '600000', currency: 'IDR' } }],
  ['4001701', 'Invalid Field Format amount.value', { amount: { value: 600_000, currency: 'IDR' } }],
  ['4001701', 'Invalid Field Format amount.currency', { amount: { value: '1.00', currency: 'USD' } }],
  ['4041713', 'Invalid Amount', { amount: { value: '0.00', currency: 'IDR' } }],
  ['4041713', 'Invalid Amount', { amount: { value: '0.50', currency: 'IDR' } }],
  ['4001702', 'Invalid Mandatory Field sourceAccountNo', { sourceAccountNo: undefined }],
  ['4001701', 'Invalid Field Format sourceAccountNo', { sourceAccountNo: '1' }],
  ['4001702', 'Invalid Mandatory Field transactionDate', { transactionDate: undefined }],
  ['4001701', 'Invalid Field Format transactionDate', { transactionDate: '2020-09-18T03:00:00Z' }],
  ['4001701', 'Invalid Field Format beneficiaryAccountNo', { beneficiaryAccountNo: '+6281234567890' }],
  ['4001701', 'Invalid Field Format remark', { remark: 'x'.repeat(51) }],
  ['4041711', 'Invalid Card/Account/Customer', { beneficiaryAccountNo: '1234567891' }],
])('a bank transfer gets %s %s for %j', async (code, responseMessage, change) => {
  const { client, simulator } = await start(bank)
  const answer = await client.post('/transfer-intrabank', { ...correct, ...change })
  expect(jsonOf(answer)).toEqual({ responseCode: code, responseMessage })
  expect(simulator.book.movements()).toEqual([])
})

test('what is not JSON, not a POST or not a service is refused', async () => {
  const { client } = await start(bank)
  const codes = [
    await client.post('/transfer-intrabank', [], {}),
    await client.post('/transfer-intrabank', correct, { method: 'GET' }),
    await client.post('/transfer-interbank', correct),
  ]
  expect(codes.map(codeOf)).toEqual(['4001701', '4051700', '4040000'])
})

test('a wallet demands the additional information of its contract', async () => {
  const additionalInfo = { fundType: 'SETTLE' }
  const { client } = await start({ ...wallet, additionalInfo })
  const body = client.transferBody('first', '6281234567890', 600_000)
  expect(codeOf(await client.post('/emoney/topup', body))).toBe('2003800')
  const { additionalInfo: _, ...without } = { ...body, partnerReferenceNo: 'second' }
  expect(jsonOf(await client.post('/emoney/topup', without))).toEqual({
    responseCode: '4003802',
    responseMessage: 'Invalid Mandatory Field additionalInfo.fundType',
  })
  const question = { customerNumber: '6281234567890', amount: body.amount }
  expect(codeOf(await client.post('/emoney/account-inquiry', question))).toBe('4003702')
})

test.each([
  ['e164', '+6281234567890', ['6281234567890', '081234567890']],
  ['62', '6281234567890', ['+6281234567890', '081234567890']],
  ['08', '081234567890', ['+6281234567890', '6281234567890']],
] as const)('a wallet with numbers in the form %s reads no other', async (phoneFormat, right, wrong) => {
  const { client } = await start({ ...wallet, phoneFormat })
  expect(jsonOf(await client.account(right))).toMatchObject({ customerNumber: right })
  for (const number of wrong) expect(codeOf(await client.transfer('any', number))).toBe('4003801')
})

test('a wallet with service 36 has no service 39, and the other way about', async () => {
  const question = { originalPartnerReferenceNo: 'first', serviceCode: '38' }
  const codes = async (...args: Parameters<typeof startPartner>) => {
    const { client } = await start(...args)
    const asked = ['/transfer/status', '/emoney/topup-status'].map((path) => client.post(path, question))
    return (await Promise.all(asked)).map(codeOf)
  }
  expect(await codes({ ...wallet, statusService: '36' })).toEqual(['4043601', '4040000'])
  expect(await codes(wallet)).toEqual(['4040000', '4043901'])
})

test('service 36 tells when the transfer was ordered', async () => {
  const { client } = await start({ ...wallet, statusService: '36' })
  await client.transfer('first', '6281234567890')
  expect(jsonOf(await client.status('first'))).toMatchObject({
    responseCode: '2003600',
    serviceCode: '38',
    latestTransactionStatus: '00',
    transactionDate: '2020-09-18T10:00:00+07:00',
  })
})

test('an inquiry names the kind of transfer it asks about', async () => {
  const { client } = await start(bank)
  const question = { originalPartnerReferenceNo: 'first', originalReferenceNo: '' }
  expect(codeOf(await client.post('/transfer/status', { ...question, serviceCode: '38' }))).toBe('4003601')
  expect(codeOf(await client.post('/transfer/status', { ...question, serviceCode: '17' }))).toBe('4043601')
  expect(codeOf(await client.post('/transfer/status', question))).toBe('4003602')
})
