import type { Entry, EntryType } from '../shared/domain/entry.ts'
import { openAttempt } from '../shared/domain/fold.ts'
import { type Instant, secondsBetween } from '../shared/domain/instant.ts'
import { amountOf, schemeNamed } from '../shared/domain/scheme.ts'
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

/** What was not booked before, and has left the float for a participant. */
const spending: readonly EntryType[] = ['disbursed', 'surfaced']

/** One log line and the metrics for what was written about a payout; nothing for nothing. `count`: of a function that works
 *  for all partners, what counts for this one. */
export function reportCase(
  partner: string,
  { now, entries }: { readonly now: PayoutCase; readonly entries: readonly Entry[] },
  count: (name: CountedName, times?: number) => void = countMetric,
): void {
  for (const { event } of entries) {
    const metric = metricOf[event.type]
    if (metric) count(metric)
    if (spending.includes(event.type)) count('RupiahPaid', amountOf(schemeNamed(now.scheme), now.payout))
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

/** The statement of the day on which an attempt was sent has come by then, and has not told what became of it either. */
const overdueSeconds = 2 * 24 * 3_600

/** Counts a payout that was just asked about, and whose attempt has been open for more than two days. */
export function reportOverdue({ standing }: PayoutCase, at: Instant): void {
  const open = openAttempt(standing)
  if (open && secondsBetween(open.claimedAt, at) > overdueSeconds) countMetric('OutcomeOverdue')
}

/** A partner that says of what it has rejected that it is in progress: its payout is held, and somebody has to know. */
export function reportContradiction(
  { now, entries }: { readonly now: PayoutCase; readonly entries: readonly Entry[] },
  partner: string,
): void {
  const last = entries.at(-1)?.event
  if (last?.type !== 'held' || last.reason !== 'attempt-at-work') return
  const { participantId, payout } = now
  countMetric('OutcomeOverdue')
  log.warn('rejected attempt at work', { participantId, payout, partner })
}
