import { type Rupiah, rupiah } from '../../../shared/domain/rupiah.ts'
import { type Answer, money } from './answers.ts'

/** How a true answer is spoilt. */
export type Distortion = 'html' | 'truncated' | 'wrong-amount' | 'wrong-reference'

const distortions: readonly string[] = ['html', 'truncated', 'wrong-amount', 'wrong-reference']
export const isDistortion = (text: string): text is Distortion => distortions.includes(text)

const referenceFields = ['partnerReferenceNo', 'originalPartnerReferenceNo']

/** Spoils a true answer about a transfer of `amount`. */
export function distorted(answer: Answer, distortion: Distortion, amount: Rupiah): Answer {
  switch (distortion) {
    case 'html':
    case 'truncated':
      return { ...answer, spoilt: distortion }
    case 'wrong-amount':
      return { ...answer, fields: { ...answer.fields, amount: money(rupiah(amount + 1)) } }
    case 'wrong-reference': {
      const fields = Object.entries(answer.fields ?? {}).map(([name, value]) => [
        name,
        referenceFields.includes(name) ? `${value}0` : value,
      ])
      return { ...answer, fields: Object.fromEntries(fields) }
    }
  }
}
