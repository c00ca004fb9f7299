import { instant } from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { openLedgerWithAccounts, openRegister } from '../../shared/ledger/dynamodb/open.ts'
import { openDigests } from '../../shared/ledger/s3/digests.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createQueueClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { callerOf } from './caller.ts'
import { oursToMend } from './problem.ts'
import { createQueues } from './queues.ts'
import { type ApiRequest, type ApiResponse, apiRequest } from './schema.ts'
import { type Invocation, type Served, serve } from './serve.ts'
import { createSteps } from './steps.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  DIGESTS_BUCKET: variables.DIGESTS_BUCKET,
  SHARDS: variables.SHARDS,
  STAGE: variables.STAGE,
  JOBS_QUEUE_URL: variables.JOBS_QUEUE_URL,
  INTAKE_QUEUE_URL: variables.INTAKE_QUEUE_URL,
  ACCOUNTS_QUEUE_URL: variables.ACCOUNTS_QUEUE_URL,
  DEAD_LETTER_QUEUES: variables.DEAD_LETTER_QUEUES,
  APPROVAL_PAYOUTS: variables.APPROVAL_PAYOUTS,
  APPROVAL_RUPIAH: variables.APPROVAL_RUPIAH,
})
const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal, ACCOUNTS_TABLE: accounts } = environment

const database = createDatabaseClient()
const noKey = () => Promise.reject(new Error('only intake links accounts'))
const register = openRegister(database, environment.OPERATIONS_TABLE, charge)
const steps = createSteps({
  ledger: openLedgerWithAccounts(database, { payouts, journal, accounts }, charge, noKey),
  register,
  digests: openDigests(createStorageClient(), environment.DIGESTS_BUCKET),
  queues: createQueues(createQueueClient(), {
    jobs: environment.JOBS_QUEUE_URL,
    intake: environment.INTAKE_QUEUE_URL,
    accounts: environment.ACCOUNTS_QUEUE_URL,
    deadLetters: environment.DEAD_LETTER_QUEUES,
  }),
  partners: Object.keys(partnerConfigurations),
  shards: environment.SHARDS,
  scheme: scheme2020,
  approval: { payouts: environment.APPROVAL_PAYOUTS, rupiah: environment.APPROVAL_RUPIAH },
})

/** What the longest portion of work and the answer may take. */
const portionMs = 8_000

async function answer(request: ApiRequest, invocation: Invocation): Promise<Served> {
  const { accountId, authorizer } = request.requestContext
  const caller = callerOf(authorizer?.iam.userArn, { stage: environment.STAGE, account: accountId })
  try {
    return await serve({ steps, register }, caller, request, invocation)
  } catch (error) {
    log.error('request failed', error)
    return { status: oursToMend.problem.status, body: oursToMend.problem }
  }
}

/** Answers one request of a person's. */
export const handler = observed<unknown, ApiResponse>(async (event, context) => {
  const { status, body, route } = await answer(apiRequest.parse(event), {
    now: instant(Date.now()),
    timeLeft: () => context.getRemainingTimeInMillis() > portionMs,
    invocation: context.awsRequestId,
  })
  log.info('request answered', { outcome: route ?? 'no route', code: `${status}` })
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  return {
    statusCode: status,
    headers: { 'content-type': type, 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
})
