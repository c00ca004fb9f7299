import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instalmentOf, isPayout, kindOf, payouts, shardOf, surveyOf } from '../../shared/domain/payout.ts'

test.for([
  ['incentive-1', 'incentive', 1, undefined],
  ['incentive-4', 'incentive', 4, undefined],
  ['survey-1', 'survey', 1, 1],
  ['survey-3', 'survey', 3, 3],
] as const)('%s is %s number %d, for survey %s', ([payout, kind, number, survey]) => {
  expect([kindOf(payout), instalmentOf(payout), surveyOf(payout)]).toEqual([kind, number, survey])
})

test('a survey and its payout name each other', () => {
  for (const survey of [1, 2, 3] as const) expect(surveyOf(`survey-${survey}`)).toBe(survey)
})

test.for(['incentive-0', 'incentive-5', 'survey-4', 'Survey-1', ''])('%s is no payout', (text) => {
  expect(isPayout(text)).toBe(false)
})

// FNV-1a, 32 bits, of `<participant>#<payout>`; computed apart from this code. They must never change: a row
// would be looked for in another list than the one it is in.
test.for([
  ['P-00017', 'incentive-1', 3_541_313_158],
  ['P-00017', 'survey-3', 1_400_118_429],
  ['A', 'incentive-4', 4_235_860_675],
  ['7'.repeat(30), 'survey-1', 3_054_298_076],
] as const)('the hash of %s#%s stays %d', ([participantId, payout, hash]) => {
  expect(shardOf(participantId, payout, 2 ** 32)).toBe(hash)
})

test.for([2, 4, 10, 16])('a wave spreads evenly over %d shards', (shards) => {
  const counts = new Array<number>(shards).fill(0)
  const participants = 5_000
  for (let number = 0; number < participants; number++) {
    const id = `P-${String(number).padStart(7, '0')}`
    for (const payout of payouts) {
      const shard = shardOf(id, payout, shards)
      counts[shard] = (counts[shard] ?? 0) + 1
    }
  }
  const even = (participants * payouts.length) / shards
  for (const count of counts) expect(Math.abs(count - even) / even).toBeLessThan(0.1)
})

test('a shard is always one of the stage', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Z0-9-]{1,30}$/),
      fc.constantFrom(...payouts),
      fc.integer({ min: 1, max: 64 }),
      (id, payout, shards) => {
        const shard = shardOf(id, payout, shards)
        expect(Number.isInteger(shard) && shard >= 0 && shard < shards).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})
