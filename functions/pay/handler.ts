import { randomBytes } from 'node:crypto'
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
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
import { countMetric, setPartner } from '../../shared/runtime/metrics.ts'
import { reportCase } from '../reporting.ts'
import { type MessageResult, payBatch } from './batch.ts'

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
  { ...configurationOf(partnerName), ratePerSecond, callDeadlineSeconds: deadline },
  () => readSecret(environment.PARTNER_SECRET),
  () => externalIdFrom(randomBytes(14)),
)

/** Throws a failure of ours, so that its message comes back; tells everything else. */
function report(result: MessageResult | undefined): void {
  if (!result) throw new Error('a message has no result')
  if ('failed' in result) {
    log.error('payment failed', result.failed, { partner: partnerName })
    throw result.failed
  }
  if ('denied' in result) {
    countMetric('PermitDenied')
    log.info('payment put off', { partner: partnerName, reason: result.denied })
  } else reportCase(partnerName, result)
}

/** Permits of this environment that were used up; see `BatchDependencies`. */
const usedUp = new Set<string>()
const processor = new BatchProcessor(EventType.SQS)

/** Pays a batch of at most five messages, one after another; only what failed on our side comes back. */
export const handler = observed<SQSEvent, SQSBatchResponse>(async (event, context) => {
  const by = `pay/${context.awsRequestId}`
  const now = () => instant(Date.now())
  const timeFor = (calls: number) =>
    context.getRemainingTimeInMillis() >= (calls * deadline + callMarginSeconds) * 1000
  const lane = { ledger, partnerName, partner: await connect(), shards, ratePerSecond, verified: new Map() }
  const bodies = event.Records.map(({ body }) => body)
  const { results, pause } = await payBatch({ ...lane, now, by, timeFor, permitId: by, usedUp }, bodies)
  if (pause) {
    countMetric('LanePaused')
    log.warn('lane paused', { partner: partnerName, reason: pause.reason })
  }
  const resultOf = new Map(event.Records.map(({ messageId }, index) => [messageId, results[index]]))
  const settle = async ({ messageId }: SQSRecord) => report(resultOf.get(messageId))
  return processPartialResponse(event, settle, processor, { context, throwOnFullBatchFailure: false })
})
