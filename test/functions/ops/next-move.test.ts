import { describe, expect, test } from 'vitest'
import { nextMove } from '../../../functions/ops/next-move.ts'
import { remedyOf, type State } from '../../../shared/domain/state.ts'
import { at } from '../../domain/examples.ts'

const since = at('2020-09-18T10:00:00+07:00')
const now = at('2020-10-01T10:00:00+07:00')
const later = at('2020-10-18T00:00:00+07:00')
const partner = 'gopay'
const account = { partner, accountVersion: '1' }

const moves: readonly (readonly [State, ReturnType<typeof nextMove>['move'], RegExp])[] = [
  [{ state: 'waiting', missing: 'survey', since }, 'participant', /survey/],
  [{ state: 'waiting', missing: 'account', since }, 'participant', /linked an account/],
  [{ state: 'scheduled', at: since, ...account }, 'system', /as soon as/],
  [{ state: 'scheduled', at: later, ...account }, 'system', /from 2020-10-18 on/],
  [{ state: 'sending', attempt: 1, until: later }, 'system', /2020-10-18T00:00:00\+07:00/],
  [{ state: 'pending', attempt: 1, since }, 'partner', /asked again/],
  [{ state: 'unknown', attempt: 1, since }, 'partner', /not known whether it was paid.*two people/],
  [
    { state: 'failed', reason: 'account-blocked', remedy: 'participant', partner, since },
    'participant',
    /account-blocked.*another account/,
  ],
  [
    { state: 'failed', reason: 'routing-unavailable', remedy: 'partner', partner, since },
    'partner',
    /operator retries/,
  ],
  [
    { state: 'failed', reason: 'attempts-exhausted', remedy: 'operator', partner, since },
    'operator',
    /retries or cancels/,
  ],
  [{ state: 'held', reason: 'account-shared', by: 'pay/1', since }, 'operator', /account-shared.*two people/],
  [{ state: 'held', reason: 'attempt-at-work', by: 'pay/1', since }, 'operator', /two people.*in writing/],
  [{ state: 'held', reason: 'ticket 4711', by: 'ops/ani', since }, 'operator', /an operator lifts/],
  [{ state: 'paid', attempt: 1, since }, 'nobody', /^Paid/],
  [{ state: 'returned', partner, since }, 'operator', /came back\..*another account is linked/],
  [{ state: 'returned', partner, since, byStatement: true }, 'operator', /a statement says.*two people/],
  [{ state: 'cancelled', reason: 'scheme-closed', since }, 'nobody', /scheme-closed/],
]

describe('what happens next', () => {
  test.for(moves)('$0.state: the move is with %2', ([state, move, words]) => {
    const result = nextMove(state, { now, lanePaused: false })
    expect(result.move).toBe(move)
    expect(result.next).toMatch(words)
  })

  test('is the move that lists are filtered by, wherever a payout goes on by nobody but people', () => {
    for (const [state, move] of moves) {
      const remedy = remedyOf(state)
      if (remedy !== undefined) expect(remedy).toBe(move)
    }
    const stuck = moves.filter(([state]) => remedyOf(state) !== undefined).map(([{ state }]) => state)
    expect(new Set(stuck)).toEqual(new Set(['failed', 'returned', 'held']))
  })

  test('says failed or not paid only of what is proven', () => {
    for (const [state] of moves) {
      const { next } = nextMove(state, { now, lanePaused: false })
      const open = ['sending', 'pending', 'unknown'].includes(state.state)
      if (open) expect(next).toMatch(/^In process/)
      if (state.state !== 'failed') expect(next).not.toMatch(/failed|not paid/)
    }
  })

  test('is an operator’s where the lane is paused', () => {
    const state = { state: 'scheduled', at: since, ...account } as const
    expect(nextMove(state, { now, lanePaused: true })).toEqual({
      next: 'Sent once the lane gopay is resumed.',
      move: 'operator',
    })
  })

  test('is the partner’s where it cannot be asked, but for an operator’s pause, until the next try', () => {
    const state = { state: 'scheduled', at: since, ...account } as const
    const move = (triedAgain: typeof now, lanePaused = false) =>
      nextMove(state, { now, lanePaused, triedAgain })
    expect(move(later)).toEqual({
      next: 'Put off: gopay cannot say for sure about it now. Tried again from 2020-10-18T00:00:00+07:00 on.',
      move: 'partner',
    })
    expect(move(later, true).move).toBe('operator')
    expect(move(now)).toEqual(nextMove(state, { now, lanePaused: false }))
  })
})
