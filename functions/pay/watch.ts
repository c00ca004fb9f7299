import { type Instant, secondsBetween } from '../../shared/domain/instant.ts'
import type { Paused } from '../../shared/domain/pause.ts'
import { kindOf, type Payout } from '../../shared/domain/payout.ts'
import type { Lanes } from '../../shared/ledger/ports.ts'

export type Watched = {
  readonly ledger: { readonly lanes: Pick<Lanes, 'read'> }
  readonly partnerName: string
  readonly now: () => Instant
}

/** How old the last look at the lane may be when a payment begins. A batch that is done sooner never looks. */
const lookSeconds = 1

/**
 * Watches for a pause that comes while a batch is under way: its permit was taken before. Says whether a payout may not
 * be sent any more; begins with what the permit's own look has shown, that it may.
 */
export function watchPauses({ ledger, partnerName, now }: Watched): (payout: Payout) => Promise<boolean> {
  let paused: Paused = {}
  let lookedAt = now()
  return async (payout) => {
    if (secondsBetween(lookedAt, now()) >= lookSeconds) {
      // A look that fails changes nothing: the permit says that it may be sent.
      const control = await ledger.lanes.read(partnerName).catch(() => undefined)
      paused = control?.paused ?? paused
      lookedAt = now()
    }
    return paused[kindOf(payout)] !== undefined
  }
}
