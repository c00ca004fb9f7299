import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { createTables } from '../../../infra/local/engine.ts'
import { tablesNamed } from '../../support/tables.ts'
import type { Apply, Database } from '../database.ts'
import type { MemoryCommand, Scan } from '../memory/command.ts'
import { createMemoryDatabase } from '../memory/database.ts'
import { answerOf, meaningOf, meaningOfReply, meaningOfScan } from './answer.ts'
import { openWire, type Wire } from './wire.ts'

type Names = Parameters<typeof createMemoryDatabase>[0]

/** Tables on an engine, until they are closed. */
export type EngineDatabase = Database & {
  /** Deletes them. */
  close(): Promise<void>
}

/**
 * Has the engine carry a command out and says what its answer means; the second time it is the same request again.
 * `own`: what the engine calls a table.
 */
function requestOf({ ask }: Wire, own: (table: string) => string, { name, input }: MemoryCommand) {
  const send = (request: object) => async () => meaningOfReply(await ask(name, request))
  switch (name) {
    case 'BatchGetItem': {
      const wanted = Object.entries(input.RequestItems).map(([table, keys]) => [own(table), keys])
      return send({ RequestItems: Object.fromEntries(wanted) })
    }
    case 'TransactWriteItems': {
      const puts = input.TransactItems.map(({ Put }) => ({ Put: { ...Put, TableName: own(Put.TableName) } }))
      return send({ TransactItems: puts, ClientRequestToken: randomUUID() })
    }
    case 'Scan': {
      const scan = { ...input, TableName: own(input.TableName) }
      return () =>
        meaningOfScan(async (start) => (await ask(name, { ...scan, ExclusiveStartKey: start })).body)
    }
    default:
      return send({ ...input, TableName: own(input.TableName) })
  }
}

/** What differs may be in a list of hundreds, and all of them in a failure's report. */
const shown = (value: unknown): string => JSON.stringify(value).slice(0, 2_000)

/**
 * Empty tables on the engine at `endpoint`, under names that no other run has; clients know them by `names`. A memory
 * database goes along. Every command is for both, and from the first on that they answer differently, all throw. What
 * is handed on is the memory's answer, in which maps, batches and pages have an order: DynamoDB promises none, and by
 * it runs would differ.
 */
export async function openEngineDatabase(endpoint: string, names: Names): Promise<EngineDatabase> {
  const run = randomUUID()
  const own = (table: string) => `${run}-${table}`
  const { payouts, journal, accounts } = names
  const tables = tablesNamed({ payouts: own(payouts), journal: own(journal), accounts: own(accounts) })
  await createTables(endpoint, tables, true)

  const wire = openWire(endpoint)
  const memory = createMemoryDatabase(names)
  const scanner = memory.connect()
  const scanned = (scan: Scan) =>
    meaningOfScan((start) => scanner.send(new ScanCommand({ ...scan, ExclusiveStartKey: start })))
  let difference: Error | undefined

  function applyOf(command: MemoryCommand, inMemory: Apply): Apply {
    const { name, input } = command
    const request = requestOf(wire, own, command)
    return async (options = {}) => {
      if (difference) throw difference
      // Only the memory has an index that lags.
      if (options.hiddenIndexWrites) return inMemory(options)
      const said = await request()
      const answer = await answerOf(inMemory)
      const expected = name === 'Scan' ? await scanned(input) : meaningOf(answer)
      if (!isDeepStrictEqual(said, expected)) {
        const [sent, one, other] = [input, said, expected].map(shown)
        difference = new Error(`${name} ${sent}: the engine says ${one}, the memory database ${other}`)
        throw difference
      }
      if ('refusal' in answer) throw answer.refusal
      return answer.output
    }
  }

  return {
    connect: (around = async (_, apply) => apply()) =>
      memory.connect((command, inMemory) => around(command, applyOf(command, inMemory))),
    watch: memory.watch,
    async close() {
      for (const { TableName } of tables) await wire.ask('DeleteTable', { TableName })
      wire.close()
    },
  }
}
