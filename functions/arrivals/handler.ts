import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { createReconciliations } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countForPartner } from '../../shared/runtime/metrics.ts'
import { tickSchema } from '../tick.ts'
import { missingStatements } from './arrivals.ts'

const {
  PAYOUTS_TABLE: payouts,
  JOURNAL_TABLE: journal,
  FINANCE_TABLE: finance,
} = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  FINANCE_TABLE: variables.FINANCE_TABLE,
})
const client = createDatabaseClient()
const { lanes } = openLedger(client, { payouts, journal }, charge)
const reconciliations = createReconciliations(createTable(client, finance, charge))

/** Tells of partners whose statements have not come by noon. `missing`: days, of all partners together. Fails where one
 *  could not be looked at, after all the others were. */
export const handler = observed<unknown, { readonly next: null; readonly missing: number }>(async (event) => {
  const { now } = tickSchema.parse(event)
  const outcomes = await Promise.allSettled(
    Object.keys(partnerConfigurations).map(async (partner) => {
      const days = await missingStatements({ lanes, reconciliations }, partner, now)
      if (days.length === 0) return 0
      countForPartner(partner, 'StatementMissing')
      log.warn(`statements are missing since ${days[0]}`, { partner, count: days.length })
      return days.length
    }),
  )
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (failures.length > 0)
    throw new AggregateError(failures, `statements of ${failures.length} partners not looked for`)
  const counts = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 0))
  return { next: null, missing: counts.reduce((sum, count) => sum + count, 0) }
})
