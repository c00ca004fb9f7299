import type { CivilDate } from '../../../../shared/domain/instant.ts'
import type { Book } from '../book.ts'
import { type Booked, bookedIn } from './booked.ts'
import { camtText } from './camt.ts'
import { csvText } from './csv.ts'
import { type Errors, type Planted, plant } from './planted.ts'

export type WrittenFormat = 'csv' | 'camt.053'

/** What a statement is written from. */
export type StatementOf = {
  readonly partner: string
  readonly day: CivilDate
  readonly format: WrittenFormat
}

/** A statement's text in pieces, to be read once, and what is wrong with it. */
export type WrittenStatement = { readonly text: Iterable<string>; readonly planted: readonly Planted[] }

const signed = ({ direction, amount }: Booked): number => (direction === 'credit' ? amount : -amount)

/** Whole rupiah in our account after these. */
export const balanceAfter = (booked: readonly Booked[]): number =>
  booked.reduce((total, line) => total + signed(line), 0)

/** Writes the lines of one day, with errors where they are asked for; `opening` is the balance before. */
export function writeLines(
  { partner, day, format }: StatementOf,
  booked: readonly Booked[],
  opening: number,
  errors?: Errors,
): WrittenStatement {
  const { lines, planted, miscounted } = errors
    ? plant(booked, errors)
    : { lines: booked, planted: [], miscounted: 0 }
  const text =
    format === 'csv'
      ? csvText(partner, lines, opening, miscounted)
      : camtText(day, lines, opening, miscounted)
  return { text, planted }
}

/** Writes a partner's statement of a day from its own book. */
export function writeStatement(
  of: StatementOf,
  book: Pick<Book, 'movements' | 'floatMovements'>,
  errors?: Errors,
): WrittenStatement {
  const all = bookedIn(book)
  const opening = balanceAfter(all.filter(({ day }) => day < of.day))
  return writeLines(
    of,
    all.filter(({ day }) => day === of.day),
    opening,
    errors,
  )
}
