import { isPayout, type Payout } from '../../shared/domain/payout.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import { participantId } from '../../shared/operations/instructions.ts'
import { isMistake, type Mistake } from '../command-line.ts'

/** What people point at: a participant, one of its payouts, or one attempt at that. */
export type Subject = {
  readonly participantId: string
  readonly payout?: Payout
  /** The text itself, where it was an attempt's reference. */
  readonly reference?: string
}
type PayoutKey = { readonly participantId: string; readonly payout: Payout }

/** What `takes` says of a word that is read here. */
export const subjectForms =
  'a participant (P-00017), a payout (P-00017/incentive-2) or a reference (P-00017-I2-A1)'
export const payoutForms = 'payouts such as P-00017/incentive-2'

/** Reads a subject; a text that is written as a reference is one, even if a participant might be called so. */
export function readSubject(text: string): Subject | Mistake {
  const referred = parseReference(text)
  if (referred) return { participantId: referred.participantId, payout: referred.payout, reference: text }
  const [id = '', payout, ...rest] = text.split('/')
  const known = participantId.safeParse(id).success && rest.length === 0
  if (known && payout === undefined) return { participantId: id }
  if (known && payout !== undefined && isPayout(payout)) return { participantId: id, payout }
  return { mistake: `“${text}” is not ${subjectForms}` }
}

/** Reads single payouts, each once; `undefined` among them never. */
export function readPayouts(texts: readonly string[]): readonly PayoutKey[] | Mistake {
  const keys = new Map<string, PayoutKey>()
  for (const text of texts) {
    const subject = readSubject(text)
    if (isMistake(subject)) return subject
    const { participantId: id, payout } = subject
    if (payout === undefined)
      return { mistake: `“${text}” is a whole participant: this takes ${payoutForms}; show ${id} lists them` }
    keys.set(`${id}/${payout}`, { participantId: id, payout })
  }
  return [...keys.values()]
}

/** Reads either one participant whole, or payouts. */
export function readSubjects(
  texts: readonly string[],
): { readonly participantId: string } | { readonly payouts: readonly PayoutKey[] } | Mistake {
  const [first = ''] = texts
  const only = readSubject(first)
  if (isMistake(only)) return only
  if (texts.length === 1 && only.payout === undefined) return { participantId: only.participantId }
  const payouts = readPayouts(texts)
  return isMistake(payouts) ? payouts : { payouts }
}
