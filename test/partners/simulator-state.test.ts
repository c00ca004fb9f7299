import { expect, onTestFinished, test } from 'vitest'
import type { SimulatorOptions } from '../../infra/local/partners/simulator.ts'
import { partnerState } from '../../infra/local/partners/state.ts'
import { bank, startPartner, type TestPartner, wallet } from '../support/simulated-partner.ts'

/** What a partner knows survives its process: it is written down as JSON, and another one goes on from it. */

const number = '1234567890'
const day = 86_400

async function start(...args: Parameters<typeof startPartner>) {
  const partner = await startPartner(...args)
  onTestFinished(() => partner.simulator.stop())
  return { ...partner, code: codeBy(partner) }
}
const codeBy =
  ({ client }: TestPartner) =>
  async (reference: string, account = number, amount = 600_000) => {
    const answer = await client.transfer(reference, account, amount)
    return answer === 'lost' ? 'lost' : answer.code
  }

/** The same partner in another process, so many seconds later. */
async function goOn({ simulator }: TestPartner, seconds = 0, options: Partial<SimulatorOptions> = {}) {
  const state = partnerState.parse(JSON.parse(JSON.stringify(simulator.state())))
  const next = await start(bank, { ...options, state })
  await next.pass(seconds)
  return next
}

test('accounts, movements and float are those from before, whatever float it is given', async () => {
  const first = await start(bank, { float: 1_000_000 })
  first.simulator.knowAccount(number, 'BUDI SANTOSO')
  await first.code('first')
  first.simulator.topUp(100_000)
  const next = await goOn(first, 60, { float: 1 })
  expect(next.simulator.book.movements()).toEqual(first.simulator.book.movements())
  expect(await next.code('second')).toBe('4031714')
  expect(await next.code('third', number, 500_000)).toBe('2001700')
  expect(next.simulator.book.totals()).toEqual({ references: 2, rupiah: 1_100_000 })
})

test('a reference stays taken, and the answer stays what it was', async () => {
  const first = await start(bank)
  first.simulator.knowAccount(number, 'BUDI SANTOSO')
  await first.code('first')
  const next = await goOn(first)
  expect(await next.code('first')).toBe('4091701')
  expect(await next.code('first', number, 50_000)).toBe('4041718')
  expect(await next.client.status('first')).toMatchObject({ json: { latestTransactionStatus: '00' } })
})

test('what is still to happen to a transfer happens', async () => {
  const first = await start(bank)
  const refunded = '9992000001'
  first.simulator.knowAccount(refunded, 'BUDI SANTOSO')
  expect(await first.code('first', refunded)).toBe('2021700')
  const next = await goOn(first, day - 1)
  expect(next.simulator.book.net('first')).toBe(600_000)
  await next.pass(1)
  expect(next.simulator.book.net('first')).toBe(0)
  expect(await next.client.status('first')).toMatchObject({ json: { latestTransactionStatus: '04' } })
})

test('what goes wrong the first few times is not counted anew', async () => {
  const first = await start(bank)
  const busyTwice = '9990900001'
  first.simulator.knowAccount(busyTwice, 'BUDI SANTOSO')
  expect(await first.code('first', busyTwice)).toBe('4291700')
  const next = await goOn(first)
  expect(await next.code('second', busyTwice)).toBe('4291700')
  expect(await next.code('third', busyTwice)).toBe('2001700')
})

test('what it was told of an account, and what it has paid after all, hold', async () => {
  const first = await start(bank)
  first.simulator.knowAccount(number, 'BUDI SANTOSO')
  first.simulator.behave(number, '13')
  expect(await first.code('first')).toBe('4031705')
  expect(first.simulator.payAfterAll('first')).toBe(true)
  const next = await goOn(first)
  expect(next.simulator.book.paid('first')).toBe(true)
  expect(await next.code('second')).toBe('4031705')
  expect(next.simulator.state().transfers.lastNumber).toBe(2)
})

test('a wallet goes on as well', async () => {
  const first = await start(wallet)
  first.simulator.knowAccount('+6281200000001', 'BUDI SANTOSO')
  expect(await first.code('first', '6281200000001')).toBe('2003800')
  const state = partnerState.parse(JSON.parse(JSON.stringify(first.simulator.state())))
  const next = await start(wallet, { state })
  expect(await next.code('second', '6281200000001')).toBe('2003800')
  expect(next.simulator.book.totals()).toEqual({ references: 2, rupiah: 1_200_000 })
})
