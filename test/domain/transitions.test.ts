import { expect, test } from 'vitest'
import { checkTransition } from '../../shared/domain/decide.ts'
import type { EntryType } from '../../shared/domain/entry.ts'
import { reachable, type StateName, transitions } from '../../shared/domain/state.ts'

/** Typed so that a new state or entry that is missing here does not compile. */
const everyState: Record<StateName, true> = {
  waiting: true,
  scheduled: true,
  sending: true,
  pending: true,
  unknown: true,
  failed: true,
  held: true,
  paid: true,
  returned: true,
  cancelled: true,
}
const everyEntry: Record<EntryType, true> = {
  claimed: true,
  resent: true,
  pending: true,
  unknown: true,
  asked: true,
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
  overpaid: true,
  recovered: true,
  'written-off': true,
}

const rows = Object.entries(transitions)

test('every state has its row', () => {
  expect(rows.map(([state]) => state).sort()).toEqual(Object.keys(everyState).sort())
})

test('every entry may be written somewhere', () => {
  const written = new Set(rows.flatMap(([, row]) => Object.keys(row)))
  expect([...written].sort()).toEqual(Object.keys(everyEntry).sort())
})

test('every state but the first two is reached by an entry', () => {
  const reached = new Set<string>(rows.flatMap(([, row]) => Object.values(row).flat()))
  for (const state of Object.keys(everyState)) expect(reached).toContain(state)
})

test('money leaves only from scheduled, and late proof of payment finds its way from every state', () => {
  const from = (type: EntryType) => rows.filter(([, row]) => type in row).map(([state]) => state)
  expect(from('claimed')).toEqual(['scheduled'])
  expect(from('resent')).toEqual(['unknown'])
  const lateProof = [...from('surfaced'), ...from('overpaid')]
  expect(lateProof.sort()).toEqual(Object.keys(everyState).sort())
})

test('an open attempt can be neither held nor cancelled nor tried again', () => {
  for (const state of ['sending', 'pending', 'unknown'] as const)
    for (const type of ['held', 'cancelled', 'retried', 'claimed', 'refused'] as const)
      expect(reachable(state, type)).toBeUndefined()
})

test('an entry that leads elsewhere than promised is a bug', () => {
  const cancelled = { type: 'cancelled', reason: 'scheme-closed' } as const
  expect(() => checkTransition('failed', cancelled, 'cancelled')).not.toThrow()
  expect(() => checkTransition('failed', cancelled, 'paid')).toThrow('cancelled led from failed to paid')
  expect(() => checkTransition('paid', cancelled, 'cancelled')).toThrow(
    'cancelled led from paid to cancelled',
  )
})
