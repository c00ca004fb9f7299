import { beyondSendingFrom, type Windows } from '../domain/document.ts'
import type { Attempt } from '../domain/fold.ts'
import {
  type CivilDate,
  earliest,
  type Instant,
  jakartaDate,
  latest,
  plusDays,
  plusSeconds,
} from '../domain/instant.ts'
import { isSettledAt } from '../domain/not-found.ts'
import type { Rupiah } from '../domain/rupiah.ts'
import { statementDayOf } from './item.ts'
import type { LeftOut, UnmatchedDebit } from './outcome.ts'

/** What the statement of a day can prove by saying nothing. */
export type ClosedDay = {
  readonly day: CivilDate
  /** Every line could be read, and the control totals are those of the lines. */
  readonly complete: boolean
  /** Debits that nothing here matches and nobody has written off: any of them may be the attempt in question. */
  readonly unmatchedDebits: readonly UnmatchedDebit[]
  /** Those that two people have written off: given up, which is no proof of whose they are. */
  readonly writtenOffDebits: readonly UnmatchedDebit[]
  /** There are more such debits than are kept: one of the others may be the attempt, too. */
  readonly leftOut: LeftOut
  /** The next day with a statement has all of this one's that is open still: what it has not, was matched, taken
   *  back, or left out there. */
  readonly isCarriedOn: boolean
}

/**
 * By what a debit may be an attempt. `reference`: it bears the attempt's own, so that the partner has booked something
 * for it, whatever the amount, on any day of the year after the claim, and has not taken it back; a write-off gives up a
 * difference, and says nothing of that. `left-out`: of those that are not kept one has the attempt's amount,
 * or may have its reference. `amount`: it is exactly the attempt's, until two people have written it off.
 */
export type Likeness = 'reference' | 'left-out' | 'amount'

/** The partner's, see its configuration and `toleranceOf`. */
export type AbsenceWindows = Windows & { readonly toleranceDays: number }

/** What the statements say of an attempt by not having it; of several shortcomings the first that is listed here. */
export type Absence =
  /** A debit is nobody else's, and may be this very payment: the day of its statement, or of the run that left it out. */
  | { readonly absence: 'debit-unmatched'; readonly day: CivilDate; readonly because: Likeness }
  /** There is no statement of the day, or it is of a day that nobody looks at any more. */
  | { readonly absence: 'day-missing'; readonly day: CivilDate }
  | { readonly absence: 'day-unreadable'; readonly day: CivilDate }
  /** No statement has it, but the partner has not been asked since its settle window, or has not said “not found”. */
  | { readonly absence: 'not-asked' }
  /** `writtenOff`: the first day that has a debit of exactly its amount which people have given up. */
  | {
      readonly absence: 'absent'
      readonly from: CivilDate
      readonly to: CivilDate
      readonly writtenOff?: CivilDate
      /** Before, a send of it may still be accepted, and nobody may settle it: see `beyondSendingFrom`. */
      readonly settledFrom: Instant
    }

/** Days on which a debit of the attempt might still have been booked. More than this is not looked at. */
const daysMax = 366

/** The first and the last day on which a debit of the attempt might have been booked. */
function daysInQuestion(
  { claimedAt, until }: Pick<Attempt, 'claimedAt' | 'until'>,
  { settleWindowSeconds, toleranceDays }: Pick<AbsenceWindows, 'settleWindowSeconds' | 'toleranceDays'>,
): { readonly from: CivilDate; readonly to: CivilDate } {
  const settled = plusSeconds(until, settleWindowSeconds)
  return { from: jakartaDate(claimedAt), to: plusDays(jakartaDate(settled), toleranceDays) }
}

/**
 * Days whose statements `absenceOf` is to be given by `today`: those in question, and those since, one of which may have
 * a debit under the attempt's own reference too late.
 */
export function daysToAsk(
  attempt: Pick<Attempt, 'claimedAt' | 'until'>,
  windows: Pick<AbsenceWindows, 'settleWindowSeconds' | 'toleranceDays'>,
  today: CivilDate,
): { readonly from: CivilDate; readonly to: CivilDate } {
  const { from, to } = daysInQuestion(attempt, windows)
  return { from, to: earliest(latest(to, today), plusDays(from, daysMax - 1)) }
}

/** A debit that may be the attempt by its reference, or may be among those left out by it, on the last day that has it. */
function debitByReference(
  days: readonly ClosedDay[],
  reference: string,
  from: CivilDate,
): Extract<Absence, { absence: 'debit-unmatched' }> | undefined {
  const last = days.filter(({ isCarriedOn }) => !isCarriedOn)
  for (const { unmatchedDebits, writtenOffDebits } of last) {
    for (const { line, partnerReferenceNo } of [...unmatchedDebits, ...writtenOffDebits])
      if (partnerReferenceNo === reference)
        return { absence: 'debit-unmatched', day: statementDayOf(line), because: 'reference' }
  }
  const short = last.find(({ day, leftOut }) => day >= from && leftOut.references)
  return short && { absence: 'debit-unmatched', day: short.day, because: 'left-out' }
}

/** The day of the statement that has a debit of the amount. */
function dayOfAmount(debits: readonly UnmatchedDebit[], amount: Rupiah): CivilDate | undefined {
  const found = debits.find((debit) => debit.amount === amount)
  return found && statementDayOf(found.line)
}
const isLeftOut = ({ amounts }: LeftOut, amount: Rupiah): boolean =>
  amounts === 'any' || amounts.includes(amount)

/**
 * Whether the attempt is absent from the statements of every day from its first send to its last, and a settle window
 * and the tolerance more, or what is lacking. Absence is enough for two people to settle it as not paid. Weak proof: it
 * never settles by itself, and no machine sends anything again because of it. The question need not be put again after the
 * tolerance: an answer that says more than “not found” would have ended the unknown outcome. `days`: see `daysToAsk`.
 *
 *   first send ─ … ─ last send ─ settle window │ asked: not found
 *   └─────────────────── every day closed ──── tolerance ──┘
 *   └──────────── idempotency window ──────────── or longer ──────┘ `settledFrom`
 */
export function absenceOf(
  attempt: Pick<Attempt, 'claimedAt' | 'until' | 'claim' | 'askedAt'>,
  days: ReadonlyMap<CivilDate, ClosedDay>,
  windows: AbsenceWindows,
): Absence {
  const { from, to } = daysInQuestion(attempt, windows)
  const last = earliest(to, plusDays(from, daysMax - 1))
  const { reference, amount } = attempt.claim
  const booked = debitByReference([...days.values()], reference, from)
  if (booked) return booked
  let lacking: Absence | undefined
  let writtenOff: CivilDate | undefined
  for (let day = from; day <= last; day = plusDays(day, 1)) {
    const closed = days.get(day)
    if (!closed) {
      lacking ??= { absence: 'day-missing', day }
      continue
    }
    const { unmatchedDebits, writtenOffDebits, leftOut } = closed
    if (isLeftOut(leftOut, amount)) return { absence: 'debit-unmatched', day, because: 'left-out' }
    const debitedOn = dayOfAmount(unmatchedDebits, amount)
    if (debitedOn) return { absence: 'debit-unmatched', day: debitedOn, because: 'amount' }
    writtenOff ??= dayOfAmount(writtenOffDebits, amount)
    if (!closed.complete) lacking ??= { absence: 'day-unreadable', day }
  }
  if (lacking) return lacking
  if (last < to) return { absence: 'day-missing', day: plusDays(last, 1) }
  const { askedAt } = attempt
  if (!askedAt || !isSettledAt(attempt, askedAt, windows)) return { absence: 'not-asked' }
  const settledFrom = beyondSendingFrom(attempt, windows)
  return { absence: 'absent', from, to, ...(writtenOff && { writtenOff }), settledFrom }
}

/** Whether two people may settle the attempt as not paid now because no statement has it. */
export const isAbsent = (
  attempt: Parameters<typeof absenceOf>[0] & Pick<Attempt, 'status'>,
  days: ReadonlyMap<CivilDate, ClosedDay>,
  windows: AbsenceWindows,
  now: Instant,
): boolean => {
  if (attempt.status !== 'unknown') return false
  const found = absenceOf(attempt, days, windows)
  return found.absence === 'absent' && found.settledFrom <= now
}
