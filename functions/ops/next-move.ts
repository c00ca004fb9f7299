import { type Instant, jakartaDate, jakartaTimestamp } from '../../shared/domain/instant.ts'
import type { Remedy } from '../../shared/domain/outcome.ts'
import type { State } from '../../shared/domain/state.ts'

/** What happens next with a payout, in plain words, and who has to do it. */
export type NextMove = {
  readonly next: string
  readonly move: 'nobody' | 'system' | Remedy
}

/** What is known besides the state. */
export type Circumstances = {
  readonly now: Instant
  /** The lane that the payout would be sent through is paused for its kind. */
  readonly lanePaused: boolean
  /** When a scheduled payout is tried again that was put off, its partner having had no final word about it. */
  readonly triedAgain?: Instant
}

/** What each remedy comes to. A retry alone never helps where the participant has to act. */
const afterFailure: Readonly<Record<Remedy, string>> = {
  participant: 'It goes on by itself once the participant has linked another account.',
  partner: 'Once the partner has mended it, an operator retries it.',
  operator: 'An operator finds out why, and retries or cancels it.',
}

function nextOfScheduled(
  { at, partner }: Extract<State, { state: 'scheduled' }>,
  { now, lanePaused, triedAgain }: Circumstances,
): NextMove {
  if (lanePaused) return { next: `Sent once the lane ${partner} is resumed.`, move: 'operator' }
  if (triedAgain !== undefined && triedAgain > now) {
    const tried = `Tried again from ${jakartaTimestamp(triedAgain)} on.`
    return { next: `Put off: ${partner} cannot say for sure about it now. ${tried}`, move: 'partner' }
  }
  if (at > now) return { next: `Sent from ${jakartaDate(at)} on through ${partner}.`, move: 'system' }
  return { next: `Sent through ${partner} as soon as calendar, rate and float allow.`, move: 'system' }
}

/**
 * Total over the states. Only what is proven not paid is called failed; whatever is open is in process.
 */
export function nextMove(state: State, circumstances: Circumstances): NextMove {
  switch (state.state) {
    case 'waiting':
      return state.missing === 'survey'
        ? { next: 'Becomes due once the participant has filled in its survey.', move: 'participant' }
        : { next: 'Goes on once the participant has linked an account.', move: 'participant' }
    case 'scheduled':
      return nextOfScheduled(state, circumstances)
    case 'sending':
      return {
        next: `In process: being sent. Known, or asked about, from ${jakartaTimestamp(state.until)} on.`,
        move: 'system',
      }
    case 'pending':
      return {
        next: 'In process: the partner has it and has not decided; it is asked again.',
        move: 'partner',
      }
    case 'unknown':
      return {
        next: 'In process: it is not known whether it was paid; the partner is asked again. Where it never answers, two people settle it with its document.',
        move: 'partner',
      }
    case 'failed':
      return { next: `Proven not paid (${state.reason}). ${afterFailure[state.remedy]}`, move: state.remedy }
    case 'returned':
      if (state.byStatement)
        return {
          next: 'Paid, and a statement says that the money came back. Whatever account is linked, two people retry it, or cancel it.',
          move: 'operator',
        }
      return {
        next: 'Paid, and the money came back. It goes on by itself once another account is linked; else an operator retries it.',
        move: 'operator',
      }
    case 'held':
      if (state.reason === 'attempt-at-work')
        return {
          next: 'Held (attempt-at-work): its partner says that an attempt which it had rejected is in progress. Lifted by two people, it is asked about again before anything is sent there; for an account elsewhere it is not, so first have it in writing that nothing was paid.',
          move: 'operator',
        }
      return {
        next: `Held by ${state.by} (${state.reason}) until ${
          state.reason === 'account-shared' ? 'two people lift' : 'an operator lifts'
        } the hold, or two people cancel it.`,
        move: 'operator',
      }
    case 'paid':
      return { next: 'Paid: nothing more to do.', move: 'nobody' }
    case 'cancelled':
      return { next: `Cancelled (${state.reason}): nothing more is paid.`, move: 'nobody' }
  }
}
