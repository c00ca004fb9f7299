import { DynamoDBClient, ResourceNotFoundException, type ServiceOutputTypes } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/writeUnits.ts'
import { type MemoryCommand, memoryCommand } from './command.ts'
import { batchGetItem, getItem, query, scan } from './reads.ts'
import { createMemoryTable } from './table.ts'
import { createWorklistIndex } from './worklist.ts'
import { type Listener, putItem, transactWriteItems, updateItem } from './writes.ts'

export type Output = ServiceOutputTypes

/**
 * Carries a command out, at once and whole, and answers or throws as DynamoDB would. A second call is the SDK's
 * repetition of a request whose answer was lost: a transaction that was written is answered again and not repeated.
 *
 * `hiddenIndexWrites`: the index `worklist` answers as it was so many of its writes ago; all other reads are
 * consistent. (Default: 0.)
 */
export type Apply = (options?: { readonly hiddenIndexWrites?: number }) => Output

/** Stands between a client and the database: when to carry a command out, whether, how often, and what to answer. */
export type Around = (command: MemoryCommand, apply: Apply) => Promise<Output>

/**
 * DynamoDB in memory, for what the ledger sends and nothing else: it throws for any other command, parameter or
 * expression. Items go in and come out uncopied; nobody may change them.
 */
export type MemoryDatabase = {
  /**
   * A new client, which costs as much as fifty commands: one for each worker will do. (Default: every command is
   * carried out at once.)
   */
  connect(around?: Around): DynamoDBClient
  /** From now on, hears of every item written, in order; those of one transaction once all are written. */
  watch(listener: Listener): void
  /** Everything in a table, in an order that depends on the keys only. */
  items(table: string): readonly Item[]
}

/** Empty tables of these names. */
export function createMemoryDatabase(names: {
  readonly payouts: string
  readonly journal: string
  readonly accounts: string
}): MemoryDatabase {
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
      const credentials = { accessKeyId: 'memory', secretAccessKey: 'memory' }
      // Putting the middlewares together for every command costs more than the command.
      const client = new DynamoDBClient({ region: 'ap-southeast-3', credentials, cacheMiddleware: true })
      // The SDK's own log censors every input and output and then throws them away.
      client.middlewareStack.remove('loggerMiddleware')
      client.middlewareStack.add(
        (_, { commandName = '' }) =>
          async ({ input }) => {
            const command = memoryCommand(commandName, input)
            return { output: await around(command, applyOf(command)), response: undefined }
          },
        // The last before serialisation, so that what tests add comes first.
        { step: 'initialize', priority: 'low' },
      )
      return client
    },
    watch(listener) {
      listeners.push(listener)
    },
    items: (table) => [...tableOf(table).scan()].map(({ item }) => item),
  }
}
