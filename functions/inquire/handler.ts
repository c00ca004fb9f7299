import { randomBytes } from 'node:crypto'
import { callMarginSeconds } from '../../shared/domain/deadlines.ts'
import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { createConnection } from '../../shared/partners/connect.ts'
import { configurationOf } from '../../shared/partners/registry.ts'
import { externalIdFrom } from '../../shared/partners/snap/external-id.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, readSecret } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { setPartner } from '../../shared/runtime/metrics.ts'
import { reportCase } from '../reporting.ts'
import { run } from './run.ts'

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
const { PARTNER: partnerName, RATE_PER_SECOND: ratePerSecond, CALL_DEADLINE_SECONDS: deadline } = environment
setPartner(partnerName)
const configuration = { ...configurationOf(partnerName), ratePerSecond, callDeadlineSeconds: deadline }
const questionsMax = Math.max(1, Math.floor(ratePerSecond * 60 * configuration.inquiryShare))

const {
  PAYOUTS_TABLE: payouts,
  JOURNAL_TABLE: journal,
  ACCOUNTS_TABLE: accounts,
  SHARDS: shards,
} = environment
const noKey = () => Promise.reject(new Error('only intake links accounts'))
const ledger = openLedgerWithAccounts(createDatabaseClient(), { payouts, journal, accounts }, charge, noKey)
const connect = createConnection(
  partnerName,
  configuration,
  () => readSecret(environment.PARTNER_SECRET),
  () => externalIdFrom(randomBytes(14)),
)

/** Asks the partner about open attempts. `next`: the earliest instant at which there is another question to put. */
export const handler = observed<unknown, { readonly next: string | null; readonly asked: number }>(
  async (_, context) => {
    const timeFor = (calls: number) =>
      context.getRemainingTimeInMillis() >= (calls * deadline + callMarginSeconds) * 1000
    return run({
      ledger,
      partnerName,
      partner: await connect(),
      configuration,
      shards,
      questionsMax,
      now: () => instant(Date.now()),
      by: `inquire/${context.awsRequestId}`,
      timeFor,
      report: (result) => {
        if ('failed' in result) log.error('question failed', result.failed, { partner: partnerName })
        else reportCase(partnerName, result)
      },
    })
  },
)
