import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { createReconciliations, createRemarks } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import type { Applied } from '../../shared/ledger/payout.ts'
import { openMovements } from '../../shared/ledger/s3/movements.ts'
import { openStatementFiles } from '../../shared/ledger/s3/statements.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countAtOnce, countForPartner, countMetric } from '../../shared/runtime/metrics.ts'
import { notificationSchema } from '../notification.ts'
import { reportCase } from '../reporting.ts'
import { renewEligible } from './eligible.ts'
import { type Reconciled, reconcile } from './reconcile.ts'

const {
  PAYOUTS_TABLE,
  JOURNAL_TABLE,
  ACCOUNTS_TABLE,
  FINANCE_TABLE,
  OPERATIONS_TABLE,
  MOVEMENTS_BUCKET,
  STATEMENTS_BUCKET,
  SHARDS,
} = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
  FINANCE_TABLE: variables.FINANCE_TABLE,
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  MOVEMENTS_BUCKET: variables.MOVEMENTS_BUCKET,
  STATEMENTS_BUCKET: variables.STATEMENTS_BUCKET,
  SHARDS: variables.SHARDS,
})
const client = createDatabaseClient()
const storage = createStorageClient()
const names = { payouts: PAYOUTS_TABLE, journal: JOURNAL_TABLE, accounts: ACCOUNTS_TABLE }
const deps = {
  ledger: openLedgerWithAccounts(client, names, charge),
  movements: openMovements(storage, MOVEMENTS_BUCKET),
  reconciliations: createReconciliations(createTable(client, FINANCE_TABLE, charge)),
  remarks: createRemarks(createTable(client, OPERATIONS_TABLE, charge)),
  statements: openStatementFiles(storage, STATEMENTS_BUCKET),
  shards: SHARDS,
  directory: join(tmpdir(), 'reconcile'),
  /** Of the partner, and of all of them: the alarm on a day's spending has room for no more than their sum. */
  report: (partner: string, applied: Applied) =>
    reportCase(partner, applied, (name, times) => {
      countForPartner(partner, name, times)
      countAtOnce(name, times ?? 1)
    }),
}

/** What the largest day takes, with room. */
const dayMs = 300_000

/** A statement that cannot be used wakes people, and is not tried again: it would be no better. */
function report(reconciled: Reconciled): void {
  if (reconciled.outcome === 'postponed') {
    const { partner, day } = reconciled
    countMetric('ReconcilePostponed')
    log.warn(`days from ${day} on are reconciled again after the next statement`, { partner })
    return
  }
  if (reconciled.outcome === 'refused') {
    countMetric('StatementRefused')
    log.warn('statement refused', {
      reason: reconciled.why,
      ...(reconciled.partner !== undefined && { partner: reconciled.partner }),
    })
    return
  }
  const { partner, summary } = reconciled.run
  const { debit, credit, fee } = summary.lines
  const count = debit.count + credit.count + fee.count
  log.info('statement reconciled', { partner, outcome: reconciled.outcome, count })
  if (reconciled.outcome === 'recorded' && reconciled.fresh > 0) countAtOnce('BreakFound', reconciled.fresh)
}

type Answer = {
  /** `recorded`, `repeated` or `refused`, one for each day that was reconciled; last, perhaps, `postponed`. */
  readonly outcomes: readonly string[]
  /** References that two people may now settle as not paid. */
  readonly eligible: readonly string[]
}

/** Reconciles the statements that have arrived, one after the other. */
export const handler = observed<unknown, Answer>(async (event, context) => {
  const { awsRequestId: invocation } = context
  const timeFor = () => context.getRemainingTimeInMillis() > dayMs
  const outcomes: string[] = []
  const eligible = new Set<string>()
  for (const { s3 } of notificationSchema.parse(event).Records) {
    const now = instant(Date.now())
    const all: Reconciled[] = []
    for await (const one of reconcile(deps, s3.object.key, { now, invocation, timeFor })) {
      report(one)
      all.push(one)
    }
    outcomes.push(...all.map(({ outcome }) => outcome))
    for (const reference of await renewEligible(deps, all, now)) eligible.add(reference)
  }
  if (eligible.size > 0) log.info('attempts that may be settled as not paid', { count: eligible.size })
  return { outcomes, eligible: [...eligible] }
})
