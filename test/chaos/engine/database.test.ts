import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, startEngine } from '../../../infra/local/engine.ts'
import { openLedgerWithAccounts } from '../../../shared/ledger/dynamodb/open.ts'
import { entitle, entitlementOf, noteOf } from '../../ledger/examples.ts'
import { startAnsweringServer } from '../../support/answering-server.ts'
import type { Around, Database } from '../database.ts'
import { tables } from '../environments.ts'
import { createSigningKey } from '../partners/partner.ts'
import { run } from '../run.ts'
import { openEngineDatabase } from './database.ts'
import { openWire } from './wire.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine({})
})
afterAll(() => engine.stop())

const open = (database: Database, around?: Around) =>
  openLedgerWithAccounts(
    database.connect(around),
    tables,
    () => {},
    () => Promise.resolve('key of the tests'),
  )
const note = noteOf('P-1', 'incentive-1', 'note')

it('gives a run the same lines as the memory database', async () => {
  const world = { seed: 7, participants: 3, signingKey: createSigningKey() }
  const database = await openEngineDatabase(engine.endpoint, tables)
  const onEngine = await run({ ...world, database })
  await database.close()
  const inMemory = await run(world)
  expect(onEngine.problems).toEqual([])
  expect(onEngine.digest).toBe(inMemory.digest)
})

it('is empty for every run, and leaves nothing behind', async () => {
  const [one, other] = [
    await openEngineDatabase(engine.endpoint, tables),
    await openEngineDatabase(engine.endpoint, tables),
  ]
  expect(await open(one).journal.append([], note)).toMatchObject({ seq: 1 })
  expect(await open(other).journal.append([], note)).toMatchObject({ seq: 1 })
  expect(await open(one).journal.append([], note)).toBe('overtaken')
  await one.close()
  await other.close()
  const wire = openWire(engine.endpoint)
  expect(await wire.ask('ListTables', {})).toEqual({ ok: true, body: { TableNames: [] } })
  wire.close()
})

it('answers a transaction whose answer was lost as the first time', async () => {
  const database = await openEngineDatabase(engine.endpoint, tables)
  const unlucky = open(database, async (_, apply) => {
    await apply()
    return apply()
  })
  expect(await unlucky.participants.entitle(entitlementOf('P-1'), note)).toBe('recorded')
  await database.close()
})

it('tells of what was written, with what was there before', async () => {
  const database = await openEngineDatabase(engine.endpoint, tables)
  const told: unknown[] = []
  database.watch((table, before, after) => told.push([table, after.sk?.S, before?.sk?.S]))
  const { participants, journal } = open(database)
  await entitle(participants, entitlementOf('P-1'))
  expect(told).toContainEqual(['payouts', 'ENTITLEMENT', undefined])
  told.splice(0)
  await journal.append([], note)
  await journal.append([], note)
  expect(told).toEqual([['journal', 'incentive-1#0001', undefined]])
  await database.close()
})

describe('an engine that answers otherwise than the memory database', () => {
  it('is not believed, then and ever after', async () => {
    const careless = await startAnsweringServer(({ headers }) => {
      const asksForTables = headers['x-amz-target'] === 'DynamoDB_20120810.ListTables'
      return { status: 200, body: asksForTables ? { TableNames: [] } : {} }
    })
    const database = await openEngineDatabase(careless.url, tables)
    const { journal, participants } = open(database)
    expect(await journal.append([], note)).toMatchObject({ seq: 1 })
    await expect(journal.append([], note)).rejects.toThrow(
      /^PutItem \{.*\}: the engine says \{\}, the memory database \{.*ConditionalCheckFailed/,
    )
    await expect(participants.read('P-1')).rejects.toThrow(/^PutItem/)
    await database.close()
    await careless.close()
  })
})
