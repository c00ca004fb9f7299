import fc from 'fast-check'
import { expect, test } from 'vitest'
import { payouts } from '../../shared/domain/payout.ts'
import { attemptsMax, parseReference, referenceOf } from '../../shared/domain/reference.ts'

const runs = { numRuns: 500 }
const participantId = fc.stringMatching(/^[A-Z0-9-]{1,30}$/)
const payout = fc.constantFrom(...payouts)
const attempt = fc.integer({ min: 1, max: attemptsMax })

test.for([
  ['P-00017', 'incentive-1', 1, 'P-00017-I1-A1'],
  ['P', 'survey-3', 99, 'P-S3-A99'],
  ['P-I1-A1', 'incentive-4', 10, 'P-I1-A1-I4-A10'],
  ['-', 'survey-1', 2, '--S1-A2'],
  ['7'.repeat(30), 'incentive-2', 3, `${'7'.repeat(30)}-I2-A3`],
] as const)('%s, %s, attempt %d is %s', ([id, of, number, reference]) => {
  expect(referenceOf(id, of, number)).toBe(reference)
  expect(parseReference(reference)).toEqual({ participantId: id, payout: of, attempt: number })
})

test('every reference says what it was made of, within the length partners allow', () => {
  fc.assert(
    fc.property(participantId, payout, attempt, (id, of, number) => {
      const reference = referenceOf(id, of, number)
      expect(reference.length).toBeLessThanOrEqual(50)
      expect(parseReference(reference)).toEqual({ participantId: id, payout: of, attempt: number })
    }),
    runs,
  )
})

test('different attempts have different references', () => {
  const attemptOf = fc.tuple(participantId, payout, attempt)
  fc.assert(
    fc.property(attemptOf, attemptOf, (first, second) => {
      const same = first.every((part, index) => part === second[index])
      expect(referenceOf(...first) === referenceOf(...second)).toBe(same)
    }),
    runs,
  )
})

test.for([
  ['', 'incentive-1', 1],
  ['p-1', 'incentive-1', 1],
  ['P 1', 'incentive-1', 1],
  ['P'.repeat(31), 'incentive-1', 1],
  ['P-1', 'incentive-1', 0],
  ['P-1', 'incentive-1', 100],
  ['P-1', 'incentive-1', 1.5],
] as const)('%s, %s, attempt %d has none', ([id, of, number]) => {
  expect(() => referenceOf(id, of, number)).toThrow(RangeError)
})

test.for([
  '',
  'P-00017',
  'P-00017-I1',
  'P-00017-I1-A0',
  'P-00017-I1-A01',
  'P-00017-I1-A100',
  'P-00017-I5-A1',
  'P-00017-S4-A1',
  'P-00017-X1-A1',
  'p-00017-I1-A1',
  'P-00017-I1-A1 ',
  'P-00017-I1-A1\n',
  '-I1-A1',
  `${'P'.repeat(31)}-I1-A1`,
])('%s is not one of ours', (text) => {
  expect(parseReference(text)).toBeUndefined()
})

test('what is read as a reference is written the same again', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9-]{0,8}-?[IS]?[0-9]?-?A?[0-9]{0,3}$/), (text) => {
      const parsed = parseReference(text)
      if (parsed) expect(referenceOf(parsed.participantId, parsed.payout, parsed.attempt)).toBe(text)
    }),
    runs,
  )
})
