/** What a file says of itself against what its lines come to. */
export type Difference = {
  /** `debits` and `credits` are sums, fees among the debits; `closing balance` starts from the opening one. */
  readonly total: 'lines' | 'debits' | 'credits' | 'closing balance'
  /** A number of lines, or whole rupiah; a balance may be less than nothing. */
  readonly stated: number
  readonly read: number
}

/** How the reading of a statement has ended; always the last thing that is read, and read once. */
export type Ending =
  /** All of it was there. */
  | {
      readonly ending: 'whole'
      readonly lines: number
      readonly unparsable: number
      /** Empty where the file says nothing of itself, and where a line was unparsable: then nothing can agree. */
      readonly differences: readonly Difference[]
    }
  /** It is no statement of that form, or not all of one: no line of it counts, those already read neither. */
  | {
      readonly ending: 'refused'
      /** A sentence for people: what is wrong with the file, and nothing of what is in it. */
      readonly complaint: string
    }
