import type { PayoutRow } from '../../shared/domain/row.ts'
import type { BrokenChain } from '../../shared/ledger/chain.ts'
import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { schemeVariable } from '../scheme.ts'
import { tickSchema } from '../tick.ts'
import { close } from './close.ts'

const {
  PAYOUTS_TABLE: payouts,
  JOURNAL_TABLE: journal,
  SHARDS: shards,
  SCHEME: scheme,
} = readEnvironment({
  PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
  JOURNAL_TABLE: variables.JOURNAL_TABLE,
  SHARDS: variables.SHARDS,
  SCHEME: schemeVariable,
})
const ledger = openLedger(createDatabaseClient(), { payouts, journal }, charge)

/** Time that a portion of the sweep may take at the most. */
const portionMs = 30_000

/** Cancels what a closed scheme no longer pays. `next`: the earliest instant at which there may be work. Throws where it had
 *  to leave out a damaged journal, when all else is done. */
export const handler = observed<unknown, { readonly next: string | null; readonly cancelled: number }>(
  async (event, context) => {
    const { now } = tickSchema.parse(event)
    const timeLeft = () => context.getRemainingTimeInMillis() > portionMs
    const by = `close/${context.awsRequestId}`
    let damaged = 0
    const skipped = ({ participantId, payout }: PayoutRow, error: BrokenChain) => {
      damaged += 1
      log.error('payout not closed', error, { participantId, payout })
    }
    const { cancelled, next } = await close({ ledger, scheme, shards, by, timeLeft, skipped }, now)
    if (cancelled > 0) {
      countMetric('PayoutCancelled', cancelled)
      log.info('payouts cancelled', { count: cancelled, reason: 'scheme-closed' })
    }
    // It goes on from there all the same, and fails again tomorrow: somebody must hear of it.
    if (damaged > 0) throw new Error(`payouts whose journal is damaged were not closed: ${damaged}`)
    return { next, cancelled }
  },
)
