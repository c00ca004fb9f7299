import type { CivilDate } from '../domain/instant.ts'
import type { Rupiah } from '../domain/rupiah.ts'
import { dayOfInstant, isPayable, isReference, namedBy, readDate, readPlainAmount } from './fields.ts'
import type { StatementLine, Unparsable } from './line.ts'
import type { Remark } from './mapping.ts'

/** What an element of camt.053 says, by the path of each text below it: `/Amt`, `/BookgDt/Dt`. */
export type Said = ReadonlyMap<string, { readonly text: string; readonly currency: string | undefined }>

/** The text under the first of these paths that has one. */
export const textIn = (said: Said, ...paths: readonly string[]): string | undefined =>
  paths.map((path) => said.get(path)?.text).find((text) => text !== undefined)

/** Charges, fees and commissions: https://www.iso20022.org/catalogue-messages/additional-content-messages/external-code-sets */
const fees = new Set(['CHRG', 'FEES', 'COMM'])
const subFamily = '/BkTxCd/Domn/Fmly/SubFmlyCd'

/** The day in Jakarta; a time without an offset is the bank's own, which is Jakarta's. */
function dayOf(entry: Said): CivilDate | undefined {
  const date = textIn(entry, '/BookgDt/Dt')
  if (date !== undefined) return readDate(date)
  const time = textIn(entry, '/BookgDt/DtTm') ?? ''
  return dayOfInstant(/(?:Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}+07:00`)
}

/** The amount of an entry or a transaction; `undefined` for none, for nothing and for another currency. */
export function amountIn(said: Said): Rupiah | undefined {
  const amount = said.get('/Amt') ?? said.get('/AmtDtls/TxAmt/Amt')
  const value = amount?.currency === 'IDR' ? readPlainAmount(amount.text) : undefined
  return isPayable(value) ? value : undefined
}

/** CdtDbtInd is that of the entry itself, a reversal's too: RvslInd turns nothing round. */
function directionOf(indicator: string | undefined, isFee: boolean): StatementLine['direction'] | undefined {
  if (indicator === 'CRDT') return 'credit'
  if (indicator !== 'DBIT') return undefined
  return isFee ? 'fee' : 'debit'
}

/** What a bank's remark says of us; `undefined` for nothing. */
export function foundIn(remark: string, words: Remark | undefined): string | undefined {
  for (const pattern of words?.ours ?? []) {
    const found = pattern.exec(remark)?.[1]
    if (found) return found
  }
  return undefined
}

/** EndToEndId is ours; where it is not provided, or too short for us, the remark has what we gave. */
function ownIn(details: Said, remark: string, words: Remark | undefined): string | undefined {
  const given = textIn(details, '/Refs/EndToEndId')
  return given === undefined || given === 'NOTPROVIDED' ? foundIn(remark, words) : given
}

/**
 * The line of an entry, or of one transaction of it; `details` are those of the transaction, `own` is what it has to say
 * for itself because the entry has others.
 */
export function lineOf(
  entry: Said,
  details: Said,
  own: boolean,
  words: Remark | undefined,
): Omit<StatementLine, 'line'> | Omit<Unparsable, 'line'> {
  const day = dayOf(entry)
  if (!day) return { complaint: 'BookgDt: a day was expected' }
  const amount = amountIn(own ? details : entry)
  if (amount === undefined) return { complaint: 'Amt: whole rupiah (IDR), more than nothing, were expected' }
  const remark = textIn(details, '/RmtInf/Ustrd') ?? textIn(entry, '/AddtlNtryInf') ?? ''
  const code = textIn(details, subFamily) ?? textIn(entry, subFamily) ?? ''
  const indicator = textIn(details, '/CdtDbtInd') ?? textIn(entry, '/CdtDbtInd')
  const direction = directionOf(indicator, fees.has(code) || (words?.fee.test(remark) ?? false))
  if (!direction) return { complaint: 'CdtDbtInd: CRDT or DBIT was expected' }
  const ours = ownIn(details, remark, words)
  if (ours !== undefined && !isReference(ours)) return { complaint: 'EndToEndId: a reference was expected' }
  const theirs = textIn(details, '/Refs/AcctSvcrRef') ?? (own ? undefined : textIn(entry, '/AcctSvcrRef'))
  if (theirs !== undefined && !isReference(theirs))
    return { complaint: 'AcctSvcrRef: a reference was expected' }
  return { day, direction, amount, ...namedBy(ours), ...(theirs !== undefined && { referenceNo: theirs }) }
}
