import { randomBytes } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { callMarginSeconds } from '../shared/domain/deadlines.ts'
import { instant } from '../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../shared/ledger/dynamodb/open.ts'
import { checkConfiguration } from '../shared/partners/configuration.ts'
import { createConnection } from '../shared/partners/connect.ts'
import { configurationOf } from '../shared/partners/registry.ts'
import { externalIdFrom } from '../shared/partners/snap/external-id.ts'
import { charge } from '../shared/runtime/charges.ts'
import { createDatabaseClient, readSecret } from '../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../shared/runtime/environment.ts'
import { setPartner } from '../shared/runtime/metrics.ts'

/**
 * What the functions that call a partner have in common: the ledger, the partner with the stage's limits, and the
 * time left for calls. Throws at start-up, naming what is missing or unsound.
 */
export function openLane() {
  const environment = readEnvironment({
    PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
    JOURNAL_TABLE: variables.JOURNAL_TABLE,
    ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
    SHARDS: variables.SHARDS,
    PARTNER: variables.PARTNER,
    PARTNER_SECRET: variables.PARTNER_SECRET,
    RATE_PER_SECOND: variables.RATE_PER_SECOND,
    CALL_DEADLINE_SECONDS: variables.CALL_DEADLINE_SECONDS,
  })
  const partnerName = environment.PARTNER
  const limits = {
    ratePerSecond: environment.RATE_PER_SECOND,
    callDeadlineSeconds: environment.CALL_DEADLINE_SECONDS,
  }
  const configuration = { ...configurationOf(partnerName), ...limits }
  const unsound = checkConfiguration(partnerName, configuration)
  if (unsound.length > 0) throw new Error(`unsound partner configuration: ${unsound.join('; ')}`)
  setPartner(partnerName)

  const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal, ACCOUNTS_TABLE: accounts } = environment
  const noKey = () => Promise.reject(new Error('only intake links accounts'))
  const names = { payouts, journal, accounts }
  return {
    partnerName,
    configuration,
    shards: environment.SHARDS,
    ledger: openLedgerWithAccounts(createDatabaseClient(), names, charge, noKey),
    connect: createConnection(
      partnerName,
      configuration,
      () => readSecret(environment.PARTNER_SECRET),
      () => externalIdFrom(randomBytes(14)),
    ),
    now: () => instant(Date.now()),
    /** Whether there is time for that many calls, one after another, and for writing down what they say. */
    timeFor: (context: Context) => (calls: number) =>
      context.getRemainingTimeInMillis() >= (calls * limits.callDeadlineSeconds + callMarginSeconds) * 1000,
  }
}
