import { parseReference } from '../../domain/reference.ts'
import { parseJson } from '../../json.ts'

/**
 * What may be kept of a message, for years and by people who have no business with whom it is about: the fields listed
 * here, and of those only values of a form that holds no name and no account number. Of a field known to be personal
 * the key is kept and the value is `*`; any other is left out and counted in `others`, since its very key may say
 * something.
 */
export type Masked = { readonly [field: string]: string | number | Masked }

/** Whether a field's value may be kept, in a message about the attempt `reference`. */
type Rule = (value: string, reference: string | undefined) => boolean

/** At most 99 million rupiah: an account's number is longer. */
const amountForm = /^\d{1,8}(?:\.\d{1,2})?$/
const timeForm = /^20\d\d-(?:0[1-9]|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\+07:00$/
const twoDigits = /^\d\d$/
const isOurs: Rule = (value, reference) => value === reference

const kept: Readonly<Record<string, Rule>> = {
  partnerReferenceNo: isOurs,
  originalPartnerReferenceNo: isOurs,
  remark: isOurs,
  transactionDate: (value) => timeForm.test(value),
  serviceCode: (value) => twoDigits.test(value),
  latestTransactionStatus: (value) => twoDigits.test(value),
  responseCode: (value) => /^[2-5]\d{6}$/.test(value),
  value: (value) => amountForm.test(value),
  currency: (value) => value === 'IDR',
}

/** Free texts: of them only words of the standard's own are kept. */
const texts: readonly string[] = ['responseMessage', 'resultMsg']
const parents: readonly string[] = ['amount', 'feeAmount', 'maxAmount', 'additionalInfo']
const personal: readonly string[] = [
  'accountNo',
  'beneficiaryAccountName',
  'beneficiaryAccountNo',
  'customerName',
  'customerNumber',
  'sourceAccountNo',
]

/** Words of the standard's response messages, and the fields that they name.
 *  https://apidevportal.bi.go.id/snap/api-services/transfer-kredit/trigger-transfer, Response Code */
const standardWords = new Set(
  `abnormal account activity allowed amount at bad bank beneficiaryaccountno blacklisted blocked by card cancelled conflict
  count customer customernumber daily do dormant duplicate error exceed exceeded exceeds expired external feature field format
  found fraud function funds general honor in inactive inconsistent insufficient internal invalid is issuer limit mandatory
  many merchant no not operation partner partnerreferenceno permitted progress request requested routing server status success
  successful supported suspected suspend switch this time timeout to token too transaction unauthorized`.split(
    /\s+/,
  ),
)
const textLengthMax = 100
const depthMax = 3

const onlyStandardWords = (text: string): string =>
  text
    .slice(0, textLengthMax)
    .replace(/[^ _]+/g, (word) => (standardWords.has(word.toLowerCase()) ? word : '*'))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function maskField(
  field: string,
  value: unknown,
  reference: string | undefined,
  depth: number,
): Masked[string] | undefined {
  if (parents.includes(field) && isObject(value) && depth < depthMax)
    return maskObject(value, reference, depth + 1)
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  if (texts.includes(field)) return onlyStandardWords(String(value))
  if (personal.includes(field)) return '*'
  const rule = Object.hasOwn(kept, field) ? kept[field] : undefined
  if (!rule) return undefined
  return rule(String(value), reference) ? value : '*'
}

function maskObject(
  fields: Readonly<Record<string, unknown>>,
  reference: string | undefined,
  depth: number,
): Masked {
  const masked: Record<string, Masked[string]> = {}
  let others = 0
  for (const [field, value] of Object.entries(fields)) {
    const shown = maskField(field, value, reference, depth)
    if (shown === undefined) others += 1
    else masked[field] = shown
  }
  return others === 0 ? masked : { ...masked, others }
}

/** A message's JSON object without what is personal; `undefined` when it is none. */
export function mask(message: string, reference: string | undefined): Masked | undefined {
  const fields = parseJson(message)
  return isObject(fields) ? maskObject(fields, reference, 1) : undefined
}

/**
 * The attempt that a request of ours is about; the question whose account it is has a number of its own instead, the one
 * that `externalIdFrom` makes. `undefined` when it is about neither.
 */
export function referenceIn(request: string): string | undefined {
  const fields = parseJson(request)
  if (!isObject(fields)) return undefined
  const named = fields.partnerReferenceNo ?? fields.originalPartnerReferenceNo
  if (typeof named !== 'string') return undefined
  return parseReference(named) || /^\d{34}$/.test(named) ? named : undefined
}
