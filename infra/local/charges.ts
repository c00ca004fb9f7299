import { payouts } from '../../shared/domain/payout.ts'
import { partnerOwner } from '../../shared/ledger/dynamodb/keys.ts'
import type { Charge } from './log.ts'

/** A payout paid at its first attempt. */
export type PaidAtOnce = { readonly participantId: string; readonly payout: string; readonly partner: string }

/** Adds up what the functions' writes cost. */
export type Charges = {
  add(charge: Charge): void
  /**
   * Write units of one payout, on average over those that were paid at their first attempt: what was written for
   * it, a seventh of what was written for its participant's entitlement and facts, and its share of the lane's
   * own rows, which all attempts of the lane share equally. 0 when there is none.
   */
  perPayout(paid: readonly PaidAtOnce[], attemptsOf: ReadonlyMap<string, number>): number
  /** One sum for each owner and subject. */
  sums(): Charge[]
}

const facts = 'facts'

/** Goes on from earlier sums, if there are any. */
export function createCharges(earlier: readonly Charge[] = []): Charges {
  const totals = new Map<string, Charge>()
  const key = (owner: string, subject: string) => `${owner} ${subject}`
  const of = (owner: string, subject: string) => totals.get(key(owner, subject))?.[2] ?? 0
  const add = ([owner, subject, units]: Charge) =>
    void totals.set(key(owner, subject), [owner, subject, of(owner, subject) + units])

  for (const charge of earlier) add(charge)
  return {
    add,
    sums: () => [...totals.values()],
    perPayout(paid, attemptsOf) {
      if (paid.length === 0) return 0
      const total = paid.reduce((sum, { participantId, payout, partner }) => {
        const lane = of(partnerOwner(partner), facts) / (attemptsOf.get(partner) ?? 1)
        return sum + of(participantId, payout) + of(participantId, facts) / payouts.length + lane
      }, 0)
      return total / paid.length
    },
  }
}
