import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Register } from '../../operations/register.ts'
import { createRegister } from './operations.ts'
import { createTable, type Meter } from './table.ts'

/** What people have asked for and done, on the table of operations. Apart from the ledger, which most functions open
 *  without it: its schemas would be in all their bundles. */
export const openRegister = (client: DynamoDBClient, tableName: string, meter: Meter): Register =>
  createRegister(client, createTable(client, tableName, meter), meter)
