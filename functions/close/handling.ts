import type { Instant } from '../../shared/domain/instant.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import type { BrokenChain } from '../../shared/ledger/chain.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { tickSchema } from '../tick.ts'
import { type CloseDependencies, close } from './close.ts'

/** Time that a portion of the sweep may take at the most. */
const portionMs = 30_000

/** `next`: the earliest instant at which there may be work. */
type Swept = { readonly next: Instant | null; readonly cancelled: number }

/** Cancels what a closed scheme no longer pays; the event is the schedule's tick. Throws where it had to leave out a
 *  damaged journal, when all else is done. */
export const createCloseHandler = (deps: Pick<CloseDependencies, 'ledger' | 'scheme' | 'shards'>) =>
  observed<unknown, Swept>(async (event, context) => {
    const { now } = tickSchema.parse(event)
    const timeLeft = () => context.getRemainingTimeInMillis() > portionMs
    const by = `close/${context.awsRequestId}`
    let damaged = 0
    const skipped = ({ participantId, payout }: PayoutRow, error: BrokenChain) => {
      damaged += 1
      log.error('payout not closed', error, { participantId, payout })
    }
    const { cancelled, next } = await close({ ...deps, by, timeLeft, skipped }, now)
    if (cancelled > 0) {
      countMetric('PayoutCancelled', cancelled)
      log.info('payouts cancelled', { count: cancelled, reason: 'scheme-closed' })
    }
    // It goes on from there all the same, and fails again tomorrow: somebody must hear of it.
    if (damaged > 0) throw new Error(`payouts whose journal is damaged were not closed: ${damaged}`)
    return { next, cancelled }
  })
