import { kinds } from '../../shared/domain/payout.ts'
import type { Option, Options } from '../command/verb.ts'
import { partnerNames } from '../stages.ts'

/** Options that several verbs have. */

const partners = `one of ${partnerNames.join(', ')}`

/** Which payouts of a list. */
export const filters = {
  partner: { value: 'NAME', says: 'only at this partner', takes: partners },
  reason: { value: 'REASON', says: 'only with this reason', takes: 'a reason as the list shows it' },
  remedy: {
    value: 'WHO',
    says: 'only where the next move is theirs',
    takes: 'one of participant, partner, operator',
  },
  wave: { value: 'N', says: 'only of this wave', takes: 'a whole number from 1 on' },
  kind: { value: 'KIND', says: 'only of this kind', takes: `one of ${kinds.join(', ')}` },
  since: {
    value: 'DAY',
    says: 'only in this state since that day in Jakarta, or later',
    takes: 'a day, written YYYY-MM-DD',
  },
  'older-than': {
    value: 'DAYS',
    says: 'only in this state for so many days at least',
    takes: 'a whole number of days',
  },
} as const satisfies Options

export const partner: Option = { value: 'NAME', says: 'the partner', takes: partners }
export const why: Option = {
  value: 'TEXT',
  says: 'why, in your own words; it stays for ever, so no names and no account numbers',
  takes: '3 to 200 characters that say why, and no account number',
}
export const amount: Option = {
  value: 'RUPIAH',
  says: 'how much: 1000000, 1,000,000 or Rp1,000,000',
  takes: 'whole rupiah, such as 1000000 or Rp1,000,000',
}
export const document: Option = {
  value: 'NUMBER',
  says: "the number of the treasury's or the partner's document that shows it",
  takes: '3 to 64 letters, digits, dots, slashes, dashes or underscores',
}
export const wait: Option = { says: 'stay until all of it is done (on this machine always)' }

/** The number that an amount says; `NaN`, which no schema takes, when it says none. */
export function readAmount(text: string | undefined): number {
  const digits = /^(?:Rp)?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})$/.exec(text ?? '')?.[1]
  return digits === undefined ? Number.NaN : Number(digits.replaceAll(',', ''))
}
