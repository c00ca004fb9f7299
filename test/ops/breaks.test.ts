import { describe, expect, it } from 'vitest'
import { printed } from './operator.ts'

const found = {
  id: '0123456789abcdef',
  partner: 'bni',
  kind: 'amount-differs',
  state: 'new',
  day: '2020-10-10',
  amount: 590_000,
  direction: 'debit',
  reference: 'P-00017-I2-A1',
  detail: 'ours is 600000',
  remedy: 'Ask the partner to correct its booking.',
  firstSeen: '2020-10-10',
  lastSeen: '2020-10-11',
  age: 2,
  assignedTo: 'budi',
  notes: [{ at: '2020-10-11T09:00:00+07:00', by: 'ani', note: 'asked BNI, ticket 4711' }],
}
const bni = { partner: 'bni', lastDay: '2020-10-11' }

describe('breaks', () => {
  it('are shown with direction and detail, and below them what is to be done, what was said and how to go on', async () => {
    const { assignedTo: _, detail: __, ...other } = found
    const answer = {
      breaks: [
        found,
        { ...other, id: 'f'.repeat(16), partner: 'ovo', kind: 'wrong-day', remedy: 'Ask why.', notes: [] },
      ],
      more: 7,
      next: '2020-10-10-ffffffffffffffff',
      statements: [bni, { partner: 'ovo' }],
    }
    expect(await printed(['breaks', '--all'], answer)).toMatchInlineSnapshot(`
      "BREAK             PARTNER  KIND            STATE  DIRECTION     AMOUNT  REFERENCE      SINCE       DAYS  WITH  DETAIL
      0123456789abcdef  bni      amount-differs  new    debit      Rp590,000  P-00017-I2-A1  2020-10-10     2  budi  ours is 600000
      ffffffffffffffff  ovo      wrong-day       new    debit      Rp590,000  P-00017-I2-A1  2020-10-10     2

      amount-differs: Ask the partner to correct its booking.
      wrong-day: Ask why.

      0123456789abcdef  2020-10-11 09:00 ani: asked BNI, ticket 4711

      last statement reconciled: bni 2020-10-11
      no statement of the last 14 days is reconciled: ovo
      and 7 newer breaks
      ! The next page: npm run ops -- breaks --all --cursor 2020-10-10-ffffffffffffffff
      = 0"
    `)
  })

  it('are said to be none only as far as statements go', async () => {
    const answer = { breaks: [], more: 0, statements: [bni, { partner: 'gopay' }, { partner: 'ovo' }] }
    expect(await printed(['breaks'], answer)).toMatchInlineSnapshot(`
      "no open break is known

      last statement reconciled: bni 2020-10-11
      no statement of the last 14 days is reconciled: gopay, ovo
      = 0"
    `)
  })

  it('are not said to be none where there is no statement', async () => {
    const answer = { breaks: [], more: 0, statements: [{ partner: 'gopay' }] }
    expect(await printed(['breaks', '--partner', 'gopay'], answer)).toMatchInlineSnapshot(`
      "no open break is known

      no statement of the last 14 days is reconciled: gopay
      = 0"
    `)
  })
})
