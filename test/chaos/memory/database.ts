import { DynamoDBClient, ResourceNotFoundException, type ServiceInputTypes } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
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

/** What clients have in common, whose middlewares nothing goes through: they would cost more than the command. */
const template = new DynamoDBClient({ region: 'ap-southeast-3' })

type Sent = { readonly constructor: { readonly name: string }; readonly input: ServiceInputTypes }

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
      const send = async ({ constructor: { name }, input }: Sent) => {
        const command = memoryCommand(name, input)
        return around(command, applyOf(command))
      }
      return Object.assign(Object.create(template), { send })
    },
    watch(listener) {
      listeners.push(listener)
    },
    items: (table) => [...tableOf(table).scan()].map(({ item }) => item),
  }
}
