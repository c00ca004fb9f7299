import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { paymentsPerSecond } from '../../shared/partners/configuration.ts'
import { configurationOf } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createQueueClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { setPartner } from '../../shared/runtime/metrics.ts'
import { schemeVariable } from '../scheme.ts'
import { createReleaseHandler } from './handling.ts'
import { createLaneQueue } from './queue.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  SHARDS: variables.SHARDS,
  SCHEME: schemeVariable,
  PARTNER: variables.PARTNER,
  LANE_QUEUE_URL: variables.LANE_QUEUE_URL,
  RATE_PER_SECOND: variables.RATE_PER_SECOND,
})
setPartner(environment.PARTNER)

const tables = { payouts: environment.PAYOUTS_TABLE, journal: environment.JOURNAL_TABLE }

export const handler = createReleaseHandler({
  ledger: openLedger(createDatabaseClient(), tables, charge),
  queue: createLaneQueue(createQueueClient(), environment.LANE_QUEUE_URL),
  partnerName: environment.PARTNER,
  ratePerSecond: paymentsPerSecond({
    ...configurationOf(environment.PARTNER),
    ratePerSecond: environment.RATE_PER_SECOND,
  }),
  shards: environment.SHARDS,
  scheme: environment.SCHEME,
})
