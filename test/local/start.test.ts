import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'start-'))
const data = join(directory, 'data')
const program = join(import.meta.dirname, '..', '..', 'infra', 'local', 'start.ts')

/** One participant of wave 1 who has linked an account and filled a survey. */
const events = [
  {
    'detail-type': 'PayoutAccountLinked',
    source: 'prakerja.core',
    account: '100000000000',
    time: '2020-05-04T01:00:00Z',
    detail: {
      participantId: 'P-1',
      partner: 'ovo',
      accountNumber: '0812 0000 001',
      holderName: 'Orang Contoh',
      linkedAt: '2020-05-04T07:00:00+07:00',
    },
  },
  {
    'detail-type': 'CertificateIssued',
    source: 'prakerja.platform.tokopedia',
    account: '100000000001',
    time: '2020-05-04T02:00:00Z',
    detail: {
      certificateId: 'C-1',
      participantId: 'P-1',
      wave: 1,
      platform: 'tokopedia',
      trainingProvider: 'skill-academy',
      trainingId: 'T-1',
      issuedAt: '2020-05-04T08:00:00+07:00',
    },
  },
  {
    'detail-type': 'SurveyCompleted',
    source: 'prakerja.core',
    account: '100000000000',
    time: '2020-05-05T02:00:00Z',
    detail: { participantId: 'P-1', survey: 1, completedAt: '2020-05-05T08:00:00+07:00' },
  },
]
const [link = '', certificate = '', survey = ''] = events.map((event) => JSON.stringify(event))
/** Under the source of what we publish ourselves, which no rule of the bus takes. */
const forged = survey.replace('"prakerja.core"', '"prakerja.disbursement"')
/** The same survey, with a field that nobody knows and no parser that calls itself can follow. */
const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
const deep = survey
  .replace('{', '{"version":"0","id":"deep","region":"x",')
  .replace('{"p', `{"deep":${nested},"p`)
const lines = [link, certificate, certificate, '<html>', survey, forged, deep].join('\n')
const found = { received: 7, accepted: 3, duplicate: 2, quarantined: { malformed: 1, wrong_publisher: 1 } }
const refused = (name: string) =>
  `${name}:4 malformed: not JSON\n${name}:6 wrong_publisher: Source, AWS account and platform do not belong together: treat as forged until explained.\n`
const file = join(directory, 'events.ndjson')
writeFileSync(file, lines)

/** Somebody's work, in directories of the names that a run replaces. */
const foreign = join(directory, 'foreign')
mkdirSync(join(foreign, 'statements'), { recursive: true })

const { AWS_ENDPOINT_URL_DYNAMODB: _, ...environment } = process.env
const startWith = (change: Readonly<Record<string, string>>, ...args: string[]) =>
  spawn(process.execPath, [program, ...args], { stdio: 'pipe', env: { ...environment, ...change } })
const start = (...args: string[]) => startWith({}, ...args)

async function outcome(child: ChildProcessWithoutNullStreams) {
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = [text(child.stdout), text(child.stderr)]
  return { code: await code, out: await out, err: await err }
}

describe('npm start', () => {
  it('reads standard input and prints one JSON object', async () => {
    const child = start('--events', '-', '--until', '2020-05-06', '--json', '--data', data)
    child.stdin.end(lines)
    const { code, out, err } = await outcome(child)
    expect(err).toBe(refused('standard input'))
    expect(out).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(out)).toEqual({
      events: found,
      entitlements: 1,
      payouts: expect.objectContaining({ paid: 2, scheduled: 3, waiting: 2, failed: 0 }),
      failed: {},
      rupiah: {
        accrued: 2_550_000,
        payable: 1_900_000,
        inTransit: 0,
        paid: 650_000,
        cancelled: 0,
        overpaid: 0,
      },
      partners: expect.objectContaining({
        ovo: { paid: 2, rupiah: 650_000, partnerBookPaid: 2, partnerBookRupiah: 650_000 },
        bni: { paid: 0, rupiah: 0, partnerBookPaid: 0, partnerBookRupiah: 0 },
      }),
      doublePaid: 0,
      lost: 0,
      booksBalance: true,
      writeUnitsPerPayout: expect.any(Number),
      payoutsPerSecond: expect.any(Number),
      seconds: expect.any(Number),
    })
    expect(code).toBe(0)
    const run = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8'))
    expect(run).toMatchObject({ stage: 'local', engine: 'embedded', time: '2020-05-06T16:59:59.000Z' })
    expect(readFileSync(join(data, 'quarantined.txt'), 'utf8')).toBe(refused('standard input'))
  })

  it('goes on where it has stopped, and reports on the whole programme', async () => {
    const again = ['--events', file, '--data', data, '--continue']
    const { code, out, err } = await outcome(start(...again, '--until', '2020-06-05', '--json'))
    expect(err).toBe(refused(file))
    expect(JSON.parse(out)).toMatchObject({
      events: found,
      payouts: { paid: 3, scheduled: 2, waiting: 2 },
      partners: { ovo: { paid: 3, rupiah: 1_250_000, partnerBookPaid: 3, partnerBookRupiah: 1_250_000 } },
    })
    expect(code).toBe(0)
    const statements = readdirSync(join(data, 'statements'), { recursive: true, encoding: 'utf8' })
    const days = ['2020-05-04', '2020-05-05', '2020-06-04']
    expect(statements.filter((path) => path.startsWith('ovo/')).toSorted()).toEqual(
      days.map((day) => `ovo/${day}.csv`),
    )
    expect(statements).toContain('bni/2020-05-04.xml')
    expect(await outcome(start(...again, '--until', '2020-06-04'))).toEqual({
      code: 2,
      out: '',
      err: '--until 2020-06-04 is over: the last run has stopped on 2020-06-05\n',
    })
  })

  it('reports to people, and says what it did not publish', async () => {
    const { code, out } = await outcome(start('--events', file, '--until', '2020-05-04', '--data', data))
    expect(out).toMatch(/dated later, not published +3\n/)
    expect(out).toMatch(/paid twice +0\n +lost +0\n +the books balance +yes\n/)
    expect(out).toMatch(/Virtual time stopped on 2020-05-04; the data are in /)
    expect(code).toBe(0)
  })

  it('leaves nothing running when it is interrupted', async () => {
    const interrupted = join(directory, 'interrupted')
    const running = () =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`${interrupted}/`)
    const child = start('--data', interrupted)
    const done = outcome(child)
    await expect.poll(running, { timeout: 30_000 }).toBe(true)
    child.kill('SIGINT')
    expect(await done).toEqual({ code: 130, out: '', err: '' })
    expect(running()).toBe(false)
  })

  it('prints its help', async () => {
    expect(await outcome(start('--help'))).toMatchObject({ code: 0, out: expect.stringMatching(/--until/) })
  })

  it.each([
    [['--events', join(directory, 'absent')], /absent does not exist/],
    [['--until', 'tomorrow'], /--until takes a day/],
    [
      ['--events', file, '--until', '2020-05-01'],
      /--until 2020-05-01 is before the first event, which is of 2020-05-04/,
    ],
    [['--events', file, '--data', file], /--data .* is no directory/],
    [['--events', file, '--data', foreign], /holds .*statements, which no run has left there/],
    [['--continue', '--data', directory], /holds no finished run to go on from; npm start makes one/],
  ])('answers a mistake with one sentence: %j', async (args, words) => {
    const { code, out, err } = await outcome(start(...args))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(words)
    expect(err.trimEnd()).not.toContain('\n')
  })

  const fresh = ['--events', file, '--until', '2020-05-04', '--data', join(directory, 'never')]
  const otherMachine = "data:text/javascript,Object.defineProperty(process,'arch',{value:'z80'})"
  it.each([
    [
      'an empty address',
      { AWS_ENDPOINT_URL_DYNAMODB: '' },
      /URL_DYNAMODB is “”, which is no address: name an/,
    ],
    ['no address', { AWS_ENDPOINT_URL_DYNAMODB: 'localhost:8000' }, /“localhost:8000”, which is no address/],
    [
      'an address where nobody is',
      { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' },
      /“http:\/\/127.0.0.1:9”, and no DynamoDB answers there: start it/,
    ],
    [
      'a machine without an engine',
      { NODE_OPTIONS: `--import=${otherMachine}` },
      /no DynamoDB engine for this/,
    ],
  ])('has run nothing, and says why: %s', async (_, change, words) => {
    const { code, out, err } = await outcome(startWith(change, ...fresh))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(words)
    expect(err.trimEnd()).not.toContain('\n')
  })

  it('leaves the run before as it is where its engine does not answer', async () => {
    const before = readFileSync(join(data, 'run.json'), 'utf8')
    const nobody = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' }
    expect(await outcome(startWith(nobody, '--events', file, '--data', data))).toMatchObject({ code: 2 })
    expect(readFileSync(join(data, 'run.json'), 'utf8')).toBe(before)
  })

  it('does not go on without the tables', async () => {
    rmSync(join(data, 'dynamodb.sqlite'))
    const { code, out, err } = await outcome(start('--events', file, '--data', data, '--continue'))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(
      /^The run to go on from has lost its tables \(local-.*\); npm start makes a new one\n$/,
    )
  })
})
