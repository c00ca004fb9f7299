import { earliest, type Instant, jakartaDate, latest, plusMonths, startOfDay } from './instant.ts'
import type { RefusalReason } from './outcome.ts'
import { instalmentOf, kindOf, type Payout, type SurveyNumber, surveyOf } from './payout.ts'
import { type Scheme, schemeNamed } from './scheme.ts'

/**
 * What is known of a participant besides the journal: recorded once, never changed, and only ever more of it.
 */

export type Certificate = {
  readonly certificateId: string
  readonly issuedAt: Instant
  readonly platform: string
  readonly trainingProvider: string
  readonly trainingId: string
}

/** One participant's right under a scheme; the governing certificate dates the payouts. */
export type Entitlement = {
  readonly participantId: string
  readonly wave: number
  readonly scheme: string
  readonly governing: Certificate
  /** How often an earlier certificate has taken over since. */
  readonly replacements: number
}

/** An account as linked at one time, without what identifies its holder. */
export type AccountVersion = {
  /** Sorts by the time of linking. */
  readonly version: string
  readonly partner: string
  readonly lastFour: string
  readonly linkedAt: Instant
  readonly verification?:
    | { readonly outcome: 'verified' }
    | { readonly outcome: 'refused'; readonly reason: RefusalReason }
  /** Another participant has linked the same account. */
  readonly shared: boolean
}

export type Facts = {
  readonly entitlement?: Entitlement
  /** When each survey was completed. */
  readonly surveys: Readonly<Partial<Record<SurveyNumber, Instant>>>
  /** Oldest first. */
  readonly accounts: readonly AccountVersion[]
}

/** Whether `candidate` comes before `governing`: the earlier issue, then the smaller id, is the first certificate. */
export const precedes = (candidate: Certificate, governing: Certificate): boolean =>
  candidate.issuedAt < governing.issuedAt ||
  (candidate.issuedAt === governing.issuedAt && candidate.certificateId < governing.certificateId)

/** The account that payouts go to now: the one linked last, within the scheme's last day for linking. */
export const currentAccount = (facts: Facts, scheme: Scheme): AccountVersion | undefined =>
  facts.accounts.findLast(({ linkedAt }) => jakartaDate(linkedAt) <= scheme.lastLink)

/**
 * How many of the facts that place a payout are known. Facts are only ever added, so of two readers the one with the
 * higher count has seen everything the other has: a row written from fewer facts never replaces one written from more.
 */
export function factCount(facts: Facts, payout: Payout): number {
  const survey = surveyOf(payout)
  const surveyed = survey && facts.surveys[survey] ? 1 : 0
  return facts.accounts.length + surveyed + (facts.entitlement?.replacements ?? 0)
}

/**
 * When a payout may first be paid: 00:00 in Jakarta of its day; `undefined` while its survey is not filled.
 * Incentive k: k-1 months after the governing certificate's day, counted from that day and clamped to the
 * month's end. Survey k: the day of the later of its completion and the certificate. What would fall behind the
 * last payment day is due on it.
 */
export function dueAt(entitlement: Entitlement, facts: Facts, payout: Payout): Instant | undefined {
  const scheme = schemeNamed(entitlement.scheme)
  const { issuedAt } = entitlement.governing
  const day = () => {
    if (kindOf(payout) === 'incentive') {
      const months = (instalmentOf(payout) - 1) * scheme.monthsBetweenIncentives
      return plusMonths(jakartaDate(issuedAt), months)
    }
    const survey = surveyOf(payout)
    const completedAt = survey && facts.surveys[survey]
    return completedAt && jakartaDate(latest(completedAt, issuedAt))
  }
  const date = day()
  if (!date) return undefined
  return startOfDay(earliest(date, scheme.lastPayment))
}
