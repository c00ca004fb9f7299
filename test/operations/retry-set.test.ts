import fc from 'fast-check'
import { expect, test } from 'vitest'
import { payouts } from '../../shared/domain/payout.ts'
import type { RetryMember } from '../../shared/operations/register.ts'
import { isUnchanged, setOf, sortedMembers } from '../../shared/operations/retry.ts'
import type { SkipReason } from '../../shared/operations/schemas.ts'
import { at, participantId } from '../domain/examples.ts'
import { memberOf } from './member.ts'

const now = at('2020-09-18T10:00:00+07:00')

test('a set is the same whatever order its members come in, and another with any member changed', () => {
  const member = fc.record({
    participantId: fc.constantFrom('P-1', 'P-2', 'P-10'),
    payout: fc.constantFrom(...payouts),
    closedAttempt: fc.nat({ max: 3 }),
    accountVersion: fc.constantFrom('1', '2'),
    partner: fc.constantFrom('gopay', 'bni'),
    amount: fc.constantFrom(50_000, 600_000),
  })
  const members = fc.uniqueArray(member, {
    minLength: 1,
    maxLength: 20,
    selector: (one) => `${one.participantId} ${one.payout}`,
  })
  fc.assert(
    fc.property(members, fc.nat(), (all, which) => {
      const set = setOf(all, now)
      expect(set).toMatchObject({ payments: all.length, at: now })
      expect(set.rupiah).toBe(all.reduce((sum, { amount }) => sum + amount, 0))
      expect(set.hash).toMatch(/^[0-9a-f]{64}$/)
      expect(setOf(all.toReversed(), now)).toEqual(set)
      expect(setOf([...all, ...all], now)).toEqual(set)
      expect(sortedMembers(all.toReversed())).toEqual(sortedMembers(all))
      const other = all.map((one, nth) =>
        nth === which % all.length ? { ...one, closedAttempt: one.closedAttempt + 1 } : one,
      )
      expect(setOf(other, now).hash).not.toBe(set.hash)
      expect(setOf(all.slice(1), now).hash).not.toBe(set.hash)
    }),
  )
})

test('a set says how many of its members nobody but a paper vouches for', () => {
  const member = {
    participantId: 'P-1',
    closedAttempt: 1,
    accountVersion: '1',
    partner: 'bni',
    amount: 600_000,
  } as const
  const stated = { ...member, payout: 'incentive-1', onWordOf: 'statement' } as const
  const attested = { ...member, payout: 'incentive-2', onWordOf: 'document' } as const
  const set = setOf([stated, { ...stated, participantId: 'P-2' }, attested], now)
  expect(set).toMatchObject({ returnedByStatement: 2, notPaidByDocument: 1 })
  const { onWordOf: _, ...answered } = stated
  expect(Object.keys(setOf([answered], now))).toEqual(['hash', 'payments', 'rupiah', 'at'])
  expect(setOf([answered], now).hash).not.toBe(setOf([stated], now).hash)
})

test.for<readonly [string, RetryMember | SkipReason, boolean]>([
  ['the same', memberOf(1), true],
  ['the same, in another order of words', { ...memberOf(1), participantId }, true],
  ['another attempt since', memberOf(2), false],
  ['another account', memberOf(1, { accountVersion: '2' }), false],
  ['another partner', memberOf(1, { partner: 'bni' }), false],
  ['said returned by a statement since', memberOf(1, { onWordOf: 'statement' }), false],
  ['no longer failed', 'not-failed', false],
])('a member that is now %s', ([, judged, unchanged]) => {
  expect(isUnchanged(memberOf(1), judged)).toBe(unchanged)
})
