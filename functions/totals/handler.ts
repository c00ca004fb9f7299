import { setTimeout as pause } from 'node:timers/promises'
import { openHistory } from '../../shared/ledger/dynamodb/history.ts'
import { openTotals } from '../../shared/ledger/dynamodb/totals.ts'
import { openMovements } from '../../shared/ledger/s3/movements.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { shardBatch } from './schema.ts'
import { countBatch } from './totals.ts'

const {
  JOURNAL_TABLE: journal,
  FINANCE_TABLE: finance,
  MOVEMENTS_BUCKET: bucket,
} = readEnvironment({
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  FINANCE_TABLE: variables.FINANCE_TABLE,
  MOVEMENTS_BUCKET: variables.MOVEMENTS_BUCKET,
})
const database = createDatabaseClient()
const deps = {
  history: openHistory(database, journal),
  counters: openTotals(database, finance, charge),
  files: openMovements(createStorageClient(), bucket),
  random: Math.random,
  pause,
}

/** Lambda takes an answer without a state for a failure; nothing is kept there. */
type Answer = { readonly state: Readonly<Record<string, never>> }

/** Counts a batch of the journal's stream, whole or not at all: what fails comes again, in halves. */
export const handler = observed<unknown, Answer>(async (event) => {
  const counted = await countBatch(deps, shardBatch.parse(event))
  if (counted > 0) countMetric('MovementCounted', counted)
  return { state: {} }
})
