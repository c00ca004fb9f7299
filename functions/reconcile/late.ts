import { type CivilDate, type Instant, plusDays, plusSeconds } from '../../shared/domain/instant.ts'
import type { Movement } from '../../shared/finance/movement.ts'
import type { Movements } from '../../shared/finance/movements.ts'
import type { Booked, Verdict } from '../../shared/reconciliation/judge.ts'

/** Movements whose files were written after their day was reconciled. */

/** Days for which that is looked for. The journal's stream forgets after one; two more to mend what was given up. */
const lateDays = 3
/** What S3 has only just taken is left to the next run, so that no two read the same file. */
const settledSeconds = 60

/** The files that a run at that instant knows of are those written up to this one. */
export const horizonOf = (now: Instant): Instant => plusSeconds(now, -settledSeconds)

type Reader = { readonly movements: Pick<Movements, 'read'> }

/** What a run of `before.day` at `before.at` could not know of, of that day and some before it. */
export async function* lateMovements(
  { movements }: Reader,
  before: { readonly partner: string; readonly day: CivilDate; readonly at: Instant },
  now: Instant,
): AsyncGenerator<Movement> {
  const written = { after: horizonOf(before.at), until: horizonOf(now) }
  for (let back = lateDays - 1; back >= 0; back--)
    yield* movements.read(before.partner, plusDays(before.day, -back), written)
}

const bookedIn = (verdict: Verdict): Booked | undefined =>
  verdict.verdict === 'break' ? verdict.booked : undefined

/**
 * A line that seems to be a second one of a movement, which is in no file yet, waits: when the file is there, the line
 * is that movement, or it is a second one after all.
 */
export async function awaitLate(
  { movements }: Reader,
  verdicts: readonly Verdict[],
  { partner, day, now }: { readonly partner: string; readonly day: CivilDate; readonly now: Instant },
): Promise<readonly Verdict[]> {
  const recent = verdicts.flatMap((verdict) => {
    const booked = bookedIn(verdict)
    return booked && booked.day > plusDays(day, -lateDays) ? [booked] : []
  })
  const unread = new Set(recent.map(({ movement }) => movement))
  for (const date of new Set(recent.map((booked) => booked.day))) {
    for await (const { id } of movements.read(partner, date, { until: horizonOf(now) })) {
      unread.delete(id)
      if (unread.size === 0) return verdicts
    }
  }
  return verdicts.map((verdict): Verdict => {
    const booked = bookedIn(verdict)
    const waits = booked && unread.has(booked.movement)
    return waits ? { verdict: 'awaits', day: booked.day, stated: false } : verdict
  })
}
