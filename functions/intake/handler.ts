import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, readSecret } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { schemeVariable } from '../scheme.ts'
import { type IntakeDependencies, type IntakeResult, takeIn } from './intake.ts'

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

const deps: IntakeDependencies = {
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
}

function report(result: IntakeResult): void {
  if (result.outcome === 'quarantined') {
    countMetric('EventQuarantined')
    log.warn('event quarantined', { reason: result.reason })
    return
  }
  countMetric(result.outcome === 'accepted' ? 'EventAccepted' : 'EventDuplicate')
  // The table says more of it, and a wave has millions of them.
  log.debug('event taken in', { eventType: result.eventType, outcome: result.outcome })
}

const processor = new BatchProcessor(EventType.SQS)

/** Takes in a batch from either intake queue; only what failed on our side comes back. */
export const handler = observed<SQSEvent, SQSBatchResponse>((event, context) => {
  const by = `intake/${context.awsRequestId}`
  const takeRecord = async ({ body }: SQSRecord) => {
    try {
      report(await takeIn(deps, body, instant(Date.now()), by))
    } catch (error) {
      log.error('event not taken in', error)
      throw error
    }
  }
  return processPartialResponse(event, takeRecord, processor, { context, throwOnFullBatchFailure: false })
})
