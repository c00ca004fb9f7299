import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Ledger, LedgerWithAccounts } from '../ports.ts'
import { createAccounts } from './accounts.ts'
import { createJournal } from './journal.ts'
import { createLanes } from './lanes.ts'
import { createParticipants } from './participants.ts'
import { createQuarantine } from './quarantine.ts'
import { createTable, type Meter } from './table.ts'
import { createWorklist } from './worklist.ts'

export type TableNames = { readonly payouts: string; readonly journal: string }

/** The ledger on DynamoDB. `meter` hears of every write and its units. */
export function openLedger(client: DynamoDBClient, names: TableNames, meter: Meter): Ledger {
  const payouts = createTable(client, names.payouts, meter)
  const journal = createTable(client, names.journal, meter)
  return {
    journal: createJournal(journal),
    participants: createParticipants(client, payouts, journal, meter),
    lanes: createLanes(client, payouts, journal, meter),
    worklist: createWorklist(payouts),
  }
}

const noKey = (): Promise<string> => Promise.reject(new Error('only intake links accounts'))

/** The same with the table Accounts; only whoever links accounts gives `accountKey`, which linking fails without. */
export function openLedgerWithAccounts(
  client: DynamoDBClient,
  names: TableNames & { readonly accounts: string },
  meter: Meter,
  accountKey: () => Promise<string> = noKey,
): LedgerWithAccounts {
  const accounts = createTable(client, names.accounts, meter)
  return {
    ...openLedger(client, names, meter),
    accounts: createAccounts(accounts, accountKey),
    quarantine: createQuarantine(accounts),
  }
}
