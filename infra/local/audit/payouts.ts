import { deferralsMax, openAttempt, replay, type Standing, stateOf } from '../../../shared/domain/fold.ts'
import type { Payout } from '../../../shared/domain/payout.ts'
import { type PayoutRow, projectRow } from '../../../shared/domain/row.ts'
import type { Rupiah } from '../../../shared/domain/rupiah.ts'
import { amountOf, payoutsOf, type Scheme, schemeNamed } from '../../../shared/domain/scheme.ts'
import type { State } from '../../../shared/domain/state.ts'
import type { Holdings, ParticipantRecord } from './holdings.ts'

/** A payout as journal and facts say it is. */
export type JudgedPayout = {
  readonly participantId: string
  readonly payout: Payout
  readonly scheme: Scheme
  readonly amount: Rupiah
  readonly standing: Standing
  readonly state: State
  /** What its row says otherwise; a row in the wrong list, or in none, is one that nobody will work on. */
  readonly misplaced?: string
}

const placeOf = ({ state, list = 'none' }: PayoutRow) => `${state} in list ${list}`

function misplacement(row: PayoutRow | undefined, expected: PayoutRow): string | undefined {
  if (!row) return `has no row, should be ${placeOf(expected)}`
  return placeOf(row) === placeOf(expected) ? undefined : `is ${placeOf(row)}, should be ${placeOf(expected)}`
}

function judge(participantId: string, record: ParticipantRecord, shards: number): JudgedPayout[] {
  const { entitlement, surveys, rows, chains } = record
  if (!entitlement) return []
  const accounts = record.accounts
    .toSorted((one, other) => (one.version < other.version ? -1 : 1))
    .map(({ number, shared = false, ...account }) => ({ ...account, shared, lastFour: number.slice(-4) }))
  const facts = { entitlement, surveys, accounts }
  const scheme = schemeNamed(entitlement.scheme)
  return payoutsOf(scheme).map((payout) => {
    const standing = replay(chains.get(payout) ?? [])
    const state = stateOf(standing, facts, payout)
    const expected = projectRow(participantId, payout, { standing, state, facts }, shards)
    const misplaced = misplacement(rows.get(payout), expected)
    const amount = amountOf(scheme, payout)
    const judged = { participantId, payout, scheme, amount, standing, state }
    return misplaced === undefined ? judged : { ...judged, misplaced }
  })
}

/** Every payout there is. `shards`: of the stage's work lists. */
export const judgePayouts = ({ participants }: Holdings, shards: number): JudgedPayout[] =>
  [...participants].flatMap(([participantId, record]) => judge(participantId, record, shards))

/**
 * Why a payout that is not paid has failed: what its last attempt or verification came to, also when closing has
 * cancelled it since. `undefined`: it has not failed, or the last word is not spoken.
 */
export function failureOf({ standing, state }: JudgedPayout): string | undefined {
  if (state.state === 'paid' || openAttempt(standing)) return undefined
  if (state.state === 'failed') return state.reason
  const { obstacle } = standing
  if (obstacle?.type === 'returned') return 'returned'
  if (obstacle?.type === 'deferred' && obstacle.times < deferralsMax) return undefined
  return obstacle?.reason
}
