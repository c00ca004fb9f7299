import type { CivilDate } from '../domain/instant.ts'
import type { Rupiah } from '../domain/rupiah.ts'

/**
 * One movement on a partner's statement, whatever its format. Seen from our float: a debit left it, a credit came back
 * or arrived, a fee is what the partner took for itself.
 */
export type StatementLine = {
  /** Position in the file, from 1; a heading is not counted. */
  readonly line: number
  /** Booking day in Jakarta. */
  readonly day: CivilDate
  readonly direction: 'debit' | 'credit' | 'fee'
  /** Whole rupiah, more than nothing. */
  readonly amount: Rupiah
  /** Ours, of the attempt. */
  readonly partnerReferenceNo?: string
  /** The partner's own. */
  readonly referenceNo?: string
  /** Of a funding, a sweep or a fee. */
  readonly document?: string
}

/** A line that says something, but nothing that can be read; the lines after it are read all the same. */
export type Unparsable = {
  /** Position in the file, from 1; a heading is not counted. */
  readonly line: number
  /** Which field, and what was expected of it; never what it contains. */
  readonly complaint: string
}

export type StatementFormat = 'csv' | 'camt.053' | 'bank-statement'

/** What a statement is of: all movements that one partner booked on one day in Jakarta. */
export type Statement = {
  readonly partner: string
  readonly day: CivilDate
  readonly format: StatementFormat
}
