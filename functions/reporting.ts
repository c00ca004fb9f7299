import type { Entry, EntryType } from '../shared/domain/entry.ts'
import type { PayoutCase } from '../shared/ledger/payout.ts'
import { log } from '../shared/runtime/log.ts'
import { type CountedName, countMetric } from '../shared/runtime/metrics.ts'

/** What the lanes count of the journal's entries; a claim alone is nothing yet. */
const metricOf: Readonly<Partial<Record<EntryType, CountedName>>> = {
  disbursed: 'PayoutPaid',
  pending: 'PayoutPending',
  unknown: 'PayoutUnknown',
  rejected: 'PayoutFailed',
  refused: 'PayoutFailed',
  deferred: 'PayoutDeferred',
  held: 'PayoutHeld',
  returned: 'PayoutReturned',
  cancelled: 'PayoutCancelled',
  surfaced: 'PaymentSurfaced',
  overpaid: 'PaymentOverpaid',
}

/** One log line and the metrics for what was written about a payout; nothing for nothing. */
export function reportCase(
  partner: string,
  { now, entries }: { readonly now: PayoutCase; readonly entries: readonly Entry[] },
): void {
  for (const { event } of entries) {
    const metric = metricOf[event.type]
    if (metric) countMetric(metric)
  }
  const last = entries.at(-1)?.event
  if (!last) return
  const { participantId, payout, state } = now
  const reason = 'reason' in last ? last.reason : 'cause' in last ? last.cause : undefined
  const code = 'evidence' in last ? last.evidence.code : undefined
  log.info('payout settled', {
    participantId,
    payout,
    partner,
    state: state.state,
    outcome: last.type,
    ...(reason !== undefined && { reason }),
    ...(code !== undefined && { code }),
  })
}
