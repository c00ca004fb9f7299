import type { EntryType } from './entry.ts'
import type { Instant } from './instant.ts'
import type { DeferralReason, RefusalReason, RejectionReason, Remedy } from './outcome.ts'

/**
 * The states of a payout. An attempt is open in `sending`, `pending` and `unknown` (its money is in transit) and
 * closed everywhere else. The journal alone decides on open attempts, `paid`, `cancelled` and `held`; in the other
 * states the facts have a say, too: another account ends `failed` and, where the partner itself has told us, `returned`.
 */
export type State =
  /** For its survey to be filled, or for an account to be linked. */
  | { readonly state: 'waiting'; readonly missing: 'survey' | 'account'; readonly since: Instant }
  /** May be claimed from `at` on, calendar and lane permitting. */
  | {
      readonly state: 'scheduled'
      readonly at: Instant
      readonly partner: string
      readonly accountVersion: string
    }
  | { readonly state: 'sending'; readonly attempt: number; readonly until: Instant }
  | { readonly state: 'pending'; readonly attempt: number; readonly since: Instant }
  | { readonly state: 'unknown'; readonly attempt: number; readonly since: Instant }
  | {
      readonly state: 'failed'
      readonly reason: FailureReason
      readonly remedy: Remedy
      readonly partner: string
      readonly since: Instant
    }
  | { readonly state: 'held'; readonly reason: string; readonly by: string; readonly since: Instant }
  | { readonly state: 'paid'; readonly attempt: number; readonly since: Instant }
  /** `byStatement`: only a statement's line says that the money came back; whatever the account, people decide. */
  | {
      readonly state: 'returned'
      readonly partner: string
      readonly since: Instant
      readonly byStatement?: true
    }
  | { readonly state: 'cancelled'; readonly reason: string; readonly since: Instant }

export type StateName = State['state']
export type FailureReason = RejectionReason | RefusalReason | DeferralReason | 'attempts-exhausted'

/** Who has to act when a deferral keeps coming back, or the attempts have run out. */
const repeatedRemedy: Readonly<Record<DeferralReason | 'attempts-exhausted', Remedy>> = {
  'rate-limited': 'partner',
  'cut-off': 'partner',
  'daily-limit': 'participant',
  'float-empty': 'operator',
  'credentials-refused': 'operator',
  'partner-suspended': 'partner',
  'not-connected': 'partner',
  'attempts-exhausted': 'operator',
}
export const remedyOfRepeated = (reason: keyof typeof repeatedRemedy): Remedy => repeatedRemedy[reason]

/** Whose move it is where nothing goes on by itself; `undefined` where it does, or nothing is to be done. */
export function remedyOf(state: State): Remedy | undefined {
  if (state.state === 'failed') return state.remedy
  return state.state === 'held' || state.state === 'returned' ? 'operator' : undefined
}

const lateProof = ['paid'] as const

/**
 * Which entry may follow in which state, and the states it can lead to: several where the facts have a say. Everything
 * that is not in this table is a refusal. Late proof of payment is never refused, so it stands in every row, though
 * nothing waits any more that was once claimed.
 */
export const transitions = {
  waiting: {
    held: ['held'],
    cancelled: ['cancelled'],
    surfaced: lateProof,
  },
  scheduled: {
    claimed: ['sending'],
    refused: ['failed'],
    held: ['held'],
    cancelled: ['cancelled'],
    surfaced: lateProof,
  },
  sending: {
    pending: ['pending'],
    unknown: ['unknown'],
    disbursed: ['paid'],
    rejected: ['failed', 'scheduled'],
    deferred: ['scheduled', 'failed'],
    overpaid: ['sending'],
  },
  pending: {
    unknown: ['unknown'],
    disbursed: ['paid'],
    rejected: ['failed', 'scheduled'],
    overpaid: ['pending'],
  },
  unknown: {
    pending: ['pending'],
    asked: ['unknown'],
    resent: ['sending'],
    disbursed: ['paid'],
    rejected: ['failed', 'scheduled'],
    overpaid: ['unknown'],
  },
  failed: {
    retried: ['scheduled'],
    held: ['held'],
    cancelled: ['cancelled'],
    surfaced: lateProof,
  },
  held: {
    'hold-released': ['waiting', 'scheduled', 'failed', 'returned'],
    cancelled: ['cancelled'],
    surfaced: lateProof,
  },
  paid: {
    returned: ['returned', 'scheduled', 'failed', 'held'],
    overpaid: ['paid'],
    recovered: ['paid'],
    'written-off': ['paid'],
  },
  returned: {
    retried: ['scheduled'],
    held: ['held'],
    cancelled: ['cancelled'],
    surfaced: lateProof,
  },
  cancelled: { surfaced: lateProof },
} as const satisfies Record<StateName, Partial<Record<EntryType, readonly StateName[]>>>

/** The states an entry of `type` can lead to from `state`; `undefined` when it may not be written there. */
export function reachable(state: StateName, type: EntryType): readonly StateName[] | undefined {
  const row: Partial<Record<EntryType, readonly StateName[]>> = transitions[state]
  return row[type]
}
