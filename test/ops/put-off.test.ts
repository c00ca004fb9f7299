import { expect, it } from 'vitest'
import { printed } from './operator.ts'

/** What people see of payouts that were put off. It is noon of 12 October 2020 in Jakarta. */

const total = (count: number, oldest?: string) => ({
  ...{ count, rupiah: count * 600_000, atLeast: false },
  ...(oldest !== undefined && { oldest }),
})

it('status says how much of what is due was put off', async () => {
  const lane = {
    due: total(5, '2020-09-12T00:00:00+07:00'),
    ...{ later: total(3_100), inFlight: total(0), pending: total(0), unknown: total(0) },
    ...{ failed: total(0), held: total(0), available: 20_000_000_000, paused: {} },
  }
  const status = {
    at: '2020-10-12T12:00:00+07:00',
    ...{ waiting: total(0), held: total(0), deadLetters: {} },
    partners: { bni: { ...lane, putOff: total(4, '2020-09-12T00:00:00+07:00') }, ovo: lane },
  }
  expect((await printed(['status'], status)).split('\n').slice(2, 5).join('\n')).toMatchInlineSnapshot(`
    "LANE  DUE       RUPIAH  OLDEST   PUT OFF  LATER             FLOAT  DOOR
    bni     5  Rp3,000,000  30 days        4  3,100  Rp20,000,000,000  open
    ovo     5  Rp3,000,000  30 days           3,100  Rp20,000,000,000  open"
  `)
})

it('the list of what is due says when something is tried again', async () => {
  const payout = {
    ...{ participantId: 'P-00017', payout: 'incentive-2', kind: 'incentive', amount: 600_000, wave: 4 },
    ...{ state: 'scheduled', partner: 'bni', lastFour: '4321', since: '2020-10-01T00:00:00+07:00' },
  }
  const answer = {
    payouts: [
      { ...payout, at: '2020-10-01T00:00:00+07:00' },
      { ...payout, payout: 'incentive-1', at: '2020-10-13T06:00:00+07:00' },
    ],
    page: { count: 2, rupiah: 1_200_000 },
  }
  expect(await printed(['due'], answer)).toMatchInlineSnapshot(`
    "PAYOUT                  AMOUNT  WAVE  PARTNER  ACCOUNT  SINCE                 AGE  TRIED AGAIN
    P-00017/incentive-2  Rp600,000     4  bni      …4321    2020-10-01 00:00  11 days
    P-00017/incentive-1  Rp600,000     4  bni      …4321    2020-10-01 00:00  11 days  in 18 hours
    2 payouts, Rp1,200,000
    = 0"
  `)
})
