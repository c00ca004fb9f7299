import { describe, expect, it } from 'vitest'
import { ok, operate, printed } from './operator.ts'

const open = {
  participantId: 'P-1',
  payout: 'incentive-1',
  state: 'open',
  partner: 'bni',
  amount: 600_000,
  paidBy: 'P-1-I1-A2',
  overpaidBy: 'P-1-I1-A1',
  since: '2020-10-10T11:00:00+07:00',
}

describe('recovery', () => {
  it.each([
    [[], 'no case is open; what was paid while another attempt is still open is none yet: see unknown'],
    [['--state', 'recovered'], 'no money that was paid twice has come back'],
    [['--state', 'written-off'], 'nothing that was paid twice was given up'],
  ])('%j with nothing to show is a sentence', async (args, sentence) => {
    expect(await printed(['recovery', ...args], { cases: [] })).toBe(`${sentence}\n= 0`)
  })

  it('shows how old an open case is', async () => {
    expect(await printed(['recovery'], { cases: [open] })).toMatchInlineSnapshot(`
      "PAYOUT           PARTNER     AMOUNT  PAID BY    PAID AGAIN BY  SINCE                AGE
      P-1/incentive-1  bni      Rp600,000  P-1-I1-A2  P-1-I1-A1      2020-10-10 11:00  2 days
      = 0"
    `)
  })

  it('shows when and by what a case was closed', async () => {
    const closedAt = '2020-10-12T09:30:00+07:00'
    const { paidBy: _, ...alone } = open
    const cases = [
      { ...open, state: 'written-off', closedAt, document: 'BA-2021-07' },
      { ...alone, participantId: 'P-2', state: 'written-off', closedAt, document: 'BA-2021-08' },
    ]
    const answer = { cases }
    expect(await printed(['recovery', '--state', 'written-off'], answer)).toMatchInlineSnapshot(`
      "PAYOUT           PARTNER     AMOUNT  PAID BY    PAID AGAIN BY  SINCE             CLOSED            DOCUMENT
      P-1/incentive-1  bni      Rp600,000  P-1-I1-A2  P-1-I1-A1      2020-10-10 11:00  2020-10-12 09:30  BA-2021-07
      P-2/incentive-1  bni      Rp600,000             P-1-I1-A1      2020-10-10 11:00  2020-10-12 09:30  BA-2021-08
      = 0"
    `)
  })

  it('shows all pages as one', async () => {
    const replies = [
      ok({ cases: [open], next: 'second' }),
      ok({ cases: [{ ...open, participantId: 'P-2' }] }),
    ]
    const { out, sent } = await operate(['recovery'], replies)
    expect(out).toMatch(/P-1\/incentive-1.*P-2\/incentive-1/s)
    expect(sent.map(({ query }) => query)).toMatchObject([{}, { cursor: 'second' }])
  })
})
