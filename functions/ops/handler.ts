import { createApiHandler } from '../../shared/api/handler.ts'
import type { ApiResponse } from '../../shared/api/request.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { openRegister } from '../../shared/ledger/dynamodb/open-register.ts'
import { createReconciliations, createRemarks } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { openRepairs } from '../../shared/ledger/dynamodb/repairs.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import { openDigests } from '../../shared/ledger/s3/digests.ts'
import { openMatchedLines } from '../../shared/ledger/s3/matched.ts'
import { routes } from '../../shared/operations/routes.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createQueueClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { schemeVariable } from '../scheme.ts'
import { createQueues } from './queues.ts'
import { createSteps } from './steps.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  FINANCE_TABLE: variables.FINANCE_TABLE,
  DIGESTS_BUCKET: variables.DIGESTS_BUCKET,
  STATEMENTS_BUCKET: variables.STATEMENTS_BUCKET,
  SHARDS: variables.SHARDS,
  SCHEME: schemeVariable,
  STAGE: variables.STAGE,
  JOBS_QUEUE_URL: variables.JOBS_QUEUE_URL,
  INTAKE_QUEUE_URL: variables.INTAKE_QUEUE_URL,
  ACCOUNTS_QUEUE_URL: variables.ACCOUNTS_QUEUE_URL,
  DEAD_LETTER_QUEUES: variables.DEAD_LETTER_QUEUES,
  APPROVAL_PAYOUTS: variables.APPROVAL_PAYOUTS,
  APPROVAL_RUPIAH: variables.APPROVAL_RUPIAH,
})
const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal, ACCOUNTS_TABLE: accounts } = environment

const database = createDatabaseClient()
const register = openRegister(database, environment.OPERATIONS_TABLE, charge)
const storage = createStorageClient()
const reconciliations = createReconciliations(createTable(database, environment.FINANCE_TABLE, charge))
const steps = createSteps({
  ledger: openLedgerWithAccounts(database, { payouts, journal, accounts }, charge),
  register,
  reconciliations,
  matchedLines: openMatchedLines(storage, environment.STATEMENTS_BUCKET, reconciliations),
  remarks: createRemarks(createTable(database, environment.OPERATIONS_TABLE, charge)),
  repairs: openRepairs(database, environment.OPERATIONS_TABLE, charge),
  digests: openDigests(storage, environment.DIGESTS_BUCKET),
  queues: createQueues(createQueueClient(), {
    jobs: environment.JOBS_QUEUE_URL,
    intake: environment.INTAKE_QUEUE_URL,
    accounts: environment.ACCOUNTS_QUEUE_URL,
    deadLetters: environment.DEAD_LETTER_QUEUES,
  }),
  partners: Object.keys(partnerConfigurations),
  shards: environment.SHARDS,
  scheme: environment.SCHEME,
  approval: { payouts: environment.APPROVAL_PAYOUTS, rupiah: environment.APPROVAL_RUPIAH },
})

/** Answers one request of a person's. */
export const handler = observed<unknown, ApiResponse>(
  createApiHandler({ routes, steps, register }, environment.STAGE),
)
