import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/writeUnits.ts'
import type { Apply, Database, Listener, Output } from '../database.ts'
import { type MemoryCommand, memoryCommand } from './command.ts'
import { batchGetItem, getItem, query, scan } from './reads.ts'
import { createMemoryTable } from './table.ts'
import { createWorklistIndex } from './worklist.ts'
import { putItem, transactWriteItems, updateItem } from './writes.ts'

/**
 * DynamoDB in memory, for what the ledger sends and nothing else: it throws for any other command, parameter or
 * expression. Items go in and come out uncopied; nobody may change them.
 */
export type MemoryDatabase = Database

/** What clients have in common: reading a configuration takes as long as a hundred commands. */
function createTemplate(): DynamoDBClient {
  const credentials = { accessKeyId: 'memory', secretAccessKey: 'memory' }
  // Putting the middlewares together for every command costs more than the command.
  const template = new DynamoDBClient({ region: 'ap-southeast-3', credentials, cacheMiddleware: true })
  // The SDK's own log censors every input and output and then throws them away.
  template.middlewareStack.remove('loggerMiddleware')
  return template
}
const template = createTemplate()

/** Empty tables of these names. */
export function createMemoryDatabase(names: {
  readonly payouts: string
  readonly journal: string
  readonly accounts: string
}): MemoryDatabase & {
  /** Everything in a table, in an order that depends on the keys only. */
  items(table: string): readonly Item[]
} {
  const listeners: Listener[] = []
  const tell: Listener = (table, before, after) => {
    for (const listener of listeners) listener(table, before, after)
  }
  const tables = new Map(
    Object.values(names).map((name) => {
      const index = name === names.payouts ? createWorklistIndex() : undefined
      return [name, createMemoryTable(name, index)]
    }),
  )
  function tableOf(name: string) {
    const table = tables.get(name)
    if (table) return table
    throw new ResourceNotFoundException({ $metadata: {}, message: `there is no table ${name}` })
  }

  function carryOut({ name, input }: MemoryCommand, hidden: number): Output {
    if (name === 'GetItem') return getItem(tableOf, input)
    if (name === 'BatchGetItem') return batchGetItem(tableOf, input)
    if (name === 'Query') return query(tableOf, input, hidden)
    if (name === 'Scan') return scan(tableOf, input)
    if (name === 'PutItem') return putItem(tableOf, tell, input)
    if (name === 'UpdateItem') return updateItem(tableOf, tell, input)
    return transactWriteItems(tableOf, tell, input)
  }

  function applyOf(command: MemoryCommand): Apply {
    let written: Output | undefined
    return ({ hiddenIndexWrites = 0 } = {}) => {
      if (written) return written
      const output = carryOut(command, hiddenIndexWrites)
      // The SDK gives every transaction a token, by which DynamoDB knows a repetition.
      if (command.name === 'TransactWriteItems') written = output
      return output
    }
  }

  return {
    connect(around = async (_, apply) => apply()) {
      const middlewareStack = template.middlewareStack.clone()
      middlewareStack.add(
        (_, { commandName = '' }) =>
          async ({ input }) => {
            const command = memoryCommand(commandName, input)
            return { output: await around(command, applyOf(command)), response: undefined }
          },
        // The last before serialisation, so that what tests add comes first.
        { step: 'initialize', priority: 'low' },
      )
      return Object.assign(Object.create(template), { middlewareStack })
    },
    watch(listener) {
      listeners.push(listener)
    },
    items: (table) => [...tableOf(table).scan()].map(({ item }) => item),
  }
}
