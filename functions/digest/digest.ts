import { type CivilDate, type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import { type Digests, digestOf } from '../../shared/operations/digest.ts'
import type { Register } from '../../shared/operations/register.ts'

export type DigestDependencies = {
  readonly register: Pick<Register, 'audit'>
  readonly digests: Pick<Digests, 'keep'>
}

/** What one run has come to; `failures` are of days whose trail or digest could not be read or written. */
export type Digested = {
  readonly kept: number
  /** Days whose trail is no longer what its digest says. */
  readonly changed: readonly CivilDate[]
  readonly failures: readonly unknown[]
}

/** Days that one run looks back: the one that has just ended, and those that an outage may have left out. */
const daysBack = 7

/** Keeps the digest of every day that has just ended and has none. A day that fails holds up no other. */
export async function digestDays({ register, digests }: DigestDependencies, now: Instant): Promise<Digested> {
  const today = jakartaDate(now)
  const days = Array.from({ length: daysBack }, (_, index) => plusDays(today, index - daysBack))
  const outcomes = await Promise.allSettled(
    days.map(async (day) => ({ day, came: await digests.keep(digestOf(day, await register.audit(day))) })),
  )
  const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  return {
    kept: done.filter(({ came }) => came === 'kept').length,
    changed: done.filter(({ came }) => came === 'other').map(({ day }) => day),
    failures: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  }
}
