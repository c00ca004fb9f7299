import { claimTermSeconds } from './deadlines.ts'
import type { Standing } from './fold.ts'
import { type Instant, secondsBetween } from './instant.ts'
import { pausedWith } from './pause.ts'
import { type Kind, kindOf, kinds, type Payout } from './payout.ts'
import type { Control } from './permit.ts'

/**
 * A kind that people have re-opened in a lane starts with a few payments, its canary. Once one of them is paid it is
 * open; if none is, it pauses again, and the rest of its list was never sent. The other kind goes on as it is.
 */
export type Canary = {
  /** When the kind was re-opened. */
  readonly since: Instant
  /** What was permitted since then. */
  readonly payouts: readonly CanaryPayout[]
}
export type CanaryPayout = { readonly participantId: string; readonly payout: Payout; readonly at: Instant }
/** Each kind that was re-opened has its own; at least one. */
export type Canaries = Readonly<Partial<Record<Kind, Canary>>>
type Row = Pick<Control, 'canary'>

export const canaryMax = 5
/** What is pending for longer proves nothing of its lane any more, whatever becomes of it: a kind must not wait for it for
 *  good. */
const canaryPatienceSeconds = 86_400

/** Whether that kind has just been re-opened. */
export const isCanary = ({ canary }: Row, kind: Kind): boolean => canary?.[kind] !== undefined

/** Whether payments of that kind may leave without being counted: it is not paused, and has no canary. */
export const isFullyOpen = (control: Pick<Control, 'canary' | 'paused'>, kind: Kind): boolean =>
  !control.paused[kind] && !isCanary(control, kind)

/** How many more payments of that kind its canary lets pass; without one, as many as there are. */
export const canaryLeft = ({ canary }: Row, kind: Kind): number =>
  canary?.[kind] ? canaryMax - canary[kind].payouts.length : Number.POSITIVE_INFINITY

/** The canaries with what was permitted of their kinds, where there are any. */
export function canaryWith({ canary }: Row, granted: readonly Omit<CanaryPayout, 'at'>[], at: Instant): Row {
  if (!canary) return {}
  const grown = kinds.flatMap((kind) => {
    const begun = canary[kind]
    if (!begun) return []
    const more = granted
      .filter(({ payout }) => kindOf(payout) === kind)
      .map(({ participantId, payout }) => ({ participantId, payout, at }))
    return [[kind, { ...begun, payouts: [...begun.payouts, ...more] }] as const]
  })
  return { canary: Object.fromEntries(grown) }
}

/** The kinds of whose canaries one of these, permitted then, is a payment. */
export const canariesOf = (
  { canary }: Row,
  payouts: readonly Omit<CanaryPayout, 'at'>[],
  permittedAt: Instant,
): readonly Kind[] =>
  kinds.filter((kind) =>
    canary?.[kind]?.payouts.some(
      (one) =>
        one.at === permittedAt &&
        payouts.some(
          ({ participantId, payout }) => participantId === one.participantId && payout === one.payout,
        ),
    ),
  )

/** `unused`: permitted and never claimed, and nobody has a right to do so any more. */
export type CanaryOutcome = 'paid' | 'unpaid' | 'under-way' | 'unused'

/** What became of one payment of a canary, by the attempts at its lane's partner: one elsewhere proves nothing of it. */
export function canaryOutcome(
  standing: Pick<Standing, 'attempts'>,
  { at }: CanaryPayout,
  now: Instant,
): CanaryOutcome {
  const attempt = standing.attempts.find(({ claimedAt }) => claimedAt >= at)
  if (!attempt) return secondsBetween(at, now) > claimTermSeconds ? 'unused' : 'under-way'
  switch (attempt.status) {
    case 'paid':
    case 'returned':
    case 'overpaid':
      return 'paid'
    case 'sending':
    case 'pending':
      return secondsBetween(at, now) > canaryPatienceSeconds ? 'unpaid' : 'under-way'
    case 'unknown':
    case 'rejected':
    case 'deferred':
      return 'unpaid'
  }
}

/** The row without that kind's canary, its version as it was: one of its payments was paid. */
export function opened({ canary = {}, ...control }: Control, kind: Kind): Control {
  const { [kind]: _, ...others } = canary
  return Object.keys(others).length > 0 ? { ...control, canary: others } : control
}

type Outcomes = ReadonlyMap<CanaryPayout, CanaryOutcome>

/** What becomes of the row by the look at one kind's canary; the same row when it stays as it is. */
function judgeKind(
  control: Control,
  kind: Kind,
  judged: Canary | undefined,
  outcomes: Outcomes,
  { by, now }: { readonly by: string; readonly now: Instant },
): Control {
  const canary = control.canary?.[kind]
  if (!canary || canary.since !== judged?.since) return control
  const known = [...outcomes]
  const outcomeOf = ({ participantId, payout, at }: CanaryPayout): CanaryOutcome =>
    known.find(
      ([one]) => one.participantId === participantId && one.payout === payout && one.at === at,
    )?.[1] ?? 'under-way'
  const all = canary.payouts.map(outcomeOf)
  if (all.includes('paid')) return opened(control, kind)
  if (all.length >= canaryMax && all.every((outcome) => outcome === 'unpaid')) {
    const pause = { reason: 'canary-failed', since: now, by } as const
    return { ...opened(control, kind), paused: pausedWith(control.paused, pause, [kind]) }
  }
  const payouts = canary.payouts.filter((_, index) => all[index] !== 'unused')
  if (payouts.length === canary.payouts.length) return control
  return { ...control, canary: { ...control.canary, [kind]: { ...canary, payouts } } }
}

/**
 * The row after a look at what became of the canaries' payments; absent when it stays as it is. `outcomes` is of
 * `judged`: a canary that has begun since is not judged by them, and a payment permitted since is under way.
 */
export function judgeCanaries(
  control: Control,
  judged: Canaries,
  outcomes: Outcomes,
  by: { readonly by: string; readonly now: Instant },
): { readonly control?: Control } {
  const after = kinds.reduce((row, kind) => judgeKind(row, kind, judged[kind], outcomes, by), control)
  return after === control ? {} : { control: { ...after, version: control.version + 1 } }
}
