import * as z from 'zod'
import { parseJson } from '../../shared/json.ts'
import { lastFour, withoutAccounts } from '../../shared/operations/account-numbers.ts'

/** Fields of an event that say nothing of who somebody is. What stands elsewhere might be anything. */
const envelope = ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region']
const ofDetail = [
  'participantId',
  'certificateId',
  'wave',
  'platform',
  'trainingProvider',
  'trainingId',
  'issuedAt',
  'survey',
  'completedAt',
  'partner',
  'linkedAt',
]

/** Longer texts are no id, date or name of a thing. */
const textMax = 100

const plainValue = z.union([z.string().max(textMax), z.number(), z.boolean(), z.null()])
const fields = z.record(z.string(), z.unknown())

type Shown = Record<string, unknown>

/** A value with nothing in it that may be an account; `undefined` where it is no plain value. */
function masked(value: unknown): unknown {
  const plain = plainValue.safeParse(value)
  if (!plain.success) return undefined
  const text = withoutAccounts(String(plain.data))
  return text === String(plain.data) ? plain.data : text
}

/** Those of an object's fields that are known; the names of the others may themselves say too much. */
function known(value: unknown, names: readonly string[]): Shown {
  const all = fields.safeParse(value)
  if (!all.success) return {}
  const shown = Object.entries(all.data).map(([name, field]) => [name, masked(field)] as const)
  return Object.fromEntries(shown.filter(([name, field]) => names.includes(name) && field !== undefined))
}

/** An account's number by its last four digits, and that there is a holder. */
function accountOf(detail: Shown): Shown {
  const { accountNumber, holderName } = detail
  return {
    ...(typeof accountNumber === 'string' && { accountNumber: lastFour(accountNumber) }),
    ...(holderName !== undefined && { holderName: 'hidden' }),
  }
}

const sizeOf = (value: Shown): number => Object.keys(value).length

/** A refused event as people may see it, and how many of its fields they may not; without `event` where it cannot be read. */
export function withoutPersonalData(body: string): { readonly event?: Shown; readonly hidden: number } {
  const read = fields.safeParse(parseJson(body))
  if (!read.success) return { hidden: 0 }
  const { detail: stored, ...outer } = read.data
  const detail = fields.safeParse(stored)
  const inner = detail.success ? { ...known(detail.data, ofDetail), ...accountOf(detail.data) } : {}
  const shown = { ...known(outer, envelope), ...(detail.success && { detail: inner }) }
  const hidden =
    sizeOf(read.data) - sizeOf(shown) + (detail.success ? sizeOf(detail.data) - sizeOf(inner) : 0)
  return { event: shown, hidden }
}
