import { claimTermSeconds } from './deadlines.ts'
import type { Standing } from './fold.ts'
import { type Instant, secondsBetween } from './instant.ts'
import { pausedWith } from './pause.ts'
import type { Payout } from './payout.ts'
import type { Control } from './permit.ts'

/**
 * A lane that people have re-opened starts with a few payments, its canary. Once one of them is paid the lane is open;
 * if none is, it pauses again, and the rest of its list was never sent.
 */
export type Canary = {
  /** When the lane was re-opened. */
  readonly since: Instant
  /** What was permitted since then. */
  readonly payouts: readonly CanaryPayout[]
}
export type CanaryPayout = { readonly participantId: string; readonly payout: Payout; readonly at: Instant }

export const canaryMax = 5

/** How many more payments the lane's canary lets pass; without one, as many as there are. */
export const canaryLeft = ({ canary }: Pick<Control, 'canary'>): number =>
  canary ? canaryMax - canary.payouts.length : Number.POSITIVE_INFINITY

/** `unused`: permitted and never claimed, and nobody has a right to do so any more. */
export type CanaryOutcome = 'paid' | 'unpaid' | 'under-way' | 'unused'

/** What became of one payment of a canary, by the payout's journal. */
export function canaryOutcome(standing: Standing, { at }: CanaryPayout, now: Instant): CanaryOutcome {
  const attempt = standing.attempts.find(({ claimedAt }) => claimedAt >= at)
  if (!attempt) return secondsBetween(at, now) > claimTermSeconds ? 'unused' : 'under-way'
  switch (attempt.status) {
    case 'paid':
    case 'returned':
    case 'overpaid':
      return 'paid'
    case 'sending':
    case 'pending':
      return 'under-way'
    case 'unknown':
    case 'rejected':
    case 'deferred':
      return 'unpaid'
  }
}

const withoutCanary = ({ canary: _, ...control }: Control): Control => control

/** The row without a canary: one of its payments was paid. */
export const opened = (control: Control): Control => ({
  ...withoutCanary(control),
  version: control.version + 1,
})

/**
 * The row after a look at what became of the canary's payments; absent when it stays as it is. `outcomes` is of
 * `judged`: a canary that has begun since is not judged by them, and a payment permitted since is under way.
 */
export function judgeCanary(
  control: Control,
  judged: Canary,
  outcomes: ReadonlyMap<CanaryPayout, CanaryOutcome>,
  { by, now }: { readonly by: string; readonly now: Instant },
): { readonly control?: Control } {
  const { canary } = control
  if (canary?.since !== judged.since) return {}
  const known = [...outcomes]
  const outcomeOf = ({ participantId, payout, at }: CanaryPayout): CanaryOutcome =>
    known.find(
      ([one]) => one.participantId === participantId && one.payout === payout && one.at === at,
    )?.[1] ?? 'under-way'
  const all = canary.payouts.map(outcomeOf)
  if (all.includes('paid')) return { control: opened(control) }
  if (all.length >= canaryMax && all.every((outcome) => outcome === 'unpaid')) {
    const pause = { reason: 'canary-failed', since: now, by } as const
    const paused = pausedWith(control.paused, pause)
    return { control: { ...withoutCanary(control), version: control.version + 1, paused } }
  }
  const payouts = canary.payouts.filter((_, index) => all[index] !== 'unused')
  if (payouts.length === canary.payouts.length) return {}
  return { control: { ...control, version: control.version + 1, canary: { ...canary, payouts } } }
}
