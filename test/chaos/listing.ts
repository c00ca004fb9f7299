import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'

/** Where rows are found again: each as it is written, whatever becomes of its worker then. */
export type Listing = {
  /** Hears of everything that is written to the table of payouts. */
  changed(after: Item): void
}

/** What the list of a row in each state begins with, by whoever is to see to it; behind a `#`, its partner comes. */
const listed: Readonly<Record<string, readonly string[]>> = {
  waiting: ['waiting'],
  scheduled: ['open#'],
  sending: ['open#'],
  pending: ['inquire#'],
  unknown: ['inquire#'],
  failed: ['failed#'],
  returned: ['failed#'],
  held: ['held'],
  paid: ['overpaid', 'recovered', 'written-off'],
  cancelled: ['overpaid', 'recovered', 'written-off'],
}
/** What nobody has anything left to do about, or only the participant, who is to fill a survey. */
const mayRest = (state: string, payout: string): boolean =>
  state === 'paid' || state === 'cancelled' || (state === 'waiting' && payout.startsWith('survey-'))

type Row = { readonly state: string; readonly payout: string; readonly partner: string }

function isRight({ state, payout, partner }: Row, list: string | undefined, shards: number): boolean {
  if (list === undefined) return mayRest(state, payout)
  // What must follow whatever happens, inquire writes down, whichever state the payout is in.
  return [...(listed[state] ?? []), 'inquire#'].some((beginning) => {
    const start = beginning.endsWith('#') ? `${beginning}${partner}#` : `${beginning}#`
    const shard = list.slice(start.length)
    return list.startsWith(start) && /^\d+$/.test(shard) && Number(shard) < shards
  })
}

/** `shards`: of every work list. */
export const createListing = (shards: number, report: (problem: Problem) => void): Listing => ({
  changed({ pk, sk, state, list, at, partner }) {
    const payout = sk?.S ?? ''
    if (state?.S === undefined || !/^(?:incentive|survey)-\d$/.test(payout)) return
    const isDated = (list?.S === undefined) === (at?.S === undefined)
    const row = { state: state.S, payout, partner: partner?.S ?? '' }
    if (isDated && isRight(row, list?.S, shards)) return
    const subject = `${pk?.S} ${payout}`
    const place = `${list?.S ?? 'no list'}, from ${at?.S ?? 'no time'} on`
    report({ check: 'listing', subject, detail: `${subject}, ${state.S}, is written into ${place}` })
  },
})
