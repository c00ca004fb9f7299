import { createApiHandler } from '../../shared/api/handler.ts'
import type { ApiResponse } from '../../shared/api/request.ts'
import { financeRoutes } from '../../shared/finance/routes.ts'
import { openHistory } from '../../shared/ledger/dynamodb/history.ts'
import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { createReconciliations, createRemarks } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import { openTotals } from '../../shared/ledger/dynamodb/totals.ts'
import { createWorklistCounts } from '../../shared/ledger/dynamodb/worklist.ts'
import { openMovements } from '../../shared/ledger/s3/movements.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createJournalClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { schemeVariable } from '../scheme.ts'
import { createSteps } from './steps.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  FINANCE_TABLE: variables.FINANCE_TABLE,
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  MOVEMENTS_BUCKET: variables.MOVEMENTS_BUCKET,
  SHARDS: variables.SHARDS,
  SCHEME: schemeVariable,
  STAGE: variables.STAGE,
})
const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal } = environment

const database = createJournalClient()
const ledger = openLedger(database, { payouts, journal }, charge)
const totals = openTotals(database, environment.FINANCE_TABLE, charge)
const steps = createSteps({
  totals,
  counters: totals,
  reconciliations: {
    ...createReconciliations(createTable(database, environment.FINANCE_TABLE, charge)),
    ...createRemarks(createTable(database, environment.OPERATIONS_TABLE, charge)),
  },
  movements: openMovements(createStorageClient(), environment.MOVEMENTS_BUCKET),
  history: openHistory(database, journal),
  participants: ledger.participants,
  lanes: ledger.lanes,
  worklist: { ...ledger.worklist, ...createWorklistCounts(createTable(database, payouts, charge)) },
  partners: Object.keys(partnerConfigurations),
  shards: environment.SHARDS,
  scheme: environment.SCHEME,
})

/** Answers one question of finance's. */
export const handler = observed<unknown, ApiResponse>(
  createApiHandler({ routes: financeRoutes, steps }, environment.STAGE),
)
