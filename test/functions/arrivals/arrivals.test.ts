import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test, vi } from 'vitest'
import { missingStatements } from '../../../functions/arrivals/arrivals.ts'
import {
  type CivilDate,
  civilDate,
  plusDays,
  plusSeconds,
  startOfDay,
} from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { toItem } from '../../../shared/ledger/dynamodb/attributes.ts'
import { createReconciliations } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import type { Run } from '../../../shared/reconciliation/register.ts'
import { createTallies } from '../../../shared/reconciliation/summary.ts'
import { startTestEngine } from '../../support/engine.ts'
import { captureLog, newContext, prepare, variablesOf } from '../handlers/host.ts'
import { linesOf, metricsOf } from '../handlers/log.ts'

/** Which statements have not come by noon, on real tables. */
const opened = civilDate('2020-09-18')
const later = (days: number) => plusDays(opened, days)
const noon = (day: CivilDate) => plusSeconds(startOfDay(day), 12 * 3_600)
const amount = rupiah(1_000_000)
const funding = { partner: 'ovo', scheme: 'test', amount, at: noon(opened), by: 'finance/ani' }
const hash = '0'.repeat(64)

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

function runOf(partner: string, day: CivilDate): Run {
  const none = createTallies().sums()
  const [statement, matched, open, breaks] = [hash, hash, hash, hash]
  const summary = {
    ...{ partner, day, statement, previous: null, unparsable: 0, settled: 0, breaks: {} },
    ...{ lines: none, movements: none, matched: none, open: { ours: none, theirs: none } },
    results: { matched, open, breaks },
  }
  return {
    ...{ partner, day, run: 1, at: noon(day), hash, summary, statement: 'key', results: 'results/' },
    ...{ matched: [], complete: true, unmatchedDebits: [] },
  }
}

async function start() {
  const engine = await startTestEngine()
  const { lanes } = engine.open()
  const reconciliations = createReconciliations(
    createTable(engine.connect(), engine.tables.finance, () => {}),
  )
  return {
    engine,
    lanes,
    missing: (day: CivilDate) => missingStatements({ lanes, reconciliations }, 'ovo', noon(day)),
    fund: () => lanes.fund({ ...funding, budget: amount, document: 'TREASURY-1' }),
    sweep: (day: CivilDate) => lanes.sweep({ ...funding, at: noon(day), document: 'TREASURY-2' }),
    /** A control row that nobody can read. */
    async spoil(partner: string) {
      const Item = toItem({ pk: `partner#${partner}`, sk: 'CONTROL', available: 'nonsense' })
      await engine.connect().send(new PutItemCommand({ TableName: engine.tables.payouts, Item }))
    },
    comes: (day: CivilDate) => reconciliations.record(runOf('ovo', day)),
    [Symbol.asyncDispose]: () => engine.stop(),
  }
}

test('are those of every day since the partner was given money, until they are there', async () => {
  await using world = await start()
  expect(await world.missing(later(1))).toEqual([])
  await world.fund()
  expect(await world.missing(opened)).toEqual([])
  expect(await world.missing(later(1))).toEqual([opened])
  expect(await world.missing(later(3))).toEqual([opened, later(1), later(2)])
  await world.comes(later(1))
  expect(await world.missing(later(3))).toEqual([opened, later(2)])
  expect(await world.missing(later(100))).toHaveLength(31)
})

test('end with the day on which all was taken back', async () => {
  await using world = await start()
  await world.fund()
  await world.sweep(later(2))
  expect(await world.missing(later(5))).toEqual([opened, later(1), later(2)])
})

test('are those of a partner too that has spent all', async () => {
  await using world = await start()
  await world.fund()
  const { version, ...control } = await world.lanes.read('ovo')
  await world.lanes.write('ovo', { ...control, version: version + 1, available: rupiah(0) })
  expect(await world.missing(later(2))).toEqual([opened, later(1)])
})

test('the function counts a partner with one, and none whose statement is there', async () => {
  await using world = await start()
  await world.fund()
  prepare('arrivals', await variablesOf(world.engine))
  const { handler } = await import('../../../functions/arrivals/handler.ts')
  const tick = { now: noon(later(1)) }
  const missed = captureLog()
  expect(await handler(tick, newContext())).toEqual({ next: null, missing: 1 })
  expect(metricsOf(missed())).toMatchObject({ StatementMissing: 1 })
  expect(missed()).toContain('"partner":"ovo","StatementMissing":1')
  expect(linesOf(missed())).toMatchObject([
    { level: 'WARN', message: 'statements are missing since 2020-09-18', partner: 'ovo', count: 1 },
  ])
  vi.restoreAllMocks()
  await world.comes(opened)
  const come = captureLog()
  expect(await handler(tick, newContext())).toEqual({ next: null, missing: 0 })
  expect(metricsOf(come())).not.toHaveProperty('StatementMissing')
})

test('the function tells of one partner though it could not look at another, and fails', async () => {
  await using world = await start()
  await world.fund()
  prepare('arrivals', await variablesOf(world.engine))
  await world.spoil('bni')
  const { handler } = await import('../../../functions/arrivals/handler.ts')
  const log = captureLog()
  await expect(handler({ now: noon(later(1)) }, newContext())).rejects.toThrow('statements of 1 partners')
  expect(metricsOf(log())).toMatchObject({ StatementMissing: 1 })
})
