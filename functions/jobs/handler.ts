import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { openRegister } from '../../shared/ledger/dynamodb/open-register.ts'
import { parseJson } from '../../shared/partners/snap/json.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createQueueClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { type JobDependencies, workOn } from './job.ts'
import { jobMessage } from './schema.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  SHARDS: variables.SHARDS,
  JOBS_QUEUE_URL: variables.JOBS_QUEUE_URL,
})
const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal, ACCOUNTS_TABLE: accounts } = environment

const database = createDatabaseClient()
const queue = createQueueClient()
const noKey = () => Promise.reject(new Error('only intake links accounts'))
const deps: JobDependencies = {
  ledger: openLedgerWithAccounts(database, { payouts, journal, accounts }, charge, noKey),
  register: openRegister(database, environment.OPERATIONS_TABLE, charge),
  shards: environment.SHARDS,
  now: () => instant(Date.now()),
  async wake(jobId) {
    const MessageBody = JSON.stringify({ jobId })
    await queue.send(new SendMessageCommand({ QueueUrl: environment.JOBS_QUEUE_URL, MessageBody }))
  },
}

const processor = new BatchProcessor(EventType.SQS)

async function work({ body }: SQSRecord): Promise<void> {
  try {
    const { jobId } = jobMessage.parse(parseJson(body))
    const { state, retried, changed, unreadable } = await workOn(deps, jobId)
    log.info('page of a job retried', { outcome: state, count: retried })
    if (changed > 0) log.info('page of a job skipped', { reason: 'changed', count: changed })
    if (unreadable > 0) log.warn('page of a job skipped', { reason: 'unreadable', count: unreadable })
  } catch (error) {
    log.error('page of a job failed', error)
    throw error
  }
}

/** Deals with one page of a job a message; what failed on our side comes back. */
export const handler = observed<SQSEvent, SQSBatchResponse>((event, context) =>
  processPartialResponse(event, work, processor, { context, throwOnFullBatchFailure: false }),
)
