import { type CivilDate, instant, isCivilDate, jakartaDate } from '../domain/instant.ts'
import { parseReference } from '../domain/reference.ts'
import { isRupiah, noRupiah, type Rupiah } from '../domain/rupiah.ts'
import type { AmountForm, DayForm } from './mapping.ts'

/** Reads the fields of a statement's line, whatever its format. What is not exactly of a form is `undefined`. */

const ends = '(?: .*)?$'
const dayForms: Readonly<Record<Exclude<DayForm, 'instant'>, RegExp>> = {
  'dd/MM/yyyy': new RegExp(`^(?<day>\\d\\d)/(?<month>\\d\\d)/(?<year>\\d{4})${ends}`),
  'dd-MM-yyyy': new RegExp(`^(?<day>\\d\\d)-(?<month>\\d\\d)-(?<year>\\d{4})${ends}`),
  yyyyMMdd: new RegExp(`^(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)${ends}`),
  'yyyy-MM-dd': new RegExp(`^(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)${ends}`),
}
const instantForm = /^((\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3])):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** The day, if the calendar has it: 30 February is none. */
function existing(text: string): CivilDate | undefined {
  const date = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) return undefined
  return isCivilDate(text) ? text : undefined
}

/** Of an instant with its offset, e.g. `2020-09-18T10:00:01+07:00`: the day that it is then in Jakarta. */
export function dayOfInstant(text: string): CivilDate | undefined {
  const written = instantForm.exec(text)?.[2]
  if (written === undefined || !existing(written)) return undefined
  const time = new Date(text).getTime()
  return Number.isNaN(time) ? undefined : jakartaDate(instant(time))
}

export type ReadDay = (text: string) => CivilDate | undefined

/** An instant's hour and offset, which say the day where the offset is of whole hours; else the text itself. */
function hourOf(text: string): string {
  const [, hour, , offset] = instantForm.exec(text) ?? []
  return hour && (offset === 'Z' || offset?.endsWith(':00')) ? `${hour}${offset}` : text
}

/** Most lines of a statement are of the same day: the last one is remembered. */
export function createDayReader(form: DayForm): ReadDay {
  let last: { readonly key: string; readonly day: CivilDate | undefined } | undefined
  const read = (text: string): CivilDate | undefined => {
    if (form === 'instant') return dayOfInstant(text)
    const { year, month, day } = dayForms[form].exec(text)?.groups ?? {}
    return year === undefined ? undefined : existing(`${year}-${month}-${day}`)
  }
  return (text) => {
    const key = form === 'instant' ? hourOf(text) : text
    if (last?.key !== key) last = { key, day: read(text) }
    return last.day
  }
}

/** A civil date, alone or with its zone: `2020-09-18`, `2020-09-18+07:00`. */
export const readDate = (text: string): CivilDate | undefined =>
  existing(/^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?$/.exec(text)?.[1] ?? '')

/** Reads whole rupiah, nothing among them; a sign and sen are refused. */
export type ReadAmount = (text: string) => Rupiah | undefined

const whole = (digits: string): Rupiah | undefined => {
  const value = Number(digits)
  return isRupiah(value) ? value : undefined
}

const escaped = (text: string): string => text.replace(/[.$]/g, '\\$&')

/** A reader of amounts in the agreed form alone: what is guessed may be wrong by a factor of a thousand. */
export function createAmountReader({ thousands, decimal, currency = '' }: AmountForm): ReadAmount {
  const grouped = thousands ? `|\\d{1,3}(?:${escaped(thousands)}\\d{3}){1,4}` : ''
  const form = new RegExp(`^${escaped(currency)}(\\d{1,15}${grouped})(?:${escaped(decimal)}0{1,2})?$`)
  return (text) => {
    const digits = form.exec(text)?.[1]
    return digits === undefined ? undefined : whole(thousands ? digits.replaceAll(thousands, '') : digits)
  }
}

/** As ISO 20022 and SNAP write amounts: `600000`, `600000.00`. */
export const readPlainAmount: ReadAmount = (text) => {
  const digits = /^(\d{1,15})(?:\.0{1,5})?$/.exec(text)?.[1]
  return digits === undefined ? undefined : whole(digits)
}

/** An amount that a line may have: more than nothing. */
export const isPayable = (amount: Rupiah | undefined): amount is Rupiah =>
  amount !== undefined && amount > noRupiah

/** Printable and without spaces; the longest are SNAP's references. */
const referenceForm = /^[!-~]{1,64}$/
export const isReference = (text: string): boolean => referenceForm.test(text)

/** Our own text on a line: of the form of our references it names an attempt, else it is a document's number. */
export const namedBy = (
  text: string | undefined,
): { readonly partnerReferenceNo?: string; readonly document?: string } =>
  text === undefined ? {} : parseReference(text) ? { partnerReferenceNo: text } : { document: text }
