import type { Entry } from '../domain/entry.ts'
import { kindOf, type Payout } from '../domain/payout.ts'
import { payoutsOf, type Scheme } from '../domain/scheme.ts'

/**
 * How far participants have come, by their wave. `certificates` counts every certificate, the first of a participant and
 * those after it; `entitled` is reached by the first, with the accrual. The others follow from what a
 * participant is paid net of returns: the first of the incentives, all of the incentives, all payouts. Payments and
 * returns count in the order of their instants, and of payout and sequence where these are the same: the one that
 * completes a milestone brings the participant there, and a return that undoes it takes the participant back.
 *
 *   incentive-1 paid        +1 first-incentive
 *   incentive-1 returned    -1 first-incentive
 *   incentive-2 paid        +1 first-incentive
 */
export const milestoneNames = [
  'certificates',
  'entitled',
  'first-incentive',
  'all-incentives',
  'paid-in-full',
] as const
export type MilestoneName = (typeof milestoneNames)[number]

export type Milestone = {
  readonly name: MilestoneName
  readonly wave: number
  /**
   * Participants of the wave who have reached it, less those who have fallen behind it again; among the certificates,
   * each participant as often as one was issued.
   */
  readonly participants: number
}

/** The milestones that payments bring. */
const paidMilestones = ['first-incentive', 'all-incentives', 'paid-in-full'] as const
type PaidMilestone = (typeof paidMilestones)[number]

/** A participant's step over a milestone: forth by 1, back by -1. */
export type Step = { readonly name: PaidMilestone; readonly by: 1 | -1 }

/** 1: the entry makes its payout paid; -1: it takes that back; 0: neither. Its postings say so, whatever its type. */
export function paymentOf({ postings }: Pick<Entry, 'postings'>): 1 | 0 | -1 {
  if (postings.some(({ to }) => to.startsWith('paid/'))) return 1
  return postings.some(({ from }) => from.startsWith('paid/')) ? -1 : 0
}

function inOrder(one: Entry, other: Entry): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1
  if (one.subject !== other.subject) return one.subject < other.subject ? -1 : 1
  return one.seq - other.seq
}

/** The milestones that stand when these payouts are paid. */
function reached(scheme: Scheme, paid: (payout: Payout) => boolean): readonly PaidMilestone[] {
  const all = payoutsOf(scheme)
  const incentives = all.filter((payout) => kindOf(payout) === 'incentive')
  const standing = {
    'first-incentive': incentives.some(paid),
    'all-incentives': incentives.every(paid),
    'paid-in-full': all.every(paid),
  }
  return paidMilestones.filter((name) => standing[name])
}

/**
 * Whether it may make a difference to the milestones that `more` bring after `before` if any of these others came in
 * between. Payments alone bring milestones and never take one back, so that all others together tell.
 */
export function matter(
  scheme: Scheme,
  { before, more, others }: Readonly<Record<'before' | 'more' | 'others', readonly Entry[]>>,
): boolean {
  if (others.length === 0) return false
  const standing = (...entries: readonly Entry[]) => {
    const paid = new Set(entries.map(({ subject }) => subject))
    return reached(scheme, (payout) => paid.has(payout)).length
  }
  const hasReturn = [...before, ...more, ...others].some((entry) => paymentOf(entry) < 0)
  return (
    hasReturn ||
    standing(...before) !== standing(...before, ...others) ||
    standing(...before, ...more) !== standing(...before, ...more, ...others)
  )
}

/** What each entry of one participant's payouts, given in any order, has reached or taken back. */
export function stepsAlong(scheme: Scheme, entries: Iterable<Entry>): ReadonlyMap<Entry, readonly Step[]> {
  const steps = new Map<Entry, readonly Step[]>()
  const paid = new Map<Payout, number>()
  let before: readonly PaidMilestone[] = []
  for (const entry of [...entries].filter((each) => paymentOf(each) !== 0).sort(inOrder)) {
    paid.set(entry.subject, (paid.get(entry.subject) ?? 0) + paymentOf(entry))
    const now = reached(scheme, (payout) => (paid.get(payout) ?? 0) > 0)
    const forth = now.filter((name) => !before.includes(name)).map((name): Step => ({ name, by: 1 }))
    const back = before.filter((name) => !now.includes(name)).map((name): Step => ({ name, by: -1 }))
    if (forth.length + back.length > 0) steps.set(entry, [...forth, ...back])
    before = now
  }
  return steps
}

/** Adds milestones up as they come, in whatever order. */
export function createMilestoneTally() {
  const sums = new Map<string, Milestone>()
  const rank = ({ name, wave }: Milestone) => wave * milestoneNames.length + milestoneNames.indexOf(name)
  return {
    add(milestones: Iterable<Milestone>): void {
      for (const { name, wave, participants } of milestones) {
        const key = `${name} ${wave}`
        sums.set(key, { name, wave, participants: (sums.get(key)?.participants ?? 0) + participants })
      }
    },
    /** One of each name and wave, always in the same order; what comes to 0 is left out. */
    milestones: (): readonly Milestone[] =>
      [...sums.values()]
        .filter(({ participants }) => participants !== 0)
        .sort((one, other) => rank(one) - rank(other)),
  }
}

/** The sums of several lists, in the same manner. */
export function mergeMilestones(...lists: readonly (readonly Milestone[])[]): readonly Milestone[] {
  const tally = createMilestoneTally()
  for (const milestones of lists) tally.add(milestones)
  return tally.milestones()
}
