import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import type { Reply } from '../../infra/command/transport.ts'
import { finance } from '../../infra/finance/program.ts'
import { ok, operate } from '../ops/operator.ts'

/** Statements are handed in at the command line. */

const folder = mkdtempSync(join(tmpdir(), 'statements-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fileIn = (partner: string, name: string): string => {
  mkdirSync(join(folder, partner), { recursive: true })
  writeFileSync(join(folder, partner, name), '')
  return join(folder, partner, name)
}

const at = '2020-10-03T09:00:00+07:00'
const none = { count: 0, rupiah: 0 }
const runOf = (partner: string, day: string, breaks: Readonly<Record<string, number>> = {}) => ({
  ...{ partner, day, run: 1, at, hash: 'f00d'.repeat(16), complete: true },
  summary: {
    ...{ unparsable: 0, settled: 1, breaks },
    matched: { debit: { count: 2, rupiah: 1_200_000 }, credit: none, fee: none },
  },
})
const arrivalOf = (partner: string, day: string, invocation: string, why?: string) => ({
  ...{ partner, day, at, invocation, outcome: why === undefined ? 'recorded' : 'refused' },
  ...(why !== undefined && { why }),
})
type Known = { readonly runs?: readonly object[]; readonly arrivals?: readonly object[] }
const known = ({ runs = [], arrivals = [] }: Known = {}): Reply => ok({ at, runs, arrivals })

const day = '2020-10-01'
const hand = (args: readonly string[], replies: readonly Reply[] = []) =>
  operate(['reconcile', ...args], replies, { program: finance })
const one = (replies: readonly Reply[]) =>
  hand(['--file', fileIn('elsewhere', 'of-bni.csv.gz'), '--partner', 'bni', '--day', day], replies)

test('the help says which days are meant: --from is needed, and --to is the same day without a word', async () => {
  const { out } = await hand(['--help'])
  expect(out).toMatch(/--from DAY +what came of the statements from this day in Jakarta on\n/)
  expect(out).toMatch(/--to DAY +up to this day in Jakarta, itself included \(--from\)\n/)
})

describe('a statement that is handed in', () => {
  it('goes under its key, and is waited for until something came of it', async () => {
    const before = [arrivalOf('bni', day, 'before')]
    const { code, out, err, delivered, passed } = await one([
      known({ arrivals: before }),
      known({ arrivals: before }),
      known({ arrivals: [arrivalOf('bni', day, 'now')], runs: [runOf('bni', day)] }),
    ])
    expect({ code, err, passed }).toEqual({ code: 0, err: '', passed: 2 })
    expect(delivered).toEqual([[`statements/bni/${day}.csv.gz`, join(folder, 'elsewhere', 'of-bni.csv.gz')]])
    expect(out).toContain(`${day}  bni      recorded     1  2020-10-03 09:00        2        1`)
    expect(out).toContain('f00df00df00d')
  })

  it('shows its breaks by kind, each with its remedy, in the exit code as well', async () => {
    const runs = [runOf('bni', day, { 'amount-differs': 2, 'wrong-day': 1 })]
    const { code, out, err } = await one([known(), known({ arrivals: [arrivalOf('bni', day, 'now')], runs })])
    expect(code).toBe(4)
    expect(out).toContain('bni: 2 × amount-differs. Ask the partner to correct its booking;')
    expect(out).toContain('bni: 1 × wrong-day. ')
    expect(err).toBe('One by one: npm run finance -- breaks\n')
  })

  it('fails with the reason where it was refused', async () => {
    const arrivals = [arrivalOf('bni', day, 'now', 'the file is broken off')]
    const { code, out } = await one([known(), known({ arrivals })])
    expect(code).toBe(1)
    expect(out).toContain(`bni ${day}: the statement was refused: the file is broken off`)
  })

  it('is given up when nothing comes of it', async () => {
    const { code, err, passed } = await one([known()])
    expect({ code, passed }).toEqual({ code: 1, passed: 1_200 })
    expect(err).toBe(`Nothing came of the statement of bni of ${day}: look at the log of reconcile\n`)
  })
})

describe('a folder of statements', () => {
  it("goes day by day and once a day, without today's; what counts is how each partner ends", async () => {
    for (const name of ['2020-10-02.csv', `${day}.csv`, `${day}.xml`, 'notes.txt', '2020-10-03.csv'])
      fileIn('bni', name)
    fileIn('ovo', '2020-10-02.csv')
    const answer = (partner: string, of: string, breaks = {}) =>
      known({ arrivals: [arrivalOf(partner, of, 'now')], runs: [runOf(partner, of, breaks)] })
    const { code, err, delivered, sent } = await hand(
      ['--dir', folder],
      [
        known(),
        answer('bni', day, { 'wrong-day': 1 }),
        answer('bni', '2020-10-02'),
        answer('ovo', '2020-10-02'),
      ],
    )
    expect({ code, err }).toEqual({ code: 0, err: '1 statement left out: the day is not over\n' })
    expect(delivered.map(([key]) => key)).toEqual([
      `statements/bni/${day}.csv`,
      'statements/bni/2020-10-02.csv',
      'statements/ovo/2020-10-02.csv',
    ])
    expect(sent[0]?.query).toEqual({ from: day, to: '2020-10-03' })
  })

  it('is no success where the day of every statement in it is not over', async () => {
    const file = fileIn('bni', '2020-10-03.csv')
    const { code, out, err, delivered } = await hand(
      ['--file', file, '--partner', 'bni', '--day', '2020-10-03'],
      [known()],
    )
    expect({ code, out, err }).toEqual({
      code: 1,
      out: 'nothing was handed in\n',
      err: '1 statement left out: the day is not over\n',
    })
    expect(delivered).toEqual([])
  })
})

describe('a mistake is one sentence, and nothing is sent', () => {
  const file = ['--file', 'statement.csv', '--partner', 'bni']
  const together = '--file, --partner and --day go together, without --from and --to'
  it.each([
    [file, together],
    [[...file, '--day', day, '--from', day], together],
    [[...file, '--day', day, '--to', day], together],
    [['--partner', 'bni', '--day', day], together],
    [[...file, '--day', 'today'], '--day takes a day, written YYYY-MM-DD'],
    [[...file, '--day', '2020-02-30'], '--day takes a day, written YYYY-MM-DD'],
    [
      ['--file', 'statement.pdf', '--partner', 'bni', '--day', day],
      '--file takes a file whose name ends in .csv or .xml, and perhaps .gz after that',
    ],
    [
      ['--file', 'statement.csv', '--partner', 'dana', '--day', day],
      '--partner takes one of bni, gopay, linkaja, ovo',
    ],
    [['--dir', folder, '--partner', 'bni'], '--dir says it all: leave the other options out'],
    [['--dir', folder, '--to', day], '--dir says it all: leave the other options out'],
    [
      ['--dir', join(folder, 'nowhere')],
      '--dir takes a directory that holds <partner>/<day>.csv, such as bni/2020-10-01.csv',
    ],
  ])('%s', async (args, sentence) => {
    const { code, out, err, sent } = await hand(args)
    expect({ err, out, code, sent }).toEqual({ err: `${sentence}\n`, out: '', code: 2, sent: [] })
  })
})
