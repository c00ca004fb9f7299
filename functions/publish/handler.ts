import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createBusClient, createDatabaseClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { createStatusBus } from './bus.ts'
import { type Published, publish } from './publish.ts'

const {
  PAYOUTS_TABLE: payouts,
  JOURNAL_TABLE: journal,
  ACCOUNTS_TABLE: accounts,
  EVENT_BUS: bus,
} = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
  EVENT_BUS: variables.EVENT_BUS,
})
const deps = {
  ledger: openLedgerWithAccounts(createDatabaseClient(), { payouts, journal, accounts }, charge),
  put: createStatusBus(createBusClient(), bus),
}

/** Tampering raises an alarm and nothing else: to stop for it would stop everybody's news, and undo nothing. */
function report({ events, tampered, failed }: Published): void {
  if (events > 0) countMetric('StatusPublished', events)
  if (tampered.length > 0) countMetric('JournalTampered', tampered.length)
  for (const { done, pk, sk } of tampered)
    log.error('journal tampered with', new Error(`${done} of ${pk} ${sk}`))
  if (failed) log.error('status not published', failed.error)
}

const processor = new BatchProcessor(EventType.DynamoDBStreams)

/** Publishes a batch of the journal's stream; what could not be published comes back, and all that follows it. */
export const handler = observed<DynamoDBStreamEvent, DynamoDBBatchResponse>(async (event, context) => {
  const published = await publish(deps, event.Records)
  report(published)
  const { failed } = published
  const again = new Set(failed && event.Records.slice(failed.index).map(({ eventID }) => eventID))
  const settle = async ({ eventID }: DynamoDBRecord) => {
    if (again.has(eventID)) throw failed?.error
  }
  return processPartialResponse(event, settle, processor, { context, throwOnFullBatchFailure: false })
})
