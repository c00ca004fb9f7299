import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordsPerPage } from '../../infra/local/partners/statements/bank-statement.ts'
import { stage } from '../../infra/local/programme.ts'
import { civilDate, plusDays } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { createReconciliations } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import type { Reconciliations } from '../../shared/reconciliation/register.ts'
import { toleranceOf } from '../../shared/reconciliation/tolerance.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** The bank's statement by SNAP's service 14, asked for on its schedule, through the bucket, to reconcile. */
const day = civilDate('2020-09-18')
let pipeline: Pipeline
let database: DynamoDBClient
let reconciliations: Reconciliations

// Its template is made for it alone, which takes seconds.
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: `${day}T10:00:00+07:00`, fetchesStatements: true })
  database = new DynamoDBClient({
    region: stage.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: pipeline.stack.endpoints.dynamodb,
  })
  reconciliations = createReconciliations(createTable(database, `${stage.name}-finance`, () => {}))
}, 120_000)
afterAll(async () => {
  database.destroy()
  await pipeline.stop()
})

const nightAfter = (days: number) => pipeline.until(`${plusDays(day, days + 1)}T05:00:00+07:00`)
const runOf = async (days: number) =>
  (await reconciliations.runs('bni', plusDays(day, days), plusDays(day, days))).at(-1)
const breaks = async () =>
  (await reconciliations.breaks('bni')).map(({ kind, partnerReferenceNo, state }) => ({
    kind,
    partnerReferenceNo,
    state,
  }))

/** Money of ours that arrives at the bank, and in our books: quicker than as many payments. */
async function topUp(document: string): Promise<void> {
  const amount = rupiah(1_000_000)
  pipeline.partner('bni').topUp(amount, document)
  const { name: scheme, budget } = scheme2020
  const funding = { partner: 'bni', scheme, budget, amount, document, at: pipeline.now(), by: 'finance/ani' }
  expect(await pipeline.ledger.lanes.fund(funding)).toBe('funded')
}

test('a day is fetched in pages in the night after it, and agrees with our books to the last line', async () => {
  for (let index = 0; index < recordsPerPage; index++) await topUp(`SP2D-${index}`)
  const people = Array.from({ length: 10 }, () => pipeline.enrol('bni'))
  await pipeline.pass({ hours: 10 })
  expect(await runOf(0)).toBeUndefined()
  await nightAfter(0)
  expect(await runOf(0)).toMatchObject({
    statement: `statements/bni/${day}.ndjson`,
    complete: true,
    summary: {
      matched: {
        debit: { count: people.length, rupiah: people.length * 600_000 },
        credit: { count: recordsPerPage + 1 },
      },
      breaks: {},
    },
  })
  expect(await breaks()).toEqual([])
})

test('a token that the bank no longer takes is renewed, and the night’s statement is fetched all the same', async () => {
  pipeline.partner('bni').revokeTokens()
  await nightAfter(1)
  expect(await runOf(1)).toMatchObject({ complete: true, summary: { breaks: {} } })
})

test('each error in what the bank gives is exactly one break', async () => {
  await pipeline.until(`${plusDays(day, 2)}T10:00:00+07:00`)
  Array.from({ length: 5 }, () => pipeline.enrol('bni'))
  const plant = { amount: 1, twice: 1, unknown: 1 }
  pipeline.partner('bni').misstate({ seed: 3, toleranceDays: toleranceOf('bni'), plant })
  await nightAfter(2)
  expect(await runOf(2)).toMatchObject({
    summary: { breaks: { 'amount-differs': 1, 'paid-twice-by-partner': 1, 'on-statement-unknown-here': 1 } },
  })
  const partnerReferenceNo = expect.stringMatching(/-I1-A1$/)
  expect((await breaks()).sort((one, other) => (one.kind < other.kind ? -1 : 1))).toEqual([
    { kind: 'amount-differs', partnerReferenceNo, state: 'new' },
    { kind: 'on-statement-unknown-here', partnerReferenceNo: expect.stringMatching(/^X-/), state: 'new' },
    { kind: 'paid-twice-by-partner', partnerReferenceNo, state: 'new' },
  ])
  pipeline.partner('bni').misstate(undefined)
})

test('a bank that does not answer leaves its day open, and everything else as it was', async () => {
  await pipeline.until(`${plusDays(day, 4)}T04:00:00+07:00`)
  pipeline.partner('bni').throttle(3_600)
  await nightAfter(3)
  expect(await runOf(3)).toBeUndefined()
  expect(pipeline.failures()).toEqual([
    expect.stringContaining('the statement of bni of 2020-09-21 is not here'),
  ])
  await pipeline.promisesKept()
})
