import type { EntryType } from './entry.ts'
import { currentAccount, type Facts } from './facts.ts'
import { attemptNumbered, type Standing } from './fold.ts'
import { type CivilDate, jakartaDate, latest } from './instant.ts'
import { type RefusalReason, type Remedy, rejectionRemedy } from './outcome.ts'
import { schemeNamed } from './scheme.ts'
import { remedyOf, type State, type StateName } from './state.ts'

/**
 * What the world outside is told of a payout: one of five words, and what belongs to it. The words are truthful:
 * nothing is called failed, and nobody is asked to act who cannot do anything.
 */
export const publicStatuses = ['waiting', 'in-process', 'paid', 'action-needed', 'cancelled'] as const
export type PublicStatus = (typeof publicStatuses)[number]

/** How a change of status is announced on the bus. */
export const statusEvent = { source: 'prakerja.disbursement', type: 'PayoutStatusChanged' } as const

/** Every state's word; that of a failure depends on whose move it is. */
const words = {
  waiting: 'waiting',
  scheduled: 'in-process',
  sending: 'in-process',
  pending: 'in-process',
  unknown: 'in-process',
  failed: { participant: 'action-needed', partner: 'in-process', operator: 'in-process' },
  held: 'in-process',
  paid: 'paid',
  returned: 'in-process',
  cancelled: 'cancelled',
} as const satisfies Readonly<Record<StateName, PublicStatus | Readonly<Record<Remedy, PublicStatus>>>>

export const publicStatusOf = (state: State): PublicStatus =>
  state.state === 'failed' ? words.failed[state.remedy] : words[state.state]

const isRefusal = (reason: string): reason is RefusalReason =>
  Object.entries(rejectionRemedy).some(([one, remedy]) => one === reason && remedy === 'participant')

/** What a payout waits for, why the participant must act, and why there will be no payment. */
export type PublicReason = 'survey' | 'account' | RefusalReason | 'daily-limit' | 'scheme-closed'
/** A closed list: what operators write, and what is between the partners and us, stays inside. */
export const publicReasons: readonly PublicReason[] = [
  'survey',
  'account',
  ...Object.keys(rejectionRemedy).filter(isRefusal),
  'daily-limit',
  'scheme-closed',
]

export type Shown = {
  readonly status: PublicStatus
  readonly reason?: PublicReason
  /** Whose move it is where nothing goes on by itself. */
  readonly remedy?: Remedy
  /** The day a scheduled payout is due, or the day it is shown if that is later. */
  readonly expectedDate?: CivilDate
  /** Where the money goes, or went. */
  readonly partner?: string
  readonly lastFour?: string
}

function reasonOf(state: State): PublicReason | undefined {
  if (state.state === 'waiting') return state.missing
  if (state.state === 'cancelled' || publicStatusOf(state) === 'action-needed')
    return publicReasons.find((reason) => 'reason' in state && reason === state.reason)
  return undefined
}

/** The account of the attempt that is open or has paid, else the one that the next goes to. */
function accountOf(state: State, standing: Standing, facts?: Facts): Pick<Shown, 'partner' | 'lastFour'> {
  if ('attempt' in state) {
    const claim = attemptNumbered(standing, state.attempt)?.claim
    return claim ? { partner: claim.partner, lastFour: claim.lastFour } : {}
  }
  if (!('partner' in state)) return {}
  const scheme = facts?.entitlement && schemeNamed(facts.entitlement.scheme)
  const account = facts && scheme && currentAccount(facts, scheme)
  return { partner: state.partner, ...(account && { lastFour: account.lastFour }) }
}

/** What is shown of a payout on a day. `facts` may be left out where the journal alone decides the state. */
export function shownOf(
  { state, standing, facts }: { readonly state: State; readonly standing: Standing; readonly facts?: Facts },
  today: CivilDate,
): Shown {
  const reason = reasonOf(state)
  const remedy = remedyOf(state)
  return {
    status: publicStatusOf(state),
    ...(reason && { reason }),
    ...(remedy && { remedy }),
    ...(state.state === 'scheduled' && { expectedDate: latest(jakartaDate(state.at), today) }),
    ...accountOf(state, standing, facts),
  }
}

/**
 * Whether an entry of a type can change what is shown. What cannot happens within one open attempt, or beside an
 * attempt that is open or paid.
 */
export const changesShown = {
  claimed: true,
  resent: false,
  pending: false,
  unknown: false,
  asked: false,
  disbursed: true,
  rejected: true,
  deferred: true,
  refused: true,
  returned: true,
  held: true,
  'hold-released': true,
  retried: true,
  cancelled: true,
  surfaced: true,
  overpaid: false,
  recovered: false,
  'written-off': false,
} as const satisfies Readonly<Record<EntryType, boolean>>
