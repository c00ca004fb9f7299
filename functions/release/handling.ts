import type { Instant } from '../../shared/domain/instant.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countLanePaused, countMetric } from '../../shared/runtime/metrics.ts'
import { tickSchema } from '../tick.ts'
import { type ReleaseDependencies, release } from './release.ts'

/** `next`: the earliest instant at which there may be work again. */
type Run = { readonly next: Instant | null; readonly sent: number }

/** Tops the lane up, once a minute; the event is the schedule's tick. */
export const createReleaseHandler = (deps: ReleaseDependencies) =>
  observed<unknown, Run>(async (event) => {
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
  })
