import { randomUUID } from 'node:crypto'
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createTables, startEngine } from '../../infra/local/engine.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { openRegister } from '../../shared/ledger/dynamodb/open-register.ts'
import type { Meter } from '../../shared/ledger/dynamodb/table.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { Register } from '../../shared/operations/register.ts'
import { createMemoryDatabase } from '../chaos/memory/database.ts'
import { crashAfterOne, crashingAfterOne, loseNextAnswer, losingNextAnswer } from '../ledger/faults.ts'
import { tablesNamed } from './tables.ts'

/** Empty tables on a running engine, for one test file. */
export type TestEngine = {
  readonly tables: Readonly<Record<'payouts' | 'journal' | 'accounts' | 'operations' | 'finance', string>>
  /** A new client, for tests that put something between ledger and engine. */
  connect(): DynamoDBClient
  /** A client whose next write reaches the engine, but whose answer does not come back, so that it is sent again. */
  connectUnlucky(): DynamoDBClient
  /** A client that carries one command out and dies. */
  connectMortal(): DynamoDBClient
  /** The ledger on these tables. (Default: a client of its own, and a meter that hears nothing.) */
  open(client?: DynamoDBClient, meter?: Meter): LedgerWithAccounts
  /** The register of operations beside it. */
  openRegister(client?: DynamoDBClient): Register
  stop(): Promise<void>
}

const accountKey = () => Promise.resolve('key of the tests')

/**
 * Starts an engine of its own, or uses the one that AWS_ENDPOINT_URL_DYNAMODB names; the tables' names are new either
 * way. Keys and index are those of the deployed tables. Where TEST_ENGINE is `memory`, it is the memory database.
 */
export async function startTestEngine(): Promise<TestEngine> {
  if (process.env.TEST_ENGINE === 'memory') return memoryEngine()
  const engine = await startEngine({})
  const run = randomUUID()
  const tables = {
    payouts: `${run}-payouts`,
    journal: `${run}-journal`,
    accounts: `${run}-accounts`,
    operations: `${run}-operations`,
    finance: `${run}-finance`,
  }
  const clients: DynamoDBClient[] = []
  const connect = () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'ap-southeast-3', credentials })
    clients.push(client)
    return client
  }
  const admin = connect()
  await createTables(engine.endpoint, tablesNamed(tables), true)
  return {
    tables,
    connect,
    connectUnlucky() {
      const client = connect()
      loseNextAnswer(client)
      return client
    },
    connectMortal() {
      const client = connect()
      crashAfterOne(client)
      return client
    },
    open: (client = connect(), meter = () => {}) => openLedgerWithAccounts(client, tables, meter, accountKey),
    openRegister: (client = connect()) => openRegister(client, tables.operations, () => {}),
    async stop() {
      const drop = (TableName: string) => admin.send(new DeleteTableCommand({ TableName }))
      await Promise.all(Object.values(tables).map(drop))
      for (const client of clients) client.destroy()
      await engine.stop()
    },
  }
}

function memoryEngine(): TestEngine {
  const tables = {
    payouts: 'payouts',
    journal: 'journal',
    accounts: 'accounts',
    operations: 'operations',
    finance: 'finance',
  }
  const database = createMemoryDatabase(tables)
  return {
    tables,
    connect: () => database.connect(),
    connectUnlucky: () => database.connect(losingNextAnswer()),
    connectMortal: () => database.connect(crashingAfterOne()),
    open: (client = database.connect(), meter = () => {}) =>
      openLedgerWithAccounts(client, tables, meter, accountKey),
    openRegister: (client = database.connect()) => openRegister(client, tables.operations, () => {}),
    stop: () => Promise.resolve(),
  }
}
