import { publishers } from '../events.ts'

/**
 * A second reading of events, written from the rules and not from the code: whether a body may take effect, as far as
 * that can be told from the body alone.
 */

type Fields = ReadonlyMap<string, unknown>
const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined

/** `lengthMax` counts characters, of which some are two UTF-16 units. */
function isText(value: unknown, lengthMax = 100): value is string {
  if (typeof value !== 'string' || value.length > 2 * lengthMax || !value.isWellFormed()) return false
  const codes = [...value].map((character) => character.charCodeAt(0))
  const controls = codes.some((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))
  return codes.length <= lengthMax && !controls && /[\p{L}\p{N}]/u.test(value)
}

const skewMs = 5 * 60_000
const [firstMs, lastMs] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]

const isParticipant = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 30 && /^[A-Z0-9-]+$/.test(value)

const dateForm = /(?<year>\d{4}|[+-]\d{6})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)/
const clockForm =
  /(?<hour>\d\d)(?:(?<colon>:?)(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?)?/
const timeForm = new RegExp(`^${dateForm.source}[Tt ]${clockForm.source}(?:Z|(?<offset>[+-]\\d\\d:\\d\\d))$`)

/** Minutes east of Greenwich. */
function offsetMinutes(offset = '+00:00'): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number)
  if (hours > 23 || minutes > 59) return Number.NaN
  return (offset.startsWith('-') ? -1 : 1) * (60 * hours + minutes)
}

/** Milliseconds since 1970 of a day that exists, by the calendar of Date. */
function dayMs(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : Number.NaN
}

/** Milliseconds since 1970 of an ISO 8601 time with an offset; NaN for anything else. */
function epochMs(value: unknown): number {
  if (typeof value !== 'string' || value.length > 40) return Number.NaN
  const fields = timeForm.exec(value)?.groups
  if (!fields || fields.year === '-000000') return Number.NaN
  const { year, month, day, hour, minute = '0', second = '0', fraction = '', offset } = fields
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return Number.NaN
  const date = dayMs(Number(year), Number(month), Number(day))
  const minutes = 60 * Number(hour) + Number(minute) - offsetMinutes(offset)
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const at = date + 60_000 * minutes + 1_000 * Math.min(59, Number(second)) + milliseconds
  return at >= firstMs && at <= lastMs ? at : Number.NaN
}

function isCertificate(detail: Fields, source: string, now: number): boolean {
  const issuedAt = epochMs(detail.get('issuedAt'))
  const [platform, wave] = [detail.get('platform'), detail.get('wave')]
  const texts = ['certificateId', 'trainingProvider', 'trainingId'].map((name) => detail.get(name))
  const provider = detail.get('trainingProvider')
  return (
    texts.every((text) => isText(text)) &&
    typeof provider === 'string' &&
    // A spreadsheet would read a formula there.
    !/^[=+@\uff1d\uff0b\uff0d\uff20-]/.test(provider.trimStart()) &&
    typeof platform === 'string' &&
    source === `prakerja.platform.${platform}` &&
    // The first eleven waves; Ruangguru was a platform in three of them.
    typeof wave === 'number' &&
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].slice(0, platform === 'ruangguru' ? 3 : 11).includes(wave) &&
    issuedAt >= Date.parse('2020-02-28T00:00:00+07:00') &&
    issuedAt < Date.parse('2020-12-16T00:00:00+07:00') &&
    issuedAt <= now + skewMs
  )
}

const isSurvey = (detail: Fields, source: string, now: number): boolean =>
  source === 'prakerja.core' &&
  [1, 2, 3].some((survey) => survey === detail.get('survey')) &&
  epochMs(detail.get('completedAt')) <= now + skewMs

function isLink(detail: Fields, source: string, now: number): boolean {
  const number = detail.get('accountNumber')
  if (!isText(number, 34) || !isText(detail.get('holderName'))) return false
  const linkedAt = epochMs(detail.get('linkedAt'))
  const mobile = /^(?:0|62|\+62)8[0-9]{7,12}$/.test(number.replaceAll(/[\s-]/g, ''))
  const partner = detail.get('partner')
  return (
    source === 'prakerja.core' &&
    ((partner === 'bni' && /^[0-9]{5,}$/.test(number)) || (partner === 'gopay' && mobile)) &&
    linkedAt < Date.parse('2021-03-05T00:00:00+07:00') &&
    linkedAt <= now + skewMs
  )
}

const readings = new Map([
  ['CertificateIssued', isCertificate],
  ['SurveyCompleted', isSurvey],
  ['PayoutAccountLinked', isLink],
])

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Whether everything is there that EventBridge puts around an event. */
const isDelivered = (event: Fields): boolean =>
  ['version', 'id', 'region'].every((name) => typeof event.get(name) === 'string') &&
  !Number.isNaN(epochMs(event.get('time')))

/** Whether a body is an event in which everything is right. `now` is in milliseconds since 1970. */
export function readsAsValid(body: string, now: number): boolean {
  const event = fieldsOf(parse(body))
  const detail = fieldsOf(event?.get('detail'))
  const source = event?.get('source')
  if (!event || !detail || typeof source !== 'string' || !isDelivered(event)) return false
  if (!isParticipant(detail.get('participantId'))) return false
  const reading = [...readings].find(([type]) => type === event.get('detail-type'))?.[1]
  const account = new Map<string, string>(Object.entries(publishers)).get(source)
  return account !== undefined && account === event.get('account') && reading?.(detail, source, now) === true
}
