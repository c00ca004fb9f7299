/**
 * How a partner writes its statements, as data. A CSV's header is looked up by name, so columns may move and new ones
 * may come; one that is missing or there twice makes the file another one than agreed, and it is refused.
 */

/**
 * How a day is written. `instant` is ISO 8601 with its offset, `2020-09-18T03:00:01Z`, and falls on the day that it is
 * then in Jakarta; all others are Jakarta's own day, after which a space and a time of day may follow.
 */
export type DayForm = 'dd/MM/yyyy' | 'dd-MM-yyyy' | 'yyyyMMdd' | 'yyyy-MM-dd' | 'instant'

/** How an amount is written: `1.234.567,00` has thousands `.` and decimal `,`. Decimals may be left out. */
export type AmountForm = {
  readonly thousands?: '.' | ','
  readonly decimal: '.' | ','
  /** Before the digits, e.g. `Rp `. */
  readonly currency?: string
}

export type Direction = 'debit' | 'credit' | 'fee'

/** A column, and where in it something stands. */
export type Place = {
  readonly column: string
  /** Absent: the whole column. Its first group is what is looked for; a text that does not match says nothing. */
  readonly pattern?: RegExp
}

/** Where a line says how much went which way. */
export type AmountColumns =
  /** One column with the amount, one with a word for the direction. */
  | {
      readonly layout: 'words'
      readonly amount: string
      readonly direction: string
      readonly words: Readonly<Record<string, Direction>>
    }
  /** One column, less than nothing where money left our float. */
  | { readonly layout: 'signed'; readonly amount: string }
  /** Two columns, of which one is empty or zero. */
  | { readonly layout: 'separate'; readonly debit: string; readonly credit: string }

export type CsvMapping = {
  readonly delimiter: ',' | ';' | '|'
  readonly quote: '"' | null
  readonly day: { readonly column: string; readonly form: DayForm }
  readonly amount: AmountColumns & { readonly form: AmountForm }
  /**
   * What became of a line, where a column says so. One with any other word cannot be read, and its day is not whole: what
   * is not decided yet is neither money that moved nor proof that none did. Absent: every line is booked.
   */
  readonly status?: {
    readonly column: string
    /** The money moved. */
    readonly booked: readonly string[]
    /** None moved, and none will: left out, though a trailer counts it among its lines. */
    readonly notBooked: readonly string[]
  }
  /** Money that left is a fee where this column matches; for layouts without a word for it. */
  readonly fee?: { readonly column: string; readonly pattern: RegExp }
  /** Our reference of an attempt or, of money to and from the treasury, the number of its document. */
  readonly ours: readonly Place[]
  /** The partner's own reference. */
  readonly theirs: Place
  /** The last line, told by its first field: a file without it is broken off. Absent: there is none. */
  readonly trailer?: {
    readonly mark: string
    /** Positions in that line, from 0, of what it says of all lines before it. */
    readonly lines?: number
    readonly debits?: number
    readonly credits?: number
  }
}

/** What can be told from the words of a bank's line, in whatever format it comes. */
export type Remark = {
  /** Our reference or a document's number; the first group of the first that matches. */
  readonly ours: readonly RegExp[]
  /** Money that left with such words is a fee. */
  readonly fee: RegExp
}

export type StatementMapping = {
  readonly csv: CsvMapping
  /** Of a bank. */
  readonly remark?: Remark
}
