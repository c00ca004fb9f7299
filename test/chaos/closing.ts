import type { JudgedPayout } from '../../infra/local/audit/payouts.ts'
import { type Instant, instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { StateName } from '../../shared/domain/state.ts'
import type { Problem } from './checks.ts'
import { setBackMaxSeconds } from './clock.ts'
import { fine, type Rule, wrong } from './rule.ts'

/** When nothing leaves, as the programme announced it: the dates are its own, not those that the rules read. */
type Closed = { readonly why: string; readonly from: Instant; readonly until?: Instant }

const instantOf = (text: string): Instant => instant(Date.parse(text))
/** The day after the last payment. */
const closedFrom = instantOf('2021-03-06T00:00:00+07:00')
const closedTimes: readonly Closed[] = [
  {
    why: 'in the year-end blackout',
    from: instantOf('2020-12-15T00:00:00+07:00'),
    until: instantOf('2021-01-05T00:00:00+07:00'),
  },
  { why: 'after the last payment day', from: closedFrom },
]

/** How long a machine may stand still between looking at the calendar and claiming. */
export const standstillSeconds = 3_600

const isClosed = ({ from, until }: Closed, at: Instant): boolean =>
  plusSeconds(from, standstillSeconds) < at &&
  (until === undefined || plusSeconds(at, setBackMaxSeconds) < until)

/** Closing ends nothing before the last payment day is over, and nothing is claimed or sent again while nothing leaves. */
export const closings: Rule = (_, { event, at, by }) => {
  if (event.type === 'cancelled' && by.startsWith('close/'))
    return plusSeconds(at, setBackMaxSeconds) < closedFrom
      ? wrong('closing', `it is cancelled at ${at}, while it may still be paid`)
      : fine
  if (event.type !== 'claimed' && event.type !== 'resent') return fine
  const closed = closedTimes.find((one) => isClosed(one, at))
  return closed ? wrong('calendar', `it is ${event.type} at ${at}, ${closed.why}`) : fine
}

/** What closing puts an end to: nothing of it is in transit, paid, or for people to decide. */
const ended: readonly StateName[] = ['waiting', 'scheduled', 'failed', 'returned']

/** Payouts that closing has left open, days after the last payment day. */
export const leftOpen = (payouts: readonly JudgedPayout[]): readonly Problem[] =>
  payouts
    .filter(({ state }) => ended.includes(state.state))
    .map(({ participantId, payout, state }) => {
      const subject = `${participantId} ${payout}`
      return {
        check: 'closing',
        subject,
        detail: `${subject} is still ${state.state} when the scheme is over`,
      }
    })
