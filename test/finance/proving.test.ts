import { describe, expect, it } from 'vitest'
import type { Reply } from '../../infra/command/transport.ts'
import { finance } from '../../infra/finance/program.ts'
import { ok, operate, words } from '../ops/operator.ts'

const ask = (line: string, replies: readonly Reply[] = []) =>
  operate(words(line), replies, { program: finance })

const untouched = { rupiah: 0, received: 0, given: 0 }

describe('a proof', () => {
  const countedTo = '2020-10-12T11:30:00.000+07:00'
  const balance = {
    cutOff: '2020-10-12T12:00:00.000+07:00',
    countedTo,
    accounts: [
      { account: 'float/bni', rupiah: 400_000 },
      { account: 'paid/bni/incentive/SK', rupiah: 600_000 },
      { account: 'treasury', rupiah: -1_000_000 },
    ],
    sum: 0,
  }
  const proven = (account: string, rupiah: number) => ({ ...untouched, account, rupiah })
  const float = proven('float/bni', 400_000)
  const gone = proven('paid/bni/incentive/SK', 600_000)
  const treasury = proven('treasury', -1_000_000)
  const states = { states: { paid: { count: 1, rupiah: 600_000 } } }
  const proof = (accounts: readonly unknown[], entries: number, later = 0) => ok({ accounts, entries, later })

  it('adds up the shares, and compares accounts and states with the sums', async () => {
    const { out, code, sent } = await ask('trial-balance --prove --shares 2', [
      ok(balance),
      ok(states),
      proof([float, gone], 4),
      proof([treasury], 1),
    ])
    expect(out).toContain('proven: 5 entries of the journal and the states of all payouts say the same\n')
    expect({ code, shares: sent.slice(2).map(({ query }) => query) }).toEqual({
      code: 0,
      shares: ['0', '1'].map((share) => ({ countedTo, share, of: '2' })),
    })
  })

  it('names what differs, who says of which days, and fails', async () => {
    const { out, err, code } = await ask('trial-balance --prove', [
      ok(balance),
      ok({ states: { pending: { count: 1, rupiah: 600_000 } } }),
      proof([float, treasury], 4),
    ])
    expect(code).toBe(1)
    expect(out).toContain('paid/bni/incentive/SK: Rp600,000 by the sums, Rp0 proven')
    expect(out).toContain('payouts that are in-transit, by their rows: Rp0 by the sums, Rp600,000 proven')
    expect(err).toContain('npm run finance -- verify names the days')
    expect(err).not.toContain('two minutes')
  })

  it('of the past knows no states, and nothing after its instant', async () => {
    const { sent, code } = await ask('trial-balance --at 2020-10-11 --prove', [
      ok(balance),
      proof([float, gone, treasury], 5),
    ])
    expect({ code, queries: sent.map(({ query }) => query) }).toEqual({
      code: 0,
      queries: [{ at: '2020-10-11' }, { at: balance.cutOff, countedTo, share: '0', of: '1' }],
    })
  })

  describe('while a payment of Rp600,000 is on its way into the sums', () => {
    const account = 'in-transit/bni/incentive/SK'
    const journal = [
      float,
      treasury,
      { ...untouched, account, rupiah: 600_000, given: 600_000 },
      { ...untouched, account: 'paid/bni/incentive/SK', received: 600_000 },
    ]
    const before = { ...balance, accounts: [float, { account, rupiah: 600_000 }, treasury] }
    const unpaid = { states: { pending: { count: 1, rupiah: 600_000 } } }

    it.each([
      ['neither the sums nor the rows have it', before, unpaid],
      ['only the rows have it', before, states],
      ['only the sums have it', balance, unpaid],
    ])('proves what there is and says so: %s', async (_, sums, rows) => {
      const { out, code } = await ask('trial-balance --prove', [ok(sums), ok(rows), proof(journal, 5, 1)])
      expect(out).toContain(
        'say the same; of the entries since 2020-10-12 11:30:00 in Jakarta (1) not all are counted yet\n',
      )
      expect(code).toBe(0)
    })

    it('does not say so once the sums and the rows have it', async () => {
      const { out, code } = await ask('trial-balance --prove', [
        ok(balance),
        ok(states),
        proof(journal, 5, 1),
      ])
      expect(out).toContain('say the same\n')
      expect(code).toBe(0)
    })

    it('fails where the sums have more than it explains', async () => {
      const more = [
        { account, rupiah: -600_000 },
        { account: 'paid/bni/incentive/SK', rupiah: 1_200_000 },
      ]
      const wrong = { ...balance, accounts: [float, treasury, ...more] }
      const { code } = await ask('trial-balance --prove', [ok(wrong), ok(states), proof(journal, 5, 1)])
      expect(code).toBe(1)
    })

    it('fails where a payment is missing that is not on its way', async () => {
      const earlier = journal.map((each) => ({
        ...each,
        rupiah: each.rupiah + each.received - each.given,
        ...{ received: 0, given: 0 },
      }))
      const { out, code } = await ask('trial-balance --prove', [
        ...[ok(before), ok(states)],
        proof(earlier, 5),
      ])
      expect(code).toBe(1)
      expect(out).toContain('paid/bni/incentive/SK: Rp0 by the sums, Rp600,000 proven')
      expect(out).toContain('payouts that are paid, by their rows: Rp0 by the sums, Rp600,000 proven')
    })
  })
})

describe('a verification', () => {
  const countedTo = '2020-10-12T11:30:00.000+07:00'
  const imprint = (count: number, rupiah: number, mark: string, day = '2020-10-04') => ({
    ...{ day, partner: 'gopay', milestones: [] },
    moves: [{ from: 'in-transit/gopay/x/SK', to: 'paid/gopay/x/SK', count, rupiah, mark }],
  })
  const counted = (rupiah: number, mark: string, count = 1) =>
    ok({ countedTo, parts: [imprint(count, rupiah, mark)] })
  const share = (rupiah: number, mark: string) =>
    ok({ movements: 1, later: 0, parts: [imprint(1, rupiah, mark)], laterParts: [] })

  it('adds up the shares of the days asked for, and compares them with what is counted', async () => {
    const { out, code, sent } = await ask('verify --from 2020-10-04 --shares 2', [
      counted(1_200_000, '1', 2),
      share(600_000, '2305843009213693950'),
      share(600_000, '2'),
    ])
    expect(out).toBe('the totals are what 2 movements of the journal come to\n')
    expect({ code, queries: sent.map(({ query }) => query) }).toEqual({
      code: 0,
      queries: [
        { from: '2020-10-04' },
        ...['0', '1'].map((number) => ({ from: '2020-10-04', countedTo, share: number, of: '2' })),
      ],
    })
  })

  it.each([
    ['another sum', counted(600_001, '7'), 'Rp600,001  Rp600,000'],
    ['another division of the same sum', counted(600_000, '8'), 'Rp600,000  divided otherwise'],
  ])('names %s, and who repairs it', async (_, kept, shown) => {
    const { out, err, code } = await ask('verify', [kept, share(600_000, '7')])
    expect(out.replaceAll(/ {3,}/g, '  ')).toContain(shown)
    expect(err).toContain('npm run ops -- repair-totals --from 2020-10-04 --to 2020-10-04 ')
    expect(code).toBe(1)
  })

  const today = '2020-10-12'
  it.each([
    ['none of it is counted', 1, 600_000, '7'],
    ['some of it is', 2, 1_200_000, '9'],
  ])('passes while something is on its way, and says so: %s', async (_, count, rupiah, mark) => {
    const { out, err, code } = await ask('verify', [
      ok({ countedTo, parts: [imprint(count, rupiah, mark, today)] }),
      ok({
        ...{ movements: 3, later: 2 },
        ...{ parts: [imprint(1, 600_000, '7', today)], laterParts: [imprint(2, 1_200_000, '4', today)] },
      }),
    ])
    expect({ out, err, code }).toEqual({
      out: 'the totals are what 3 movements of the journal come to; of the entries since 2020-10-12 11:30:00 in Jakarta (2) not all are counted yet\n',
      err: '',
      code: 0,
    })
  })

  const nothing = ok({ movements: 0, later: 0, parts: [], laterParts: [] })
  const wrongOn = (...days: readonly string[]) =>
    ok({ countedTo, parts: days.map((day) => imprint(1, 1, '1', day)) })

  it('sends nobody to repair what ops would refuse to: days of which entries may be on their way', async () => {
    const { err, code } = await ask('verify', [wrongOn('2020-10-11', today), nothing])
    expect(err).toBe(
      'Days after 2020-10-10 cannot be repaired yet, since entries of theirs may be on their way: verify them again in three days\n',
    )
    expect(code).toBe(1)
  })

  it('sends people to repair the days that can be, and as many as one repair takes', async () => {
    const { err } = await ask('verify', [wrongOn('2020-10-10', '2020-08-01', '2020-09-02', today), nothing])
    expect(err).toContain('repair-totals --from 2020-08-01 --to 2020-08-31 ')
    expect(err).toContain('Days after 2020-10-10')
  })
})
