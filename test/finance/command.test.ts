import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { verbsOf } from '../../infra/command/program.ts'
import type { Reply } from '../../infra/command/transport.ts'
import { finance } from '../../infra/finance/program.ts'
import { ok, operate, words } from '../ops/operator.ts'

const verbs = verbsOf(finance)
const ask = (line: string, replies: readonly Reply[] = []) =>
  operate(words(line), replies, { program: finance })

describe('help', () => {
  it('names every verb', async () => {
    const { out, code } = await ask('--help')
    expect(code).toBe(0)
    expect(out).toContain("Times are Jakarta's, WIB (UTC+7)")
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
    ['float --days 1e1', '--days takes a whole number from 1 to 92'],
    ['float --days ""', '--days takes a whole number from 1 to 92'],
    ['summary --wave 0x4', '--wave takes a whole number from 1 on'],
    ['summary --wave ""', '--wave takes a whole number from 1 on'],
    ['statement', 'statement takes the id of a participant, such as P-00017'],
    ['statement p17', 'statement cannot use “p17”: it takes the id of a participant, such as P-00017'],
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
    ['breaks --state old', '--state takes one of new, persisting, resolved, written-off'],
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
const countedTo = '2020-10-12T11:30:00.000+07:00'
const summary = {
  at,
  countedTo,
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
as the sums stood at 2020-10-12 12:00 in Jakarta, usually five minutes behind: every entry up to 2020-10-12 11:30:00 should be in them; npm run finance -- verify tells
`)
  })

  it('of a funnel names the instant up to which its sums should reach', async () => {
    const reached = {
      ...{ certificates: 4, entitled: 4 },
      ...{ 'first-incentive': 1, 'all-incentives': 0, 'paid-in-full': 0 },
    }
    const { out } = await ask('funnel', [ok({ at, countedTo, rows: [], total: reached })])
    expect(out).toContain(
      'as the sums stood at 2020-10-12 12:00 in Jakarta, usually five minutes behind: every entry up to 2020-10-12 11:30:00 should be in them\n',
    )
  })

  it('of a trial balance names the instant up to which its sums should reach, beside its own', async () => {
    const balance = {
      cutOff: '2020-10-11T23:59:59.999+07:00',
      countedTo: '2020-10-11T23:33:00.000+07:00',
      ...{ accounts: [], sum: 0 },
    }
    const { out } = await ask('trial-balance --at 2020-10-11', [ok(balance)])
    expect(out).toBe(
      'all accounts sum to zero, at 2020-10-11 23:59:59 in Jakarta: every entry up to 2020-10-11 23:33:00 should be in them\n',
    )
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

describe('figures of ageing that are a part', () => {
  const bands = (atLeast: boolean) =>
    Object.fromEntries(['0-1', '2-7', '8-30', 'over-30'].map((band) => [band, { ...paid, atLeast }]))
  const ageing = (part: 'due' | 'in-transit') =>
    ok({
      at,
      rows: ['due', 'in-transit'].map((standing) => ({
        ...{ standing, partner: 'bni', bands: bands(standing === part) },
      })),
    })
  const tooLow = 'More is due or in transit than could be read in time: figures with a + are too low\n'

  it('send nobody to ask by SQL what is due, of which movements know nothing', async () => {
    expect((await ask('ageing', [ageing('due')])).err).toBe(tooLow)
  })

  it('send people to where SQL counts all that is in transit, on AWS and on this machine', async () => {
    expect((await ask('ageing', [ageing('in-transit')])).err).toBe(
      `${tooLow}By SQL all that is in transit is counted: on AWS by Athena, whose query is called ageing, on this machine by npm run warehouse -- ageing\n`,
    )
  })
})

describe('an export', () => {
  const columns = ['day']
  const pageOf = (rows: readonly string[], next?: string) =>
    ok({ columns, countedTo, rows: rows.map((row) => [row]), ...(next !== undefined && { next }) })

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

  describe('of a day that has just ended', () => {
    const page = (text: string) => ok({ columns, countedTo: text, rows: [['one']] })
    const told = async (text: string) => {
      const { err, code } = await ask('export --what entries --from 2020-10-10 --to 2020-10-11', [page(text)])
      return { err, code }
    }

    it('says that its last entries may be missing, and from when on they are not', async () => {
      expect(await told('2020-10-11T23:33:00.000+07:00')).toEqual({
        err: `2 rows
Entries later than 2020-10-11 23:33:00 in Jakarta may be missing: export the same again from 2020-10-12 00:30 on
`,
        code: 0,
      })
    })

    it('says nothing of the kind once every entry has to be in it', async () => {
      expect(await told('2020-10-12T00:00:00.000+07:00')).toEqual({ err: '2 rows\n', code: 0 })
    })

    it('does not promise the same bytes earlier in its help', async () => {
      const { out } = await ask('export --help')
      expect(out.replaceAll('\n', ' ')).toContain(
        'The same period gives the same bytes whenever it is asked for, once it is over and all its entries are counted:',
      )
    })
  })

  it('fails where a page is missing', async () => {
    const { code, out } = await ask('export --what entries --from 2020-10-01', [
      pageOf([]),
      { lost: 'No answer' },
    ])
    expect({ code, lines: out.split('\n').length }).toEqual({ code: 1, lines: 2 })
  })
})
