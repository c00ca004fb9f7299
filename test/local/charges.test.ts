import { describe, expect, it } from 'vitest'
import { createCharges } from '../../infra/local/charges.ts'
import { createLogReader } from '../../infra/local/log.ts'

const units = (...charges: [string, string, number][]): string =>
  JSON.stringify({ level: 'DEBUG', message: 'write units', charges })

describe('write units per payout', () => {
  const charges = createCharges()
  const read = createLogReader({ charged: charges.add })
  read('intake', units(['P-1', 'facts', 28], ['P-2', 'facts', 35]))
  read('pay', units(['P-1', 'incentive-1', 1], ['P-1', 'survey-1', 8], ['partner#ovo', 'facts', 2]))
  read('pay', units(['P-1', 'incentive-1', 3], ['partner#ovo', 'facts', 4], ['P-2', 'incentive-1', 100]))
  const attempts = new Map([['ovo', 3]])
  const paid = (participantId: string, payout: string) => ({ participantId, payout, partner: 'ovo' })

  it.each([
    [
      "are a payout's own, a seventh of its participant's and a share of the lane's",
      4 + 4 + 2,
      [paid('P-1', 'incentive-1')],
    ],
    ['are an average', (10 + 14) / 2, [paid('P-1', 'incentive-1'), paid('P-1', 'survey-1')]],
    ['are 0 where nothing was paid', 0, []],
  ])('%s', (_, expected, payouts) => {
    expect(charges.perPayout(payouts, attempts)).toBe(expected)
  })
})

describe("the functions' log", () => {
  it('is heard for what concerns us, and for nothing else', () => {
    const heard: unknown[] = []
    const read = createLogReader({
      settled: (settled) => heard.push(settled),
      failed: (functionName, message) => heard.push(`${functionName}: ${message}`),
    })
    const payout = { participantId: 'P-1', payout: 'survey-2', partner: 'ovo', state: 'paid' }
    read('pay', JSON.stringify({ level: 'INFO', message: 'payout settled', ...payout, outcome: 'disbursed' }))
    read('pay', JSON.stringify({ level: 'ERROR', message: 'put', error: { message: 'no such table' } }))
    read('pay', units(['P-1', 'facts', 1]))
    read('pay', 'a line that is no JSON')
    expect(heard).toEqual([payout, 'pay: put: no such table'])
  })
})
