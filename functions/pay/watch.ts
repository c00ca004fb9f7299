import { type Instant, secondsBetween } from '../../shared/domain/instant.ts'
import type { Paused } from '../../shared/domain/pause.ts'
import { kindOf, type Payout } from '../../shared/domain/payout.ts'
import type { Lanes } from '../../shared/ledger/ports.ts'
import { log } from '../../shared/runtime/log.ts'

export type Watched = {
  readonly ledger: { readonly lanes: Pick<Lanes, 'read'> }
  readonly partnerName: string
  readonly now: () => Instant
}

/** How old the last look at the lane may be when a payment begins, and again when it is claimed. A batch that is done
 *  sooner never looks. */
const lookSeconds = 1

/**
 * Watches for a pause that comes while a batch is under way: its permit was taken before. Says whether a payout may not
 * be sent any more; begins with what the permit's own look has shown, that it may. A look that fails leaves things as the
 * last one found them: the permit stands, its batch is soon over, and a table that cannot be read at all stops the claim
 * itself. The next payment looks again.
 */
export function watchPauses({ ledger, partnerName, now }: Watched): (payout: Payout) => Promise<boolean> {
  let paused: Paused = {}
  let lookedAt = now()
  return async (payout) => {
    if (secondsBetween(lookedAt, now()) >= lookSeconds) {
      try {
        paused = (await ledger.lanes.read(partnerName)).paused
        lookedAt = now()
      } catch (error) {
        const reason = error instanceof Error ? error.name : 'unknown'
        log.warn('pause not looked for', { partner: partnerName, reason })
      }
    }
    return paused[kindOf(payout)] !== undefined
  }
}
