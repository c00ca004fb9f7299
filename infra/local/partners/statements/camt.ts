import { type CivilDate, jakartaTimestamp } from '../../../../shared/domain/instant.ts'
import { remarkOf } from './booked.ts'
import type { Written } from './planted.ts'

/** A day as the bank's ISO 20022 camt.053, version 8; sample: https://www.iso20022.org/catalogue-messages. */

const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'
/** Of EndToEndId. A reference of ours may be longer; then it stands in the remark alone. */
const endToEndMax = 35

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const money = (amount: number | string): string => `<Amt Ccy="IDR">${amount}</Amt>`
const indicator = (isCredit: boolean): string => `<CdtDbtInd>${isCredit ? 'CRDT' : 'DBIT'}</CdtDbtInd>`

function balance(code: 'OPBD' | 'CLBD', amount: number, day: CivilDate): string {
  const type = `<Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>`
  const value = `${money(`${Math.abs(amount)}.00`)}${indicator(amount >= 0)}`
  return `<Bal>${type}${value}<Dt><Dt>${day}</Dt></Dt></Bal>`
}

function entry(line: Written): string {
  const { at, day, direction, amount, ours = '', referenceNo, spoilt } = line
  const family = direction === 'fee' ? 'CHRG' : 'DMCT'
  const endToEnd = ours !== '' && ours.length <= endToEndMax ? ours : 'NOTPROVIDED'
  // Most banks give the time; a day that is not the instant's own has none.
  const booked = jakartaTimestamp(at).startsWith(day)
    ? `<DtTm>${jakartaTimestamp(at)}</DtTm>`
    : `<Dt>${day}</Dt>`
  return [
    '<Ntry>',
    money(spoilt ? 'RUSAK' : `${amount}.00`),
    indicator(direction === 'credit'),
    '<Sts><Cd>BOOK</Cd></Sts>',
    `<BookgDt>${booked}</BookgDt>`,
    `<AcctSvcrRef>${escaped(referenceNo)}</AcctSvcrRef>`,
    `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>${family}</SubFmlyCd></Fmly></Domn></BkTxCd>`,
    `<NtryDtls><TxDtls><Refs><EndToEndId>${escaped(endToEnd)}</EndToEndId></Refs>`,
    `<RmtInf><Ustrd>${escaped(remarkOf(line))}</Ustrd></RmtInf></TxDtls></NtryDtls>`,
    '</Ntry>\n',
  ].join('')
}

/** What the file says of all its lines; those that cannot be read have no amount. */
function totalsOf(lines: Iterable<Written>) {
  const totals = { count: 0, credits: 0, debits: 0 }
  for (const { direction, spoilt, amount } of lines) {
    totals.count += 1
    if (spoilt) continue
    if (direction === 'credit') totals.credits += amount
    else totals.debits += amount
  }
  return totals
}

/** In pieces that end with an entry; `opening` is the balance before. Goes through the lines twice. */
export function* camtText(
  day: CivilDate,
  lines: Iterable<Written>,
  opening: number,
  miscounted = 0,
): Generator<string> {
  const { count, credits, debits } = totalsOf(lines)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}"><BkToCstmrStmt>\n`
  yield `<GrpHdr><MsgId>${day}</MsgId><CreDtTm>${day}T23:59:59+07:00</CreDtTm></GrpHdr>\n`
  yield `<Stmt><Id>${day}</Id>${balance('OPBD', opening, day)}${balance('CLBD', opening + credits - debits, day)}\n`
  yield `<TxsSummry><TtlNtries><NbOfNtries>${count + miscounted}</NbOfNtries></TtlNtries>`
  yield `<TtlCdtNtries><Sum>${credits}.00</Sum></TtlCdtNtries><TtlDbtNtries><Sum>${debits}.00</Sum></TtlDbtNtries></TxsSummry>\n`
  for (const line of lines) yield entry(line)
  yield '</Stmt></BkToCstmrStmt></Document>\n'
}
