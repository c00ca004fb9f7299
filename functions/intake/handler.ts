import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, readSecret } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { schemeVariable } from '../scheme.ts'
import { createIntakeHandler } from './handling.ts'

const { PAYOUTS_TABLE, JOURNAL_TABLE, ACCOUNTS_TABLE, SHARDS, SCHEME, PUBLISHERS, ACCOUNT_KEY_SECRET } =
  readEnvironment({
    PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
    JOURNAL_TABLE: variables.JOURNAL_TABLE,
    ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
    SHARDS: variables.SHARDS,
    SCHEME: schemeVariable,
    PUBLISHERS: variables.PUBLISHERS,
    ACCOUNT_KEY_SECRET: variables.ACCOUNT_KEY_SECRET,
  })

const kinds = Object.entries(partnerConfigurations).map(([partner, { kind }]) => [partner, kind] as const)

export const handler = createIntakeHandler({
  ledger: openLedgerWithAccounts(
    createDatabaseClient(),
    { payouts: PAYOUTS_TABLE, journal: JOURNAL_TABLE, accounts: ACCOUNTS_TABLE },
    charge,
    () => readSecret(ACCOUNT_KEY_SECRET),
  ),
  publishers: PUBLISHERS,
  partners: Object.fromEntries(kinds),
  shards: SHARDS,
  scheme: SCHEME,
  now: () => instant(Date.now()),
})
