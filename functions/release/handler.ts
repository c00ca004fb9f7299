import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { paymentsPerSecond } from '../../shared/partners/configuration.ts'
import { configurationOf } from '../../shared/partners/registry.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createQueueClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countLanePaused, countMetric, setPartner } from '../../shared/runtime/metrics.ts'
import { schemeVariable } from '../scheme.ts'
import { tickSchema } from '../tick.ts'
import { createLaneQueue } from './queue.ts'
import { type ReleaseDependencies, release } from './release.ts'

const environment = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  SHARDS: variables.SHARDS,
  SCHEME: schemeVariable,
  PARTNER: variables.PARTNER,
  LANE_QUEUE_URL: variables.LANE_QUEUE_URL,
  RATE_PER_SECOND: variables.RATE_PER_SECOND,
})
setPartner(environment.PARTNER)

const tables = { payouts: environment.PAYOUTS_TABLE, journal: environment.JOURNAL_TABLE }
const deps: ReleaseDependencies = {
  ledger: openLedger(createDatabaseClient(), tables, charge),
  queue: createLaneQueue(createQueueClient(), environment.LANE_QUEUE_URL),
  partnerName: environment.PARTNER,
  ratePerSecond: paymentsPerSecond({
    ...configurationOf(environment.PARTNER),
    ratePerSecond: environment.RATE_PER_SECOND,
  }),
  shards: environment.SHARDS,
  scheme: environment.SCHEME,
}

/** Tops the lane up, once a minute. `next`: the earliest instant at which there may be work again. */
export const handler = observed<unknown, { readonly next: string | null; readonly sent: number }>(
  async (event) => {
    const { now } = tickSchema.parse(event)
    const { sent, depth, next, pause, floatShort, overdue } = await release(deps, now)
    if (sent > 0) {
      countMetric('PayoutReleased', sent)
      log.info('payouts released', { partner: deps.partnerName, count: sent, depth })
    }
    if (floatShort !== undefined) {
      countMetric('FloatShort')
      log.warn('float short', { partner: deps.partnerName, rupiah: floatShort })
    }
    if (overdue) countMetric('PayoutOverdue')
    if (pause) {
      countLanePaused(pause.reason)
      log.warn('lane paused', { partner: deps.partnerName, reason: pause.reason })
    }
    return { next, sent }
  },
)
