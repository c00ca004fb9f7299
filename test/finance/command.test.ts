import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { verbsOf } from '../../infra/command/program.ts'
import type { Reply } from '../../infra/command/transport.ts'
import { finance } from '../../infra/finance/program.ts'
import { hashOf } from '../../shared/ledger/chain.ts'
import { ok, operate, words } from '../ops/operator.ts'
import { accrualOf } from './people.ts'

const verbs = verbsOf(finance)
const ask = (line: string, replies: readonly Reply[] = []) =>
  operate(words(line), replies, { program: finance })

describe('help', () => {
  it('names every verb', async () => {
    const { out, code } = await ask('--help')
    expect(code).toBe(0)
    for (const { name } of verbs) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
  })

  it.each(verbs.map(({ name }) => name))(
    'of %s teaches by an example, in lines a terminal can hold',
    async (name) => {
      const { out, code } = await ask(`${name} --help`)
      expect(code).toBe(0)
      expect(out).toMatch(/\nExamples\n {2}npm run finance -- /)
      expect(out).toContain('It takes the role finance.')
      expect(out.split('\n').filter((line) => line.length > 120)).toEqual([])
    },
  )

  const folder = mkdtempSync(join(tmpdir(), 'statements-'))
  mkdirSync(join(folder, 'bni'))
  writeFileSync(join(folder, 'bni', '2020-10-01.csv'), '')
  afterAll(() => rmSync(folder, { recursive: true }))
  const examples = verbs.flatMap(({ name, examples: own }) => own.map(([line]) => `${name} ${line}`))
  it.each(examples)('has an example that works: %s', async (line) => {
    const { sent, err, ways } = await ask(line.replace('.local/statements', folder))
    expect({ err, sent: sent.length }).toEqual({ err: 'nothing is expected here\n', sent: 1 })
    expect(ways).toEqual([{ data: '.local', person: 'ani', role: 'finance' }])
  })
})

describe('a mistake is one sentence, and nothing is sent', () => {
  it.each([
    ['sumary', 'There is no verb “sumary”; --help lists them'],
    [
      'summary --by week',
      '--by takes one or several of day, month, partner, wave, kind, platform, provider, with commas between them',
    ],
    [
      'summary --by day,day',
      '--by takes one or several of day, month, partner, wave, kind, platform, provider, with commas between them',
    ],
    ['summary --from 2020-02-30', '--from takes a day, written YYYY-MM-DD'],
    ['summary --partner dana', '--partner takes one of bni, gopay, linkaja, ovo'],
    ['summary --json --csv', '--json and --csv exclude each other: choose one'],
    ['summary --role viewer', "Unknown option '--role'; --help lists what there is"],
    ['funnel --by partner', '--by takes one or several of day, month, wave, with commas between them'],
    [
      'trial-balance --at noon',
      '--at takes a day, written YYYY-MM-DD, or an instant such as 2020-10-31T12:00:00+07:00',
    ],
    ['trial-balance --shares 4', '--shares goes with --prove'],
    ['trial-balance --prove --shares 0', '--shares takes a whole number from 1 to 99999'],
    ['verify --shares 0', '--shares takes a whole number from 1 to 99999'],
    ['float --days 0', '--days takes a whole number from 1 to 92'],
    ['statement', 'statement takes the id of a participant, such as P-00017'],
    ['statement p17', '“p17” is none: statement takes the id of a participant, such as P-00017'],
    ['export --from 2020-10-01', 'export needs --what: one of entries, payouts'],
    ['export --what entries', 'export takes --from and --to, days written YYYY-MM-DD, the earlier first'],
    [
      'export --what entries --from 2020-10-02 --to 2020-10-01',
      'export takes --from and --to, days written YYYY-MM-DD, the earlier first',
    ],
    ['export --what entries --from 2020-10-01 --json', 'export writes CSV or Parquet: leave out --json'],
    ['export --what entries --from 2020-10-01 --format xml', '--format takes csv or parquet'],
    [
      'export --what entries --from 2020-10-01 --format parquet',
      'Parquet needs --file: what the file is to be called',
    ],
    [
      'export --what entries --from 2020-10-01 --file day.csv',
      '--file is for Parquet: CSV goes to standard output',
    ],
    [
      'export --what entries --from 2020-10-01 --format parquet --file /nowhere/day.parquet',
      '--file /nowhere/day.parquet cannot be written: choose a file in a folder that is there',
    ],
    ['export --what entries --from 2019-01-01 --to 2020-12-31', 'export takes at most 366 days at a time'],
    ['breaks --state old', '--state takes one of new, persisting, resolved'],
    ['reconcile', 'reconcile needs --from: a day, written YYYY-MM-DD'],
  ])('%s', async (line, sentence) => {
    const { code, out, err, sent } = await ask(line)
    expect({ err, out, code, sent }).toEqual({ err: `${sentence}\n`, out: '', code: 2, sent: [] })
  })
})

const none = { count: 0, rupiah: 0 }
const figures = { accrued: none, returned: none, cancelled: none, payable: none, inTransit: none }
const at = '2020-10-12T12:00:00+07:00'
const paid = { count: 2, rupiah: 1_200_000 }
const summary = {
  at,
  rows: [
    { group: { partner: 'bni', platform: 'a "quoted", name' }, ...figures, paid },
    { group: { partner: null, platform: null }, ...figures, paid: none },
  ],
  total: { ...figures, paid },
}

describe('an answer', () => {
  it('is a table for people, without the columns in which nothing stands', async () => {
    const { out } = await ask('summary --by partner,platform', [ok(summary)])
    expect(out).toBe(`PARTNER  PLATFORM          PAID       RUPIAH
bni      a "quoted", name     2  Rp1,200,000

                              2  Rp1,200,000
as counted up to 2020-10-12 12:00 in Jakarta
`)
  })

  it('is the same columns whatever stands in them as CSV, in which nothing known is an empty field', async () => {
    const { out } = await ask('summary --by partner,platform --csv', [ok(summary)])
    const zeros = (number: number) => ',0'.repeat(number)
    expect(out.split('\n').slice(1)).toEqual([
      `bni,"a ""quoted"", name"${zeros(2)},2,1200000${zeros(8)}`,
      `,${zeros(12)}`,
      '',
    ])
  })

  it('is exactly what the API said as JSON', async () => {
    const { out } = await ask('summary --json', [ok(summary)])
    expect(JSON.parse(out)).toEqual(summary)
  })
})

describe('a proof', () => {
  const balance = {
    cutOff: '2020-10-12T12:00:00.000+07:00',
    accounts: [
      { account: 'float/bni', rupiah: 400_000 },
      { account: 'paid/bni/incentive/SK', rupiah: 600_000 },
      { account: 'treasury', rupiah: -1_000_000 },
    ],
    sum: 0,
  }
  const [float, gone, treasury] = balance.accounts
  const states = { states: { paid: { count: 1, rupiah: 600_000 } } }

  it('adds up the shares, and compares accounts and states with the sums', async () => {
    const { out, code, sent } = await ask('trial-balance --prove --shares 2', [
      ok(balance),
      ok({ accounts: [float, gone], entries: 4 }),
      ok({ accounts: [treasury], entries: 1 }),
      ok(states),
    ])
    expect(out).toContain('proven: 5 entries of the journal and the states of all payouts say the same')
    expect({ code, shares: sent.slice(1, 3).map(({ query }) => query) }).toEqual({
      code: 0,
      shares: ['0', '1'].map((share) => ({ at: balance.cutOff, share, of: '2' })),
    })
  })

  it('names what differs, and fails', async () => {
    const { out, err, code } = await ask('trial-balance --prove', [
      ok(balance),
      ok({ accounts: [float, treasury], entries: 4 }),
      ok({ states: { pending: { count: 1, rupiah: 600_000 } } }),
    ])
    expect(code).toBe(1)
    expect(out).toContain('paid/bni/incentive/SK: Rp600,000 by the sums, Rp0 proven')
    expect(out).toContain('payouts that are in-transit, by their rows: Rp0 by the sums, Rp600,000 proven')
    expect(err).toContain('up to two minutes behind')
  })

  it('of the past knows no states', async () => {
    const { sent, code } = await ask('trial-balance --at 2020-10-11 --prove', [
      ok(balance),
      ok({ accounts: balance.accounts, entries: 5 }),
    ])
    expect({ code, sent: sent.length }).toEqual({ code: 0, sent: 2 })
  })
})

describe('a verification', () => {
  const imprint = (count: number, rupiah: number, mark: string) => ({
    ...{ day: '2020-10-14', partner: 'gopay', milestones: [] },
    moves: [{ from: 'in-transit/gopay/x/SK', to: 'paid/gopay/x/SK', count, rupiah, mark }],
  })
  const counted = (rupiah: number, mark: string, count = 1) =>
    ok({ countedTo: '2020-10-15T12:00:00.000+07:00', parts: [imprint(count, rupiah, mark)] })
  const share = (rupiah: number, mark: string, later = 0) =>
    ok({ movements: 1, later, parts: [imprint(1, rupiah, mark)] })

  it('adds up the shares of the days asked for, and compares them with what is counted', async () => {
    const { out, code, sent } = await ask('verify --from 2020-10-14 --shares 2', [
      counted(1_200_000, '1', 2),
      share(600_000, '2305843009213693950'),
      share(600_000, '2'),
    ])
    expect(out).toContain('the totals are what 2 movements of the journal come to')
    const countedTo = '2020-10-15T12:00:00.000+07:00'
    expect({ code, queries: sent.map(({ query }) => query) }).toEqual({
      code: 0,
      queries: [
        { from: '2020-10-14' },
        ...['0', '1'].map((number) => ({ from: '2020-10-14', countedTo, share: number, of: '2' })),
      ],
    })
  })

  it.each([
    ['another sum', counted(600_001, '7'), 'Rp600,001  Rp600,000'],
    ['another division of the same sum', counted(600_000, '8'), 'Rp600,000  divided otherwise'],
  ])('names %s, and who repairs it', async (_, kept, shown) => {
    const { out, err, code } = await ask('verify', [kept, share(600_000, '7')])
    expect(out.replaceAll(/ {3,}/g, '  ')).toContain(shown)
    expect(err).toContain('npm run ops -- repair-totals')
    expect(code).toBe(1)
  })

  it('says when to look again, while something is on its way', async () => {
    const { err } = await ask('verify', [counted(600_000, '7'), share(1_200_000, '9', 1)])
    expect(err).toContain('look again in two minutes')
  })
})

describe('an export', () => {
  const columns = ['day']
  const pageOf = (rows: readonly string[], next?: string) =>
    ok({ columns, rows: rows.map((row) => [row]), ...(next !== undefined && { next }) })

  it('prints page after page and day after day under one title', async () => {
    const { out, err, code, sent } = await ask('export --what payouts --from 2020-10-01 --to 2020-10-02', [
      pageOf(['one']),
      pageOf(['one'], 'key'),
      pageOf(['two']),
      pageOf(['three']),
    ])
    expect({ out: out.split('\n').slice(1), err, code }).toEqual({
      out: ['one', 'two', 'three', ''],
      err: '3 rows\n',
      code: 0,
    })
    expect(sent.slice(1).map(({ query }) => query)).toEqual([
      { what: 'payouts', day: '2020-10-01' },
      { what: 'payouts', day: '2020-10-01', after: 'key' },
      { what: 'payouts', day: '2020-10-02' },
    ])
  })

  it('fails where a page is missing', async () => {
    const { code, out } = await ask('export --what entries --from 2020-10-01', [
      pageOf([]),
      { lost: 'No answer' },
    ])
    expect({ code, lines: out.split('\n').length }).toEqual({ code: 1, lines: 2 })
  })
})

describe("a participant's statement", () => {
  const entry = accrualOf('P-1')
  const statement = {
    participantId: 'P-1',
    ...{ at, wave: 5, scheme: 'prakerja-2020', decrees: {}, payouts: [], owed: 2_550_000, paid: 0 },
    chains: [{ subject: 'entitlement', entries: [entry], hash: hashOf(entry) }],
  }

  it('says that every entry follows from the one before it', async () => {
    const { out, code } = await ask('statement P-1', [ok(statement)])
    expect({ code, last: out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: '1 entry, each following from the one before it',
    })
  })

  it.each([
    ['the last entry was changed', [{ ...entry, by: 'a thief' }], 'the end of entitlement'],
    ['an entry was taken out', [{ ...entry, seq: 2 }], 'entitlement 2'],
    ['an entry was put in', [entry, { ...entry, seq: 2 }], 'entitlement 2'],
  ])('fails when %s', async (_, entries, where) => {
    const [chain] = statement.chains
    const changed = { ...statement, chains: [{ ...chain, entries }] }
    const { out, code } = await ask('statement P-1', [ok(changed)])
    expect(code).toBe(1)
    expect(out).toContain(`the journal is not what was written: ${where}`)
  })
})
