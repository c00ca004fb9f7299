import { randomUUID } from 'node:crypto'
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type * as z from 'zod'
import { instant } from '../../shared/domain/instant.ts'
import { parseJson } from '../../shared/json.ts'
import { openHistory } from '../../shared/ledger/dynamodb/history.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { openRegister } from '../../shared/ledger/dynamodb/open-register.ts'
import { openRepairs } from '../../shared/ledger/dynamodb/repairs.ts'
import { openTotals } from '../../shared/ledger/dynamodb/totals.ts'
import { openMovements } from '../../shared/ledger/s3/movements.ts'
import { openAside } from '../../shared/ledger/s3/repairs.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createJournalClient, createQueueClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { type JobDependencies, workOn } from './job.ts'
import { type RepairDependencies, workOnRepair } from './repair.ts'
import { jobMessage } from './schema.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  SHARDS: variables.SHARDS,
  JOBS_QUEUE_URL: variables.JOBS_QUEUE_URL,
  FINANCE_TABLE: variables.FINANCE_TABLE,
  MOVEMENTS_BUCKET: variables.MOVEMENTS_BUCKET,
})
const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal, ACCOUNTS_TABLE: accounts } = environment

const database = createJournalClient()
const queue = createQueueClient()
const storage = createStorageClient()
const now = () => instant(Date.now())
const send = async (message: z.input<typeof jobMessage>) => {
  const MessageBody = JSON.stringify(message)
  await queue.send(new SendMessageCommand({ QueueUrl: environment.JOBS_QUEUE_URL, MessageBody }))
}
const deps: JobDependencies = {
  ledger: openLedgerWithAccounts(database, { payouts, journal, accounts }, charge),
  register: openRegister(database, environment.OPERATIONS_TABLE, charge),
  shards: environment.SHARDS,
  now,
  wake: (jobId) => send({ jobId }),
}
const repairing: RepairDependencies = {
  history: openHistory(database, journal),
  counters: openTotals(database, environment.FINANCE_TABLE, charge),
  files: openMovements(storage, environment.MOVEMENTS_BUCKET),
  aside: openAside(storage, environment.MOVEMENTS_BUCKET),
  repairs: openRepairs(database, environment.OPERATIONS_TABLE, charge),
  partners: Object.keys(partnerConfigurations),
  now,
  name: randomUUID,
  wake: (repairId) => send({ repairId }),
}

/** Milliseconds that a piece of a repair may take; what is over is left for the next message. */
const forOnePiece = 60_000

const processor = new BatchProcessor(EventType.SQS)

async function repair(repairId: string, { getRemainingTimeInMillis }: Context): Promise<void> {
  const timeLeft = () => getRemainingTimeInMillis() > forOnePiece
  const { state, entries } = await workOnRepair(repairing, repairId, timeLeft)
  log.info('piece of a repair done', { outcome: state, count: entries })
}

async function work({ body }: SQSRecord, context: Context): Promise<void> {
  try {
    const message = jobMessage.parse(parseJson(body))
    if ('repairId' in message) return await repair(message.repairId, context)
    const { state, retried, changed, unreadable } = await workOn(deps, message.jobId)
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
  processPartialResponse(event, (record: SQSRecord) => work(record, context), processor, {
    context,
    throwOnFullBatchFailure: false,
  }),
)
