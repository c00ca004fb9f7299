import { type Instant, plusSeconds } from '../domain/instant.ts'
import { formatRupiah } from '../domain/rupiah.ts'
import type { AppliedAlone, Job, RetrySet } from './register.ts'

/** When a second person has to stand behind a retry. Pure. */

/** How much one person may have retried alone within a day, whatever it is split into. */
export type ApprovalLimits = {
  readonly payouts: number
  /** Whole rupiah. */
  readonly rupiah: number
}

const daySeconds = 24 * 3_600

/** What of it still counts: the last 24 hours, without what this job itself has taken when it was begun before. */
const counting = ({ sets }: AppliedAlone, now: Instant, job?: string): AppliedAlone['sets'] =>
  sets.filter((one) => one.at > plusSeconds(now, -daySeconds) && one.job !== job)

const grouped = (count: number): string => count.toLocaleString('en-US')
const payments = (count: number): string => `${grouped(count)} ${count === 1 ? 'payment' : 'payments'}`

function overLimits(set: RetrySet, before: AppliedAlone['sets'], limits: ApprovalLimits): string[] {
  const count = before.reduce((total, one) => total + one.payments, set.payments)
  const amount = before.reduce((total, one) => total + one.rupiah, set.rupiah)
  const earlier =
    before.length === 0 ? '' : ' with what the same person has retried alone in the last 24 hours'
  return [
    ...(count > limits.payouts
      ? [
          `more payments than one person may retry alone in a day: ${grouped(count)}${earlier}, above ${grouped(limits.payouts)}`,
        ]
      : []),
    ...(amount > limits.rupiah
      ? [
          `more money than one person may retry alone in a day: ${formatRupiah(amount)}${earlier}, above ${formatRupiah(limits.rupiah)}`,
        ]
      : []),
  ]
}

/**
 * Why the set takes a second person, in words; empty where one is enough. `before`: what the person has applied alone.
 * `job`: the one that carries this out, should it have begun already. Where no answer of the partner's to us has closed
 * any one of the attempts, but a line of a statement or a document, one person never decides alone: whoever can make such a
 * paper could otherwise be paid again. For the same reason no other account ends what a statement calls returned.
 */
export function approvalReasons(
  set: RetrySet,
  before: AppliedAlone,
  { limits, now, job }: { readonly limits: ApprovalLimits; readonly now: Instant; readonly job?: string },
): readonly string[] {
  const { returnedByStatement, notPaidByDocument } = set
  return [
    ...overLimits(set, counting(before, now, job), limits),
    ...(returnedByStatement === undefined
      ? []
      : [`money said returned by a statement: ${payments(returnedByStatement)}`]),
    ...(notPaidByDocument === undefined
      ? []
      : [`said not paid by a document: ${payments(notPaidByDocument)}`]),
  ]
}

/** What the person has applied alone once this job has begun; what no longer counts is left out. */
export const withApplied = (
  before: AppliedAlone,
  { id, at, payments: count }: Pick<Job, 'id' | 'at' | 'payments'>,
  { rupiah }: Pick<RetrySet, 'rupiah'>,
): AppliedAlone => ({
  person: before.person,
  version: before.version + 1,
  sets: [...counting(before, at, id), { job: id, at, payments: count, rupiah }],
})
