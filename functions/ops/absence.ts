import { type Attempt, openAttempt } from '../../shared/domain/fold.ts'
import { type CivilDate, type Instant, jakartaDate } from '../../shared/domain/instant.ts'
import type { PayoutCase } from '../../shared/ledger/payout.ts'
import { type Absence, absenceOf, daysToAsk, type Likeness } from '../../shared/reconciliation/absence.ts'
import { absenceWindowsOf, closedDays } from '../../shared/reconciliation/closed-days.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'

type Dependencies = Pick<OpsDependencies, 'reconciliations' | 'remarks'>

/** What its partner's statements say of an attempt whose outcome is unknown. */
export async function readAbsence(deps: Dependencies, attempt: Attempt, now: Instant): Promise<Absence> {
  const { partner } = attempt.claim
  const windows = absenceWindowsOf(partner)
  const days = await closedDays(deps, partner, daysToAsk(attempt, windows, jakartaDate(now)))
  return absenceOf(attempt, days, windows)
}

type Absent = Extract<Absence, { absence: 'absent' }>

function sayAbsent({ from, to, writtenOff, settledFrom }: Absent, now: Instant): string {
  const but =
    writtenOff === undefined
      ? ''
      : `, but for a debit of the same amount on ${writtenOff}, which was written off`
  const absent = `absent on every day from ${from} to ${to}${but}`
  if (settledFrom > now) return `${absent}; may be settled from ${shownAt(settledFrom)} on`
  return `eligible for settle: ${absent}`
}

const unmatched: Readonly<Record<Likeness, (day: CivilDate) => string>> = {
  reference: (day) => `an unmatched debit under its own reference on ${day}, which may be this payment`,
  'left-out': (day) => `more unmatched debits on ${day} than are kept, one of which may be this payment`,
  amount: (day) => `an unmatched debit of the same amount on ${day}, which may be this payment`,
}

/** The same in words, for whoever has to decide whether it was paid. */
export function sayAbsence(found: Absence, now: Instant): string {
  switch (found.absence) {
    case 'debit-unmatched':
      return unmatched[found.because](found.day)
    case 'day-missing':
      return `the statement of ${found.day} is missing`
    case 'day-unreadable':
      return `the statement of ${found.day} could not be read whole`
    case 'not-asked':
      return 'no statement has it, but the partner has not said “not found” since its settle window'
    case 'absent':
      return sayAbsent(found, now)
  }
}

/** What statements say of each attempt whose outcome is unknown, by its reference. */
export async function absencesIn(
  deps: Dependencies,
  cases: readonly PayoutCase[],
  now: Instant,
): Promise<ReadonlyMap<string, string>> {
  const open = cases.flatMap(({ standing }) => openAttempt(standing) ?? [])
  const unknown = open.filter(({ status }) => status === 'unknown')
  const said = unknown.map(
    async (attempt) =>
      [attempt.claim.reference, sayAbsence(await readAbsence(deps, attempt, now), now)] as const,
  )
  return new Map(await Promise.all(said))
}
