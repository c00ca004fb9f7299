import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { schemeVariable } from '../scheme.ts'
import { createCloseHandler } from './handling.ts'

const {
  PAYOUTS_TABLE: payouts,
  JOURNAL_TABLE: journal,
  SHARDS: shards,
  SCHEME: scheme,
} = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  SHARDS: variables.SHARDS,
  SCHEME: schemeVariable,
})

export const handler = createCloseHandler({
  ledger: openLedger(createDatabaseClient(), { payouts, journal }, charge),
  scheme,
  shards,
})
