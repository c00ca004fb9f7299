import * as z from 'zod'
import type { CivilDate, Instant } from '../domain/instant.ts'
import { jakartaTimestamp, plusDays, plusSeconds, startOfDay } from '../domain/instant.ts'
import type { Partner } from '../partners/partner.ts'
import type { Ending } from './ending.ts'
import { foundIn } from './entry.ts'
import { dayOfInstant, isPayable, isReference, namedBy, readPlainAmount } from './fields.ts'
import type { StatementLine, Unparsable } from './line.ts'
import type { Remark } from './mapping.ts'
import { createTally, type Stated } from './tally.ts'

/**
 * The bank statement that SNAP's service 14 gives (https://apidevportal.bi.go.id/snap/api-services, riwayat transaksi):
 * asked for instead of sent, page by page, the newest record first.
 */

const money = z.object({ value: z.string().max(24), currency: z.string().max(3).nullish() })
const record = z.object({
  amount: money,
  transactionDate: z.string().max(25),
  type: z.string().max(6),
  remark: z.string().max(256).nullish(),
  transactionId: z.string().max(64).nullish(),
  transactionDetailStatus: z.string().max(20).nullish(),
})

const expectations = {
  amount: 'amount: whole rupiah (IDR), more than nothing, were expected',
  transactionDate: 'transactionDate: a time with its offset was expected',
  type: 'type: CREDIT or DEBIT was expected',
  remark: 'remark: at most 256 characters were expected',
  transactionId: 'transactionId: a reference was expected',
  transactionDetailStatus: 'transactionDetailStatus: SUCCESS or nothing was expected',
} as const

/**
 * A record as a line. Of its status the standard knows SUCCESS and "ERROR CORECTION" (sic), and a bank may have words of its
 * own. What is not simply booked cannot be read, and its day is not whole: it is asked for once, and may still be booked.
 */
export function readRecord(
  raw: unknown,
  line: number,
  words: Remark | undefined,
): StatementLine | Unparsable {
  const unparsable = (field: keyof typeof expectations): Unparsable => ({
    line,
    complaint: expectations[field],
  })
  const parsed = record.safeParse(raw)
  if (!parsed.success) {
    const named = record.keyof().safeParse(parsed.error.issues[0]?.path[0])
    return named.success ? unparsable(named.data) : { line, complaint: 'the record: an object was expected' }
  }
  const {
    amount,
    transactionDate,
    type,
    remark,
    transactionId,
    transactionDetailStatus: status,
  } = parsed.data
  if (status && status !== 'SUCCESS') return unparsable('transactionDetailStatus')
  const day = dayOfInstant(transactionDate)
  const value = (amount.currency ?? 'IDR') === 'IDR' ? readPlainAmount(amount.value) : undefined
  if (!isPayable(value)) return unparsable('amount')
  if (!day) return unparsable('transactionDate')
  if (type !== 'DEBIT' && type !== 'CREDIT') return unparsable('type')
  if (transactionId && !isReference(transactionId)) return unparsable('transactionId')
  const isFee = type === 'DEBIT' && words?.fee.test(remark ?? '')
  return {
    line,
    day,
    direction: isFee ? 'fee' : type === 'DEBIT' ? 'debit' : 'credit',
    amount: value,
    ...namedBy(foundIn(remark ?? '', words)),
    ...(transactionId && { referenceNo: transactionId }),
  }
}

/** A day of a million records in pages of a hundred. */
const pagesMax = 10_000
/** Left, when another page is asked for, for its answer and for putting the file where it is read. */
const secondsKept = 60

/**
 * Pages overlap by the second in which one ends: the records of that second that were on the page before are left out,
 * each as often as it was there, so that two alike that were both booked are both read.
 */
function createOverlap() {
  let seen = new Map<string, number>()
  return (records: readonly unknown[]): readonly unknown[] => {
    const texts = records.map((record) => JSON.stringify(record) ?? '')
    const fresh = records.filter((_, index) => {
      const text = texts[index] ?? ''
      const times = seen.get(text) ?? 0
      if (times > 0) seen.set(text, times - 1)
      return times === 0
    })
    seen = new Map()
    for (const text of texts) seen.set(text, (seen.get(text) ?? 0) + 1)
    return fresh
  }
}

export type BankStatementQuestion = {
  readonly partner: Partner
  readonly day: CivilDate
  /** The time of each request. */
  readonly now: () => Instant
  /** What is left of the time that the run may take. */
  readonly secondsLeft: () => number
  /** How the bank's remarks are read. */
  readonly remark: Remark | undefined
}

/** Fetches and reads what a bank booked on a day; what it comes to is read last. */
export async function* fetchBankStatement({
  partner,
  day,
  now,
  secondsLeft,
  remark,
}: BankStatementQuestion): AsyncGenerator<StatementLine | Unparsable | Ending> {
  const refused = (complaint: string): Ending => ({ ending: 'refused', complaint })
  const from = startOfDay(day)
  let to = plusSeconds(startOfDay(plusDays(day, 1)), -1)
  const tally = createTally()
  const freshOf = createOverlap()
  let stated: Stated = {}
  let lines = 0
  let unparsable = 0
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await partner.bankStatement?.({ from, to }, now())
    if (!answer) return yield refused('the partner is no bank and gives no bank statement')
    if (answer.outcome === 'unavailable')
      return yield refused('the bank did not give all of its statement: ask again')
    const fresh = freshOf(answer.records)
    // It was asked for up to the last record of the page before, that one among them.
    if (page > 0 && fresh.length === answer.records.length)
      return yield refused(
        'a page repeats nothing of the one before it: what lies between them may be missing',
      )
    if (page === 0) stated = { ...answer.stated, lines: answer.stated.records }
    for (const raw of fresh) {
      lines += 1
      const line = readRecord(raw, lines, remark)
      if ('complaint' in line) unparsable += 1
      else tally.add(line)
      yield line
    }
    if (!answer.next) {
      const differences = unparsable > 0 ? [] : tally.differences(stated, lines)
      return yield { ending: 'whole', lines, unparsable, differences }
    }
    if (fresh.length === 0 || answer.next > to)
      return yield refused('the bank gives the same page again: its statement has no end')
    to = answer.next
    if (secondsLeft() < secondsKept) {
      const read = `it read ${lines}, back to ${jakartaTimestamp(to)}`
      return yield refused(
        `the bank has more records than one run can fetch: ${read}; have the bank deliver the day as a file`,
      )
    }
  }
  yield refused('the bank statement has more pages than any day can have')
}
