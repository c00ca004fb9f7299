import type { FloatEvent, PayoutEvent } from './entry.ts'
import { kindOf, type Payout } from './payout.ts'
import { type Rupiah, rupiah } from './rupiah.ts'
import { amountOf, componentTotal, type Scheme } from './scheme.ts'

/**
 * The chart of accounts. Two books: obligations, each carrying its component and decree (budget -> payable ->
 * in-transit -> paid), and cash (treasury -> float -> spent, fees or overpaid; overpaid -> spent, float or
 * written-off). A posting moves one amount from one account to another, so every entry balances by construction.
 */
export type Posting = { readonly from: string; readonly to: string; readonly amount: Rupiah }

const obligation = (scheme: Scheme, payout: Payout) => `${kindOf(payout)}/${scheme.decree[kindOf(payout)]}`

export const accounts = {
  treasury: 'treasury',
  budget: (scheme: Scheme, payout: Payout) => `budget/${obligation(scheme, payout)}`,
  payable: (scheme: Scheme, payout: Payout) => `payable/${obligation(scheme, payout)}`,
  inTransit: (partner: string, scheme: Scheme, payout: Payout) =>
    `in-transit/${partner}/${obligation(scheme, payout)}`,
  paid: (partner: string, scheme: Scheme, payout: Payout) => `paid/${partner}/${obligation(scheme, payout)}`,
  float: (partner: string) => `float/${partner}`,
  spent: (partner: string) => `spent/${partner}`,
  overpaid: (partner: string) => `overpaid/${partner}`,
  writtenOff: (partner: string) => `written-off/${partner}`,
  fees: (partner: string) => `fees/${partner}`,
} as const

/** Where money that surfaces finds the obligation (cancelled ones are back in the budget) and the money (spent from the
 *  float just now, or booked as overpaid before). */
export type Found = { readonly obligation: 'payable' | 'budget'; readonly money: 'float' | 'overpaid' }
const asUsual: Found = { obligation: 'payable', money: 'float' }

/** The postings of a payout's entry. `partner` is that of the attempt the entry is about (any, if it is about none);
 *  `found` matters to `surfaced` only. */
export function postingsOf(
  event: PayoutEvent,
  scheme: Scheme,
  payout: Payout,
  partner: string,
  found: Found = asUsual,
): readonly Posting[] {
  const amount = amountOf(scheme, payout)
  const move = (from: string, to: string): Posting => ({ from, to, amount })
  const budget = accounts.budget(scheme, payout)
  const payable = accounts.payable(scheme, payout)
  const inTransit = accounts.inTransit(partner, scheme, payout)
  const paid = accounts.paid(partner, scheme, payout)
  const float = accounts.float(partner)
  switch (event.type) {
    case 'claimed':
      return [move(payable, inTransit)]
    case 'disbursed':
      return [move(inTransit, paid), move(float, accounts.spent(partner))]
    case 'rejected':
    case 'deferred':
      return [move(inTransit, payable)]
    case 'returned':
      return [move(paid, payable), move(accounts.spent(partner), float)]
    case 'cancelled':
      return [move(payable, budget)]
    case 'surfaced':
      return [
        move(found.obligation === 'budget' ? budget : payable, paid),
        move(found.money === 'overpaid' ? accounts.overpaid(partner) : float, accounts.spent(partner)),
      ]
    case 'overpaid':
      return [move(float, accounts.overpaid(partner))]
    case 'recovered':
      return [move(accounts.overpaid(partner), float)]
    case 'written-off':
      return [move(accounts.overpaid(partner), accounts.writtenOff(partner))]
    case 'resent':
    case 'pending':
    case 'unknown':
    case 'asked':
    case 'refused':
    case 'held':
    case 'hold-released':
    case 'retried':
      return []
  }
}

/** The entitlement's one entry: what the participant may be paid, by component. */
export function accrualPostings(scheme: Scheme): readonly Posting[] {
  const components = ['incentive-1', 'survey-1'] as const
  return components.map((payout) => ({
    from: accounts.budget(scheme, payout),
    to: accounts.payable(scheme, payout),
    amount: componentTotal(scheme, kindOf(payout)),
  }))
}

/** A partner's float: filled from the treasury, swept back, charged with fees. */
export function floatPostings(event: FloatEvent, partner: string): readonly Posting[] {
  const float = accounts.float(partner)
  const legs = {
    funded: [accounts.treasury, float],
    swept: [float, accounts.treasury],
    fee: [float, accounts.fees(partner)],
  } as const
  const [from, to] = legs[event.type]
  return [{ from, to, amount: event.amount }]
}

/**
 * What postings mean for the float a lane may still spend: the float itself, less what attempts in transit have
 * reserved of it.
 */
export function availableChange(postings: readonly Posting[], partner: string): number {
  const float = accounts.float(partner)
  const reserved = `in-transit/${partner}/`
  return postings.reduce((change, { from, to, amount }) => {
    const gained = to === float || from.startsWith(reserved) ? amount : 0
    const lost = from === float || to.startsWith(reserved) ? amount : 0
    return change + gained - lost
  }, 0)
}

/** Balances of every account touched; credits less debits. The balances of all accounts always sum to zero. */
export function balances(postings: Iterable<Posting>): Map<string, number> {
  const totals = new Map<string, number>()
  for (const { from, to, amount } of postings) {
    totals.set(from, (totals.get(from) ?? 0) - rupiah(amount))
    totals.set(to, (totals.get(to) ?? 0) + amount)
  }
  return totals
}
