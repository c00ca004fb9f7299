import { type CivilDate, type Instant, jakartaDate } from '../../../../shared/domain/instant.ts'
import { parseReference } from '../../../../shared/domain/reference.ts'
import type { Rupiah } from '../../../../shared/domain/rupiah.ts'
import type { Book } from '../book.ts'

/** Something a partner has booked in our account, as it goes on a statement. */
export type Booked = {
  readonly at: Instant
  /** The booking day in Jakarta. */
  readonly day: CivilDate
  readonly direction: 'debit' | 'credit' | 'fee'
  readonly amount: Rupiah
  /** Ours: of an attempt, or of the treasury's document. */
  readonly ours?: string | undefined
  readonly referenceNo: string
}

/** The partner's own number of a movement of the float. */
const numberOf = (at: Instant, position: number): string =>
  `F${at.replace(/\D/g, '').slice(0, 8)}${String(position + 1).padStart(6, '0')}`

/** Everything in a book by now, oldest first. */
export function bookedIn(book: Pick<Book, 'movements' | 'floatMovements'>): readonly Booked[] {
  const transfers = book.movements().map(({ at, direction, amount, partnerReferenceNo, referenceNo }) => ({
    at,
    day: jakartaDate(at),
    direction,
    amount,
    ours: partnerReferenceNo,
    referenceNo,
  }))
  const floats = book.floatMovements().map(({ at, direction, amount, document }, position) => ({
    at,
    day: jakartaDate(at),
    direction,
    amount,
    ours: document,
    referenceNo: numberOf(at, position),
  }))
  return [...floats, ...transfers].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
}

/** The same by day, in the order of the days. */
export const bookedByDay = (
  book: Parameters<typeof bookedIn>[0],
): ReadonlyMap<CivilDate, readonly Booked[]> => Map.groupBy(bookedIn(book), ({ day }) => day)

/** Whether it is under a reference of an attempt, not under a document. */
export const isOfAttempt = ({ ours = '' }: Pick<Booked, 'ours'>): boolean =>
  parseReference(ours) !== undefined

/** How a bank words it; a transfer's remark is what we gave, and that is our reference. */
export function remarkOf(booked: Pick<Booked, 'direction' | 'ours'>): string {
  const { direction, ours } = booked
  if (direction === 'fee') return `BIAYA ADMINISTRASI NO. DOK ${ours}`
  return isOfAttempt(booked) ? `TRANSFER PRAKERJA ${ours}` : `PINDAH DANA NO. DOK ${ours}`
}
