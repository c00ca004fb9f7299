import { describe, expect, onTestFinished, test } from 'vitest'
import { type BehaviourNumber, behaviourNumbers, behaviours } from '../../infra/local/partners/behaviours.ts'
import { bank, startPartner, type TestPartner, wallet } from '../support/simulated-partner.ts'
import type { SnapAnswer } from '../support/snap-test-client.ts'

/**
 * One line for each behaviour, in steps: `send` is a transfer under a new reference, `resend` repeats the last
 * one, `ask` is a status inquiry about it, `account` an account inquiry; each with what is answered (SNAP's
 * case as `40315` for `403xx15`, a status, a name, or how it broke). `pass` moves the clock by seconds, `net`
 * is the rupiah booked under the last reference.
 */
const scripts: Record<BehaviourNumber, string> = {
  '00': 'account BUDI SANTOSO, send 20000, ask 00, net 600000',
  '01': 'send 20200, ask 03, pass 3599, ask 03, net 0, resend 20200, pass 1, ask 00, net 600000, resend 20000',
  '02': 'send 20200, pass 259199, ask 03, net 0, pass 1, ask 00, net 600000',
  '03': 'send lost, ask 00, net 600000, resend 20000, net 600000',
  '04': 'send 50400, ask 00, net 600000, resend 20000, net 600000',
  '05': 'send 50000, ask 40401, net 0, resend 20000, net 600000, resend 20000, net 600000',
  '06': 'send 50000, ask 06, net 0, resend 50000, net 0, pass 864000, ask 06, net 0',
  '07': 'send lost, ask 40401, net 0, resend 20000, ask 00, net 600000',
  '08': 'send lost, ask 07, net 600000, resend 20000, net 600000, pass 599, ask 07, pass 1, ask 00',
  '09': 'send 42900, ask 40401, resend 42900, send 42900, send 20000, net 600000',
  '10': 'account BUDI SANTOSO, send 40315, ask 06, resend 40315, net 0',
  '11': 'account BUDI SANTOSO, send 40309, net 0',
  '12': 'account BUDI SANTOSO, send 40318, net 0',
  '13': 'account BUDI SANTOSO, send 40305, net 0',
  '14': 'account 40411, send 40411, net 0',
  '15': 'account ORANG LAIN, send 20000',
  '16': 'account BUDI SANTOSO, send 40302, net 0',
  '17': 'send 40323, send 40323, pass 86400, send 40323, pass 86400, send 20000, net 600000',
  '18': 'send 40306, ask 06, send 20000, net 600000, send 20000',
  '19': 'send 40314, net 0, send 20000, net 600000',
  '20': 'send 20200, ask 03, net 600000, pass 86399, ask 03, pass 1, ask 04, net 0',
  '21': 'send 20200, ask 03, pass 3600, ask 05, net 0, resend 50000, net 0',
  '22': 'send 20200, pass 3600, ask 06, net 0, resend 50000, pass 172800, ask 00, net 600000',
  '23': 'send html, ask 00, net 600000, resend 20000, net 600000',
  '24': 'send truncated, ask 00, net 600000, resend 20000, net 600000',
  '25': 'send wrong-amount, ask 00, net 600000, resend 20000, net 600000',
  '26': 'send wrong-reference, ask 00, net 600000, resend 20000, net 600000',
  '27': 'send lost, ask 07, resend 40418, pass 864000, ask 07, resend 40418, net 0',
  '28': 'send 40101, token, ask 40401, resend 20000, net 600000, send 20000',
  '29': 'send 50000, ask 07, resend 50000, pass 599, ask 07, net 0, pass 1, ask 00, net 600000, resend 20000',
  '30': 'account BUDI SANTOSO, send 40303, ask 06, net 0',
  '31': 'send held, ask 00, net 600000',
  '32': 'send 20000, ask 00, net 600000, pass 86400, ask 04, net 0, resend 20000, net 0',
  '33': 'send 20200, pass 8640000, ask 03, net 0',
  '34': 'account B*** S******, send 20000, net 600000',
  '35': 'send 40901, ask 07, resend 40901, pass 864000, ask 07, net 0',
  '36': 'send 20200, ask 07, pass 86399, ask 07, net 0, pass 1, ask 00, net 600000',
  '37': 'send lost, ask 50000, ask 50000, ask 50000, ask 00, net 600000',
  '38': 'account 50400, account 50400, account BUDI SANTOSO, send 20000, net 600000',
  '39': 'send lost, ask 07, resend 40305, pass 600, ask 00, net 600000',
  '40': 'account 40315, send 40315, net 0',
  '41': 'account 40309, send 40309, net 0',
  '42': 'account 40318, send 40318, net 0',
  '43': 'account 40305, send 40305, net 0',
  '44': 'account 40001, send 40318, net 0',
  '45': 'send lost, ask 40401, ask 40401, net 600000, resend 20000, pass 86400, ask 40401, pass 86400, ask 00',
  '46': 'send lost, ask 07, net 0, pass 172799, ask 07, resend lost, pass 1, ask 00, net 600000',
  '47': 'send lost, ask truncated, ask truncated, ask 00, net 600000',
  '48': 'send lost, ask wrong-amount, ask wrong-amount, ask 00, net 600000',
  '49': 'send lost, ask 06, net 0, pass 119, ask 06, pass 1, ask 00, net 600000, resend 20000',
}

const fiftyFiveDays = 55 * 86_400
const replaying = { duplicateAnswer: 'replay', idempotencyWindowSeconds: fiftyFiveDays } as const

describe.each([
  { partner: 'a bank', configuration: { ...bank, ...replaying }, prefix: '999' },
  { partner: 'a wallet', configuration: { ...wallet, ...replaying }, prefix: '+62899' },
])('$partner', ({ configuration, prefix }) => {
  const written = (number: string) => number.replace('+', '')

  test.each(behaviourNumbers.map((number) => [number, behaviours[number].sentence] as const))(
    '%s: %s',
    async (behaviour) => {
      const partner = await startPartner(configuration)
      onTestFinished(() => partner.simulator.stop())
      const number = `${prefix}${behaviour}000001`
      partner.simulator.knowAccount(number, 'BUDI SANTOSO')
      const steps = scripts[behaviour].split(', ')
      expect(await play(partner, written(number), steps)).toEqual(steps)
    },
  )

  test('an ordinary number behaves as a test says, and a reference before its number', async () => {
    const { simulator, client } = await startPartner(configuration)
    onTestFinished(simulator.stop)
    const number = `${prefix}00000001`
    simulator.knowAccount(number, 'BUDI SANTOSO')
    simulator.behave(number, '10')
    simulator.behave('told', '30')
    expect(await seen(client.transfer('first', written(number)))).toBe('40315')
    expect(await seen(client.transfer('told', written(number)))).toBe('40303')
    expect(await seen(client.transfer('second', written(number)))).toBe('40315')
  })
})

/** What really happens at each step, in the script's words. */
async function play(partner: TestPartner, number: string, steps: readonly string[]): Promise<string[]> {
  const { client, simulator, pass } = partner
  let sent = 0
  const reference = () => `reference-${sent}`
  const transfer = () => {
    const signal = steps.includes('send held') ? AbortSignal.timeout(100) : undefined
    return seen(client.transfer(reference(), number, 600_000, { ...(signal && { signal }) }))
  }
  const results: string[] = []
  for (const step of steps) {
    const [verb = '', argument = ''] = step.split(' ')
    if (verb === 'send') sent += 1
    if (verb === 'pass') await pass(Number(argument))
    if (verb === 'token') await client.fetchToken()
    const result = {
      send: transfer,
      resend: transfer,
      ask: () => seen(client.status(reference())),
      account: () => seen(client.account(number)),
      net: async () => `${simulator.book.net(reference())}`,
    }[verb]
    if (result === undefined) results.push(step)
    else {
      const outcome = await result()
      results.push(`${verb} ${step === 'send held' && outcome === 'lost' ? 'held' : outcome}`)
    }
  }
  return results
}

/** An answer in the script's words. */
async function seen(asked: Promise<SnapAnswer | 'lost'>): Promise<string> {
  const answer = await asked
  if (answer === 'lost') return 'lost'
  if (answer.text.startsWith('<html>')) return `${answer.http === 200 ? 'html' : answer.http}`
  if (answer.code === '') return 'truncated'
  const { json, code } = answer
  if (JSON.stringify(json).includes('600001.00')) return 'wrong-amount'
  const status = json.latestTransactionStatus ?? json.beneficiaryAccountName ?? json.customerName
  if (typeof status === 'string') return status
  const echoed = json.partnerReferenceNo
  if (typeof echoed === 'string' && !/^reference-\d$/.test(echoed)) return 'wrong-reference'
  return `${code.slice(0, 3)}${code.slice(5)}`
}
