import { claimTermSeconds } from './deadlines.ts'
import type { Standing } from './fold.ts'
import { type Instant, secondsBetween } from './instant.ts'
import { pausedWith } from './pause.ts'
import { type Kind, kindOf, type Payout } from './payout.ts'
import type { Control } from './permit.ts'

/**
 * What people have re-opened of a lane starts with a few payments, its canary. Once one of them is paid it is open; if
 * none is, it pauses again, and the rest of its list was never sent. A kind that was not paused goes on as it is.
 */
export type Canary = {
  /** When the first of its kinds was re-opened. */
  readonly since: Instant
  /** What was re-opened, at least one. */
  readonly kinds: readonly Kind[]
  /** What was permitted since then. */
  readonly payouts: readonly CanaryPayout[]
}
export type CanaryPayout = { readonly participantId: string; readonly payout: Payout; readonly at: Instant }

export const canaryMax = 5

/** Whether the payout's kind has just been re-opened. */
export const isCanary = ({ canary }: Pick<Control, 'canary'>, kind: Kind): boolean =>
  canary?.kinds.includes(kind) === true

/** How many more payments of that kind the lane's canary lets pass; without one, as many as there are. */
export const canaryLeft = (control: Pick<Control, 'canary'>, kind: Kind): number =>
  control.canary && isCanary(control, kind)
    ? canaryMax - control.canary.payouts.length
    : Number.POSITIVE_INFINITY

/** The canary with what was permitted of its kinds, where there is one. */
export function canaryWith(
  control: Pick<Control, 'canary'>,
  granted: readonly Omit<CanaryPayout, 'at'>[],
  at: Instant,
): Pick<Control, 'canary'> {
  const { canary } = control
  if (!canary) return {}
  const more = granted
    .filter(({ payout }) => isCanary(control, kindOf(payout)))
    .map(({ participantId, payout }) => ({ participantId, payout, at }))
  return { canary: { ...canary, payouts: [...canary.payouts, ...more] } }
}

/** Whether one of these, permitted then, is a payment of the canary. */
export const hasOfCanary = (
  { canary }: Pick<Control, 'canary'>,
  payouts: readonly Omit<CanaryPayout, 'at'>[],
  permittedAt: Instant,
): boolean =>
  canary?.payouts.some(
    (one) =>
      one.at === permittedAt &&
      payouts.some(
        ({ participantId, payout }) => participantId === one.participantId && payout === one.payout,
      ),
  ) === true

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
    const paused = pausedWith(control.paused, pause, canary.kinds)
    return { control: { ...withoutCanary(control), version: control.version + 1, paused } }
  }
  const payouts = canary.payouts.filter((_, index) => all[index] !== 'unused')
  if (payouts.length === canary.payouts.length) return {}
  return { control: { ...control, version: control.version + 1, canary: { ...canary, payouts } } }
}
