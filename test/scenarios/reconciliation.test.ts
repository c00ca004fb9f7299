import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Errors } from '../../infra/local/partners/statements/planted.ts'
import { type WrittenFormat, writeStatement } from '../../infra/local/partners/statements/write.ts'
import { stage } from '../../infra/local/programme.ts'
import { civilDate, plusDays } from '../../shared/domain/instant.ts'
import { createReconciliations } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { BreakKind } from '../../shared/reconciliation/break.ts'
import type { Reconciliations } from '../../shared/reconciliation/register.ts'
import { statementKey } from '../../shared/reconciliation/statement-key.ts'
import { toleranceOf } from '../../shared/reconciliation/tolerance.ts'
import { createOperator, type Operator } from '../support/operator.ts'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** The partners' statements, right and wrong, through the bucket and the deployed function. */
const day = civilDate('2020-09-18')
const later = (days: number) => plusDays(day, days)
let pipeline: Pipeline
let storage: S3Client
let database: DynamoDBClient
let reconciliations: Reconciliations
let paidAt: Readonly<Record<'gopay' | 'bni', readonly Person[]>>
let paidAtOvo: readonly Person[]
let unheard: Person
let returned: Person
let never: Person
let siti: Operator

beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
  const { api = '', endpoints } = pipeline.stack
  const { dynamodb, sqs: s3 } = endpoints
  siti = createOperator(api, 'operator', 'siti')
  const local = { region: stage.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
  storage = new S3Client({ ...local, endpoint: s3 })
  database = new DynamoDBClient({ ...local, endpoint: dynamodb })
  reconciliations = createReconciliations(createTable(database, `${stage.name}-finance`, () => {}))
  const enrolled = (partner: PartnerName) => Array.from({ length: 12 }, () => pipeline.enrol(partner))
  paidAt = { gopay: enrolled('gopay'), bni: enrolled('bni') }
  paidAtOvo = [pipeline.enrol('ovo')]
  unheard = pipeline.enrol('ovo', '45')
  returned = pipeline.enrol('linkaja', '32')
  never = pipeline.enrol('linkaja', '27')
  await pipeline.until('2020-09-19T06:00:00+07:00')
})
afterAll(async () => {
  storage.destroy()
  database.destroy()
  await pipeline.stop()
})

type Arriving = { readonly errors?: Errors; readonly format?: WrittenFormat }

/** The partner's statement of a day arrives, with errors where a test plants some. */
async function arrives(partner: PartnerName, days: number, { errors, format = 'csv' }: Arriving = {}) {
  const of = { partner, day: later(days), format }
  const { text, planted } = writeStatement(of, pipeline.partner(partner).book, errors)
  await storage.send(
    new PutObjectCommand({
      Bucket: `${stage.name}-disbursement-statements-${stage.account}`,
      Key: statementKey(partner, `${later(days)}.${format === 'csv' ? 'csv' : 'xml'}`),
      Body: [...text].join(''),
    }),
  )
  await pipeline.pass({ minutes: 1 })
  expect(pipeline.failures()).toEqual([])
  return planted
}

const referenceOf = ({ id }: Person): string => `${id}-I1-A1`
const lastRun = async (partner: PartnerName, days: number) =>
  (await reconciliations.runs(partner, later(days), later(days))).at(-1)

/** Breaks that are not resolved, in order. */
async function open(partner: PartnerName): Promise<string[]> {
  const records = await reconciliations.breaks(partner)
  return records
    .filter(({ state }) => state !== 'resolved')
    .map(({ kind, partnerReferenceNo, state }) => `${state} ${kind} ${partnerReferenceNo ?? ''}`.trim())
    .sort()
}

/** What an error looks like on the day that it is planted, and after the tolerance. */
const shown: Readonly<Record<string, { readonly now?: BreakKind; readonly later?: BreakKind }>> = {
  missing: { later: 'paid-here-not-on-statement' },
  unknown: { now: 'on-statement-unknown-here' },
  amount: { now: 'amount-differs' },
  twice: { now: 'paid-twice-by-partner' },
  'other-partner': { now: 'wrong-partner' },
  'within-tolerance': {},
  'beyond-tolerance': { now: 'wrong-day' },
  // A line that nobody can read names nobody; the movement that it may be of has none then.
  unparsable: { now: 'unparsable-line', later: 'paid-here-not-on-statement' },
  total: { now: 'control-total-differs' },
}

test('a statement that is right leaves nothing but what we have not heard of', async () => {
  await arrives('bni', 0)
  expect(await lastRun('bni', 0)).toMatchObject({
    complete: true,
    summary: {
      matched: { debit: { count: 12, rupiah: 7_200_000 }, credit: { count: 1 } },
      open: { ours: { debit: { count: 0 } }, theirs: { debit: { count: 0 } } },
      breaks: {},
    },
  })
})

test('an outcome that nobody knew is paid when the statement has it', async () => {
  expect((await pipeline.row(unheard)).state).toBe('unknown')
  await arrives('ovo', 0)
  expect(await pipeline.row(unheard)).toMatchObject({ state: 'paid' })
  expect(await pipeline.story(unheard)).toContain('disbursed')
  expect(await lastRun('ovo', 0)).toMatchObject({ summary: { settled: 1, breaks: {} } })
})

test.each([
  { partner: 'gopay', format: 'csv' },
  { partner: 'bni', format: 'camt.053' },
] as const)(
  'a poisoned statement of $partner as $format gives exactly the breaks that were planted, and a corrected one resolves them',
  async ({ partner, format }) => {
    const runsBefore = (await reconciliations.runsOf(partner, day)).length
    const toleranceDays = toleranceOf(partner)
    const lastDay = toleranceDays + 1
    const errors: Errors = {
      seed: 7,
      toleranceDays,
      strangers: paidAtOvo.map(referenceOf),
      plant: {
        missing: 1,
        unknown: 1,
        amount: 1,
        twice: 1,
        'other-partner': 1,
        'within-tolerance': 1,
        'beyond-tolerance': 1,
        unparsable: 1,
      },
    }
    const planted = await arrives(partner, 0, { errors, format })
    const expected = (state: string, which: 'now' | 'later') =>
      planted.flatMap(({ error, ours }) => {
        const kind = shown[error]?.[which]
        return kind ? [`${state} ${kind} ${kind === 'unparsable-line' ? '' : ours}`.trim()] : []
      })
    expect(await open(partner)).toEqual(expected('new', 'now').sort())
    for (let days = 1; days <= lastDay; days++) {
      await pipeline.until(`${later(days + 1)}T06:00:00+07:00`)
      await arrives(partner, days, { format })
    }
    const persisting = [...expected('persisting', 'now'), ...expected('new', 'later')].sort()
    expect(await open(partner)).toEqual(persisting)

    await arrives(partner, 0, { format })
    expect(await open(partner)).toEqual([])
    expect(await reconciliations.runsOf(partner, day)).toHaveLength(runsBefore + 2)
    expect(await lastRun(partner, lastDay)).toMatchObject({ run: 2, complete: true, summary: { breaks: {} } })
    const records = await reconciliations.breaks(partner)
    expect(records).toHaveLength(planted.length)
    for (const { history } of records) expect(history.at(-1)).toMatchObject({ state: 'resolved' })
    for (const person of paidAt[partner])
      expect(pipeline.credits(person)).toEqual([`${partner} incentive-1 600000`])
  },
)

test('money that came back without a word is booked as returned, and is a break until our books have it', async () => {
  await arrives('linkaja', 0)
  expect(await open('linkaja')).toEqual([])
  await arrives('linkaja', 1)
  expect(await pipeline.story(returned)).toEqual(['claimed', 'disbursed', 'returned'])
  expect(await open('linkaja')).toEqual([`new refund-or-reversal ${referenceOf(returned)}`])
  for (let days = 2; days <= 5; days++) {
    await pipeline.until(`${later(days + 1)}T06:00:00+07:00`)
    await arrives('linkaja', days)
  }
  expect(await open('linkaja')).toEqual([])
})

test('an operator sees the lines in the timeline, and never has such money paid again alone', async () => {
  const { out } = await siti('show', referenceOf(returned), '--json')
  const lines = JSON.parse(out).timeline.filter(({ by }: { by?: string }) => by === 'reconcile')
  expect(lines).toMatchObject([
    {
      what: 'on the statement',
      detail: expect.stringMatching(/^debit of Rp600,000 at linkaja .* line \d+ of/),
    },
    { what: 'on the statement', detail: expect.stringMatching(/^credit of Rp600,000 at linkaja/) },
    { what: 'break: refund-or-reversal' },
  ])
  const preview = await siti('retry', `${returned.id}/incentive-1`)
  expect(preview.out).toContain('it takes two people: money said returned by a statement: 1 payment')
})

test('what no statement has is listed, and both people who settle it are told so', async () => {
  const reference = referenceOf(never)
  const { out } = await siti('unknown', '--eligible', '--json')
  expect(JSON.parse(out)).toMatchObject({ payouts: [{ participantId: never.id, state: 'unknown' }] })
  const said = 'eligible for settle: absent on every day from 2020-09-18 to 2020-09-20'
  expect((await siti('show', reference)).out).toContain(said)
  const words = ['--document', 'LA/17', '--reason', 'never came']
  const proposed = await siti('settle', reference, '--not-paid', ...words)
  expect(proposed.out).toContain(`statements: ${said}`)
  const budi = createOperator(pipeline.stack.api ?? '', 'approver', 'budi')
  expect((await budi('proposals')).out).toContain(said)
})

test('a control total that is not that of the lines is a break of its own, and of no later day', async () => {
  await pipeline.until(`${later(6)}T06:00:00+07:00`)
  const planted = await arrives('bni', 4, {
    errors: { seed: 1, toleranceDays: toleranceOf('bni'), plant: { total: 1 } },
  })
  expect(planted).toEqual([{ error: 'total' }])
  expect(await open('bni')).toEqual(['new control-total-differs'])
  expect(await lastRun('bni', 4)).toMatchObject({ complete: false })
  await arrives('bni', 5)
  expect(await open('bni')).toEqual(['persisting control-total-differs'])
  expect(await lastRun('bni', 5)).toMatchObject({ complete: true })
  await arrives('bni', 4)
  expect(await open('bni')).toEqual([])
  await pipeline.promisesKept()
})

// The last ones: our books follow a statement that is wrong, and do not agree with the partner's any more.
test.each([
  { partner: 'gopay', format: 'csv', days: 6 },
  { partner: 'bni', format: 'camt.053', days: 8 },
] as const)(
  'a return that only a statement of $partner as $format knows of is a break until our books have it',
  async ({ partner, format, days }) => {
    const person = pipeline.enrol(partner)
    await pipeline.until(`${later(days + 1)}T06:00:00+07:00`)
    const errors: Errors = { seed: 7, toleranceDays: toleranceOf(partner), plant: { reversed: 1 } }
    expect(await arrives(partner, days, { errors, format })).toMatchObject([{ ours: referenceOf(person) }])
    expect(await open(partner)).toEqual([`new refund-or-reversal ${referenceOf(person)}`])
    expect(await pipeline.story(person)).toEqual(['claimed', 'disbursed', 'returned'])
    await pipeline.until(`${later(days + 2)}T06:00:00+07:00`)
    await arrives(partner, days + 1, { format })
    expect(await open(partner)).toEqual([])
    expect(pipeline.credits(person)).toEqual([`${partner} incentive-1 600000`])
  },
)
