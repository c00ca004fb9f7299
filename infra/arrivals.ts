import { Construct } from 'constructs'
import { HandlerFunction } from './function.ts'
import { allow } from './permissions.ts'
import { Daily } from './schedule.ts'
import type { Stage } from './stages.ts'
import type { Tables } from './tables.ts'

/** Of Jakarta: partners promise yesterday's statement for the morning, and there is still half a day to ask for it. */
const noon = { hour: 12, minute: 0 }

/**
 * Looks every noon which statements have not come. A function of its own: a schedule gives calls up after a minute, and
 * those of reconcile are statements.
 */
export function createArrivals(parent: Construct, stage: Stage, tables: Tables): void {
  const scope = new Construct(parent, 'Arrivals')
  const { finance, journal, payouts } = tables
  const handler = new HandlerFunction(scope, 'Handler', {
    stage,
    folder: 'arrivals',
    wakes: [],
    timeoutSeconds: 60,
    environment: { ...tables.environment, FINANCE_TABLE: finance.tableName },
    permissions: [
      allow(payouts.tableArn, 'dynamodb:GetItem'),
      allow(journal.tableArn, 'dynamodb:Query'),
      allow(finance.tableArn, 'dynamodb:Query'),
    ],
  })
  new Daily(scope, 'Schedule', { ...noon, handler })
}
