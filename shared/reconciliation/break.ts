import { createHash } from 'node:crypto'
import * as z from 'zod'
import { civilDateSchema, rupiahSchema } from '../ledger/schemas.ts'
import type { Item } from './item.ts'
import type { Pair } from './pair.ts'

/** Every difference that reconciliation finds, and what is to be done about it. */
export const breakRemedies = {
  'paid-here-not-on-statement':
    'Ask the partner for the movement; until it is found, our books have it alone.',
  'on-statement-unknown-here':
    'Ask the partner what it is; if it is a funding, a sweep or a fee, book it here by its document.',
  'amount-differs':
    'Ask the partner to correct its booking; nothing is settled by an amount that is not ours.',
  'paid-twice-by-partner': 'Claim the second payment back; a credit of the same reference then closes it.',
  'wrong-partner': 'Ask both partners: the payment was ordered from the other one.',
  'wrong-day': 'Ask the partner why it booked so late or so early; the money itself is in order.',
  'refund-or-reversal': 'Nothing, if our books follow with the next day; else record what came back.',
  'unparsable-line': 'Have the partner send the statement again, and reconcile the day again.',
  'control-total-differs': 'Have the partner send the statement again, and reconcile the day again.',
} as const
export type BreakKind = keyof typeof breakRemedies
export const breakKinds = Object.keys(breakRemedies).filter((name): name is BreakKind =>
  Object.hasOwn(breakRemedies, name),
)

export const breakSchema = z.object({
  /** Of partner, kind and what it is about: the same break has the same one in every run. */
  id: z.string(),
  partner: z.string(),
  kind: z.enum(breakKinds),
  /** Of the line or movement, in Jakarta. */
  day: civilDateSchema,
  /** Whole rupiah; 0 where a line cannot be read. */
  amount: rupiahSchema,
  direction: z.enum(['debit', 'credit', 'fee']).exactOptional(),
  partnerReferenceNo: z.string().exactOptional(),
  referenceNo: z.string().exactOptional(),
  document: z.string().exactOptional(),
  /** Statement's day and line, where a line is concerned. */
  line: z.string().exactOptional(),
  /** The movement of the journal, where one is concerned. */
  movement: z.string().exactOptional(),
  /** What was expected instead; never a name or an account number. */
  detail: z.string().exactOptional(),
})
export type Break = z.infer<typeof breakSchema>
export type Finding = Omit<Break, 'id' | 'partner'>

/** Of a pair or a line that cannot be read: no later day can show it again, so that it stands until its day is read anew. */
const standing: ReadonlySet<BreakKind> = new Set([
  'amount-differs',
  'wrong-day',
  'unparsable-line',
  'control-total-differs',
])
/** `amount-differs` stands where it is of a pair; a line without a counterpart is itself still there the day after. */
export const stands = ({ kind, line, movement }: Finding): boolean =>
  standing.has(kind) && (kind !== 'amount-differs' || (line !== undefined && movement !== undefined))

/** What a finding is about, whatever line of a corrected file it stands on. */
const subjectOf = (finding: Finding): string => {
  const { direction = '', partnerReferenceNo, referenceNo, document, line = '', movement = '', day } = finding
  return `${direction} ${partnerReferenceNo ?? referenceNo ?? document ?? `${line} ${movement}`} ${day}`
}

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Gives every finding its id; those that are about the same are counted. In order of their ids. */
export function breaksOf(partner: string, findings: readonly Finding[]): readonly Break[] {
  const counted = new Map<string, number>()
  const sorted = findings.toSorted((one, other) =>
    byText(`${one.line} ${one.movement}`, `${other.line} ${other.movement}`),
  )
  return sorted
    .map((finding) => {
      const about = `${partner} ${finding.kind} ${subjectOf(finding)}`
      const count = (counted.get(about) ?? 0) + 1
      counted.set(about, count)
      const id = createHash('sha256').update(`${about} ${count}`).digest('hex').slice(0, 16)
      return { ...finding, id, partner }
    })
    .sort((one, other) => byText(one.id, other.id))
}

/** A break of one item. */
export function findingOf(kind: BreakKind, item: Item, detail?: string): Finding {
  const { side, id, awaits: _, ...rest } = item
  return { kind, ...rest, ...(side === 'ours' ? { movement: id } : { line: id }), ...(detail && { detail }) }
}

/** A break of a pair. */
export const findingOfPair = (kind: BreakKind, { line, counterpart }: Pair, detail: string): Finding => ({
  ...findingOf(kind, line, detail),
  movement: counterpart.id,
})
