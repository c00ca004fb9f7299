import { expect, onTestFinished, test } from 'vitest'
import { bank, startPartner, wallet } from '../support/simulated-partner.ts'

const number = '1234567890'
const day = 86_400

async function start(...args: Parameters<typeof startPartner>) {
  const partner = await startPartner(...args)
  onTestFinished(() => partner.simulator.stop())
  partner.simulator.knowAccount(number, 'BUDI SANTOSO')
  const code = async (reference: string, amount = 600_000, account = number) => {
    const answer = await partner.client.transfer(reference, account, amount)
    return answer === 'lost' ? 'lost' : answer.code
  }
  return { ...partner, code }
}

test.each([
  ['replay', '2001700'],
  ['409xx01', '4091701'],
  ['404xx18', '4041718'],
] as const)(
  'a partner of mode %s answers a repeated reference with %s and pays it once',
  async (mode, code) => {
    const partner = await start({ ...bank, duplicateAnswer: mode })
    expect(await partner.code('first')).toBe('2001700')
    expect(await partner.code('first')).toBe(code)
    expect(await partner.code('first', 50_000)).toBe('4041718')
    await partner.pass(400 * day)
    expect(await partner.code('first')).toBe(code)
    expect(partner.simulator.book.totals()).toEqual({ references: 1, rupiah: 600_000 })
  },
)

test('a replayed answer is the first one, reference and all', async () => {
  const { client, pass } = await start({ ...bank, duplicateAnswer: 'replay' })
  const first = await client.transfer('first', number)
  await pass(day)
  const second = await client.transfer('first', number)
  if (first === 'lost' || second === 'lost') throw new Error('no answer')
  expect(second.json).toEqual(first.json)
})

test('after its window a reference is forgotten, and would be paid again', async () => {
  const { pass, code, simulator } = await start({ ...bank, idempotencyWindowSeconds: day })
  await code('first')
  await pass(day)
  expect(await code('first')).toBe('4091701')
  await pass(1)
  expect(await code('first')).toBe('2001700')
  expect(simulator.book.net('first')).toBe(1_200_000)
  expect(simulator.book.totals()).toEqual({ references: 1, rupiah: 1_200_000 })
})

test('of many sends of one reference at once, one pays', async () => {
  const { code, simulator } = await start(bank)
  simulator.onTransfer(() => new Promise(setImmediate))
  const codes = await Promise.all(Array.from({ length: 20 }, () => code('first')))
  expect(codes.toSorted()).toEqual(['2001700', ...Array(19).fill('4091701')])
  expect(simulator.book.movements()).toHaveLength(1)
})

test('the float drains, refuses what it cannot pay, and is topped up', async () => {
  const { code, simulator } = await start(bank, { float: 1_000_000 })
  expect(await code('first')).toBe('2001700')
  expect(await code('second')).toBe('4031714')
  expect(await code('third', 400_000)).toBe('2001700')
  expect(await code('fourth', 1)).toBe('4031714')
  simulator.topUp(600_000)
  expect(await code('fifth')).toBe('2001700')
})

test('a pending transfer holds its money, a refund gives it back', async () => {
  const { client, code, pass, simulator } = await start(bank, { float: 1_300_000 })
  const balance = async () => {
    const answer = await client.balance()
    return answer === 'lost' ? 'lost' : answer.json.accountInfos
  }
  const info = (available: string, hold: string) => [
    expect.objectContaining({
      availableBalance: { value: available, currency: 'IDR' },
      holdAmount: { value: hold, currency: 'IDR' },
    }),
  ]
  simulator.behave('slow', '01')
  simulator.behave('refunded', '32')
  expect(await code('slow')).toBe('2021700')
  expect(await balance()).toEqual(info('700000.00', '600000.00'))
  expect(await code('refunded')).toBe('2001700')
  expect(await code('other')).toBe('4031714')
  await pass(3600)
  expect(await balance()).toEqual(info('100000.00', '0.00'))
  await pass(day)
  expect(await balance()).toEqual(info('700000.00', '0.00'))
  expect(
    simulator.book.movements().map((entry) => [entry.at, entry.partnerReferenceNo, entry.direction]),
  ).toEqual([
    ['2020-09-18T03:00:00.000Z', 'refunded', 'debit'],
    ['2020-09-18T04:00:00.000Z', 'slow', 'debit'],
    ['2020-09-19T03:00:00.000Z', 'refunded', 'credit'],
  ])
  expect(simulator.book.totals()).toEqual({ references: 1, rupiah: 600_000 })
})

test('the same seed draws the same behaviours, at about the rate asked for', async () => {
  const play = async (seed: number) => {
    const { code } = await start(bank, { seed, misbehaviourRate: 0.5 })
    const codes = []
    for (let index = 0; index < 60; index += 1) codes.push(await code(`reference-${index}`))
    return codes
  }
  const first = await play(1)
  expect(await play(1)).toEqual(first)
  expect(await play(2)).not.toEqual(first)
  const wellBehaved = first.filter((code) => code === '2001700').length
  expect(wellBehaved).toBeGreaterThan(20)
  expect(wellBehaved).toBeLessThan(50)
})

test('what is drawn may be narrowed, and never touches a number that chose for itself', async () => {
  const { code, simulator } = await start(bank, { misbehaviourRate: 1, drawn: ['30'] })
  simulator.knowAccount('99900000001', 'SITI RAHAYU')
  expect(await code('first')).toBe('4031703')
  expect(await code('second', 1, '99900000001')).toBe('2001700')
})

test('a partner without tokens pays where another would have revoked them', async () => {
  const { client, simulator } = await startPartner({ ...wallet, signature: 'rsa-without-token' })
  onTestFinished(simulator.stop)
  simulator.knowAccount('+6289928000001', 'BUDI SANTOSO')
  const answer = await client.transfer('first', '6289928000001')
  expect(answer).toMatchObject({ code: '2003800' })
})

test.each([
  ['30', '4031703'],
  ['06', '5001700'],
  ['18', '4031706'],
] as const)('what was refused as %s may be paid after all', async (behaviour, refusal) => {
  const { client, code, pass, simulator } = await start({ ...bank, duplicateAnswer: 'replay' })
  simulator.behave('first', behaviour)
  expect(await code('first')).toBe(refusal)
  expect(await client.status('first')).toMatchObject({ json: { latestTransactionStatus: '06' } })
  await pass(3 * day)
  expect(simulator.payAfterAll('first')).toBe(true)
  expect(simulator.payAfterAll('first')).toBe(false)
  expect(await client.status('first')).toMatchObject({ json: { latestTransactionStatus: '00' } })
  expect(await code('first')).toBe('2001700')
  expect(simulator.book.movements()).toMatchObject([
    { at: '2020-09-21T03:00:00.000Z', direction: 'debit', partnerReferenceNo: 'first', amount: 600_000 },
  ])
})

test('only what has failed or was cancelled is paid after all', async () => {
  const { code, pass, simulator } = await start(bank)
  simulator.behave('pending', '33')
  simulator.behave('unheard-of', '07')
  simulator.behave('cancelled', '21')
  simulator.behave('paid-later', '22')
  const sent = ['paid', 'pending', 'unheard-of', 'cancelled', 'paid-later']
  for (const reference of sent) await code(reference)
  expect([...sent, 'never-sent'].filter(simulator.payAfterAll)).toEqual([])
  await pass(3600)
  expect(sent.filter(simulator.payAfterAll)).toEqual(['cancelled'])
  expect(simulator.book.net('cancelled')).toBe(600_000)
  expect(simulator.book.totals()).toEqual({ references: 2, rupiah: 1_200_000 })
  await pass(3 * day)
  expect(simulator.book.net('paid-later')).toBe(600_000)
})
