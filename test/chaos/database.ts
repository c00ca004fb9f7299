import type { DynamoDBClient, ServiceOutputTypes } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { MemoryCommand } from './memory/command.ts'

export type Output = ServiceOutputTypes

/**
 * Carries a command out, whole, and answers or throws as DynamoDB would; in memory at once, on an engine in its time. A
 * second call is the SDK's repetition of a request whose answer was lost: a transaction that was written is answered
 * again and not repeated.
 *
 * `hiddenIndexWrites`: the index `worklist` answers as it was so many of its writes ago; all other reads are
 * consistent. (Default: 0.)
 */
export type Apply = (options?: { readonly hiddenIndexWrites?: number }) => Output | Promise<Output>

/** Stands between a client and the database: when to carry a command out, whether, how often, and what to answer. */
export type Around = (command: MemoryCommand, apply: Apply) => Promise<Output>

/** Told of an item that was written, and of the one that was there before. */
export type Listener = (table: string, before: Item | undefined, after: Item) => void

/** The ledger's tables, wherever they are: in memory, or on an engine. */
export type Database = {
  /** A new client. (Default: every command is carried out at once.) */
  connect(around?: Around): DynamoDBClient
  /** From now on, hears of every item written, in order; those of one transaction once all are written. */
  watch(listener: Listener): void
}
