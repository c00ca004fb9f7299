import type { Context, SQSEvent } from 'aws-lambda'
import { vi } from 'vitest'
import type { TestEngine } from '../../support/engine.ts'
import { contextOf, eventOf } from '../../support/lambda.ts'

/** What Lambda is to a handler: an environment, a clock, a context, a log. */

const shared = {
  PAYOUTS_TABLE: 'payouts',
  JOURNAL_TABLE: 'journal',
  SHARDS: '2',
}
const scheme = { SCHEME: 'prakerja-2020' }
const lane = { ...shared, PARTNER: 'ovo', RATE_PER_SECOND: '20' }
const caller = {
  ...lane,
  ACCOUNTS_TABLE: 'accounts',
  PARTNER_ENDPOINT: 'http://127.0.0.1:9',
  PARTNER_SECRET: 'test/partner/ovo',
  CALL_DEADLINE_SECONDS: '10',
  EXCHANGES_BUCKET: 'test-exchanges',
}

const queueOf = (name: string) => `https://sqs.ap-southeast-3.amazonaws.com/000000000000/test-${name}`
const people = {
  ...shared,
  ACCOUNTS_TABLE: 'accounts',
  OPERATIONS_TABLE: 'operations',
  JOBS_QUEUE_URL: queueOf('jobs'),
}

/** All that each function needs to be told. */
export const environments = {
  intake: {
    ...shared,
    ...scheme,
    ACCOUNTS_TABLE: 'accounts',
    PUBLISHERS: '{"prakerja.core":"100000000000","prakerja.platform.tokopedia":"100000000001"}',
    ACCOUNT_KEY_SECRET: 'test/account-key',
  },
  release: {
    ...lane,
    ...scheme,
    LANE_QUEUE_URL: 'https://sqs.ap-southeast-3.amazonaws.com/000000000000/pay-ovo',
  },
  pay: caller,
  inquire: caller,
  close: { ...shared, ...scheme },
  publish: {
    PAYOUTS_TABLE: 'payouts',
    JOURNAL_TABLE: 'journal',
    ACCOUNTS_TABLE: 'accounts',
    EVENT_BUS: 'test-disbursement',
  },
  ops: {
    ...people,
    ...scheme,
    STAGE: 'test',
    FINANCE_TABLE: 'finance',
    DIGESTS_BUCKET: 'test-audit',
    STATEMENTS_BUCKET: 'test-statements',
    INTAKE_QUEUE_URL: queueOf('intake'),
    ACCOUNTS_QUEUE_URL: queueOf('intake-accounts'),
    DEAD_LETTER_QUEUES: JSON.stringify({ 'test-jobs-dlq': queueOf('jobs-dlq') }),
    APPROVAL_PAYOUTS: '20',
    APPROVAL_RUPIAH: '12000000',
  },
  finance: {
    ...shared,
    ...scheme,
    STAGE: 'test',
    FINANCE_TABLE: 'finance',
    OPERATIONS_TABLE: 'operations',
    MOVEMENTS_BUCKET: 'test-movements',
  },
  jobs: { ...people, FINANCE_TABLE: 'finance', MOVEMENTS_BUCKET: 'test-movements' },
  digest: { OPERATIONS_TABLE: 'operations', DIGESTS_BUCKET: 'test-audit' },
  reconcile: {
    ...shared,
    ACCOUNTS_TABLE: 'accounts',
    FINANCE_TABLE: 'finance',
    OPERATIONS_TABLE: 'operations',
    MOVEMENTS_BUCKET: 'test-movements',
    STATEMENTS_BUCKET: 'test-statements',
  },
  arrivals: { PAYOUTS_TABLE: 'payouts', JOURNAL_TABLE: 'journal', FINANCE_TABLE: 'finance' },
  totals: { JOURNAL_TABLE: 'journal', FINANCE_TABLE: 'finance', MOVEMENTS_BUCKET: 'test-movements' },
} as const satisfies Record<string, Readonly<Record<string, string>>>
export type FunctionName = keyof typeof environments
export type Variables = Readonly<Record<string, string | undefined>>

const loaders = {
  intake: () => import('../../../functions/intake/handler.ts'),
  release: () => import('../../../functions/release/handler.ts'),
  pay: () => import('../../../functions/pay/handler.ts'),
  inquire: () => import('../../../functions/inquire/handler.ts'),
  close: () => import('../../../functions/close/handler.ts'),
  publish: () => import('../../../functions/publish/handler.ts'),
  ops: () => import('../../../functions/ops/handler.ts'),
  finance: () => import('../../../functions/finance/handler.ts'),
  jobs: () => import('../../../functions/jobs/handler.ts'),
  digest: () => import('../../../functions/digest/handler.ts'),
  reconcile: () => import('../../../functions/reconcile/handler.ts'),
  arrivals: () => import('../../../functions/arrivals/handler.ts'),
  totals: () => import('../../../functions/totals/handler.ts'),
}

/** Sets a function's variables; its module is loaded anew after that, as in a new environment. */
export function prepare(name: FunctionName, change: Variables = {}): void {
  vi.unstubAllEnvs()
  const basis = {
    AWS_REGION: 'ap-southeast-3',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_LAMBDA_FUNCTION_NAME: name,
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: 'Disbursement/local',
    LOG_LEVEL: 'DEBUG',
  }
  const variables: Variables = { ...basis, ...environments[name], ...change }
  for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value)
  vi.resetModules()
}

export function load(name: FunctionName, change: Variables): Promise<{ readonly handler: unknown }> {
  prepare(name, change)
  return loaders[name]()
}

let invocations = 0
export const newContext = (): Context => contextOf(`request-${++invocations}`, () => 110_000)

/** A batch as SQS hands it to Lambda; the ids are `message-0`, `message-1` and so on. */
export const batchOf = (bodies: readonly string[]): SQSEvent =>
  eventOf(bodies.map((body, index) => ({ messageId: `message-${index}`, body })))

/** The variables that lead to an engine's tables. */
export async function variablesOf(engine: TestEngine): Promise<Variables> {
  const { endpoint } = engine.connect().config
  const { protocol, hostname, port } = (await endpoint?.()) ?? {}
  return {
    AWS_ENDPOINT_URL_DYNAMODB: `${protocol}//${hostname}:${port}`,
    PAYOUTS_TABLE: engine.tables.payouts,
    JOURNAL_TABLE: engine.tables.journal,
    ACCOUNTS_TABLE: engine.tables.accounts,
    OPERATIONS_TABLE: engine.tables.operations,
    FINANCE_TABLE: engine.tables.finance,
  }
}

/** Everything that functions write to their log from here on, as one text. */
export function captureLog(): () => string {
  const texts: string[] = []
  const capture = (text: unknown) => texts.push(String(text)) > 0
  vi.spyOn(process.stdout, 'write').mockImplementation(capture)
  vi.spyOn(process.stderr, 'write').mockImplementation(capture)
  return () => texts.join('')
}
