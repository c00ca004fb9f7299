import { type CivilDate, daysBetween, plusDays } from '../domain/instant.ts'
import { parseReference } from '../domain/reference.ts'
import type { Rupiah } from '../domain/rupiah.ts'
import { type BreakKind, type Finding, findingOf, findingOfPair } from './break.ts'
import { type Item, statementDayOf } from './item.ts'
import { isFromStatement, type Verdict } from './judge.ts'
import type { Pair } from './pair.ts'

/** What a pair, or what is left over, comes to as of the end of a statement's day. */

export type AsOf = { readonly day: CivilDate; readonly toleranceDays: number }

/** People have written it down by a document, and only when they had that: the partner was not late, we were. */
const isBookedLaterByPeople = (movement: Item, line: Item): boolean =>
  movement.document !== undefined && movement.day > line.day

/**
 * A pair can be of different amounts, of days too far apart for which the partner has to answer, or both. Two lines that
 * cancel out are in order whenever they come.
 */
export function findingsOfPair(pair: Pair, { toleranceDays }: AsOf): readonly Finding[] {
  const { line, counterpart } = pair
  if (counterpart.side === 'theirs') return []
  const apart = Math.abs(daysBetween(counterpart.day, line.day))
  const isExplained = isFromStatement(counterpart) || isBookedLaterByPeople(counterpart, line)
  return [
    ...(line.amount === counterpart.amount
      ? []
      : [findingOfPair('amount-differs', pair, `our books say ${counterpart.amount}`)]),
    ...(apart > toleranceDays && !isExplained
      ? [findingOfPair('wrong-day', pair, `our books say ${counterpart.day}`)]
      : []),
  ]
}

const isOverdue = (item: Item, { day, toleranceDays }: AsOf): boolean =>
  daysBetween(item.day, day) > toleranceDays

/** A movement that no line is; within the tolerance one may still come. */
export const findingOfMovement = (movement: Item, asOf: AsOf): Finding | undefined =>
  isOverdue(movement, asOf) ? findingOf('paid-here-not-on-statement', movement) : undefined

/** A line that no movement is. */
export function findingOfLine(line: Item, verdict: Verdict, asOf: AsOf): Finding | undefined {
  switch (verdict.verdict) {
    case 'break':
      return findingOf(verdict.kind, line, verdict.detail)
    case 'awaits':
      // Our books follow, but people should know that money came back without anybody telling us.
      return verdict.stated && line.direction === 'credit' ? findingOf('refund-or-reversal', line) : undefined
    case 'open':
    case 'settle':
      return isOverdue(line, asOf) ? findingOf('on-statement-unknown-here', line) : undefined
  }
}

export type Judged = { readonly line: Item; readonly verdict: Verdict }

/** Debits that are not the payment in our books, which a credit of the same takes back. */
const mistaken: ReadonlySet<BreakKind> = new Set(['paid-twice-by-partner', 'amount-differs'])

/**
 * What a partner paid twice, or with a wrong amount, and took back itself: the debit and the credit of it, on the same day
 * or later, which cancel out, so that the credit is no return of the payment that is in our books.
 */
export function takenBack(
  debits: readonly Judged[],
  credits: readonly Item[],
): {
  readonly pairs: readonly Pair[]
  readonly debits: readonly Judged[]
  readonly credits: readonly Item[]
} {
  const free = [...credits]
  const pairs: Pair[] = []
  const left = debits.filter(({ line, verdict }) => {
    if (verdict.verdict !== 'break' || !mistaken.has(verdict.kind)) return true
    const index = free.findIndex(
      ({ partnerReferenceNo, amount, day }) =>
        partnerReferenceNo === line.partnerReferenceNo && amount === line.amount && day >= line.day,
    )
    if (index < 0) return true
    for (const credit of free.splice(index, 1)) pairs.push({ line: credit, counterpart: line })
    return false
  })
  return { pairs, debits: left, credits: free }
}

/** A debit of a statement that nobody here knows. */
export type UnmatchedDebit = {
  /** Day and line of its statement. */
  readonly line: string
  readonly amount: Rupiah
  /** Kept only where an attempt of ours could have it: the debit may be that one then, whatever its amount. */
  readonly partnerReferenceNo?: string
}

/** Debits that a run keeps: with the longest references of ours they still fit into its item of DynamoDB, of 400 KB. */
export const unmatchedDebitsMax = 3_000

/** What a run knows of debits that it does not keep. */
export type LeftOut = {
  /**
   * Amounts of the day's own, each once, or `any` where there are more than `leftOutAmountsMax`. What is left out of
   * days before, those days' runs have.
   */
  readonly amounts: readonly Rupiah[] | 'any'
  /** Some bear a reference that an attempt of ours could have, of whatever day. */
  readonly references: boolean
}
export const leftOutAmountsMax = 1_000

function unmatchedDebit({ id, amount, partnerReferenceNo = '' }: Item): UnmatchedDebit {
  // Others may be of any length, and no attempt has them.
  const isOurs = parseReference(partnerReferenceNo) !== undefined
  return { line: id, amount, ...(isOurs && { partnerReferenceNo }) }
}

const hasReference = ({ partnerReferenceNo }: UnmatchedDebit): boolean => partnerReferenceNo !== undefined

/** Those with a reference of ours, which tells more than an amount does; of equals, those of the newest statements. */
function mostTellingFirst(one: UnmatchedDebit, other: UnmatchedDebit): number {
  if (hasReference(one) !== hasReference(other)) return hasReference(one) ? -1 : 1
  return one.line > other.line ? -1 : one.line < other.line ? 1 : 0
}

function amountsOf(debits: readonly UnmatchedDebit[]): LeftOut['amounts'] {
  const amounts = [...new Set(debits.map(({ amount }) => amount))]
  return amounts.length > leftOutAmountsMax ? 'any' : amounts.sort((one, other) => one - other)
}

/** Debits that may yet be an attempt that is missing: at most `unmatchedDebitsMax`, the most telling ones. */
export function unmatchedDebits(
  judged: readonly Judged[],
  { day }: Pick<AsOf, 'day'>,
): { readonly unmatchedDebits: readonly UnmatchedDebit[]; readonly leftOut: LeftOut } {
  const debits = judged
    .filter(({ line, verdict }) => line.direction === 'debit' && verdict.verdict !== 'awaits')
    .map(({ line }) => unmatchedDebit(line))
    .sort(mostTellingFirst)
  const others = debits.slice(unmatchedDebitsMax)
  const own = others.filter(({ line }) => statementDayOf(line) === day)
  return {
    unmatchedDebits: debits.slice(0, unmatchedDebitsMax),
    leftOut: { amounts: amountsOf(own), references: others.some(hasReference) },
  }
}

/** Days whose movements a run reads: all since the last run, or those that its first lines may be of. */
export function daysToRead(
  previous: CivilDate | undefined,
  { day, toleranceDays }: AsOf,
): readonly CivilDate[] {
  const from = previous === undefined ? plusDays(day, -toleranceDays) : plusDays(previous, 1)
  const days: CivilDate[] = []
  for (let next = from; next <= day && days.length < daysMax; next = plusDays(next, 1)) days.push(next)
  return days
}
/** A partner that sends nothing for longer is not carried on from: no scheme lasts so long. */
export const daysMax = 366
