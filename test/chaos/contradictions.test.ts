import { expect, it } from 'vitest'
import { createBook } from '../../infra/local/partners/book.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
import { instant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { at } from '../domain/examples.ts'
import { drawClock } from './clock.ts'
import { paidUnasked } from './contradictions.ts'
import { newWorker } from './operations.ts'
import { createRandom } from './random.ts'

const claimedAt = at('2020-12-10T00:00:00+07:00')
const attempt = (number: number, status: Attempt['status'], partner = 'bni'): Attempt => ({
  claim: {
    type: 'claimed',
    attempt: number,
    reference: `A${number}`,
    partner,
    accountVersion: 'v1',
    lastFour: '0001',
    amount: rupiah(600_000),
    transactionDate: claimedAt,
    bodyHash: '',
    until: claimedAt,
  },
  claimedAt,
  lastSentAt: claimedAt,
  since: claimedAt,
  until: claimedAt,
  sends: 1,
  acknowledged: false,
  status,
})

/** BNI pays `A1` at second 10, and takes it back at `backAt`; a worker begins at `began` and claims there at second 60. */
function unasked(attempts: readonly Attempt[], began: number, backAt?: number, misinformed = false) {
  const book = createBook({ float: rupiah(1_000_000), now: () => 60_000 })
  const moves = (seconds: number, direction: 'debit' | 'credit') =>
    book.enter({
      at: instant(seconds * 1_000),
      direction,
      partnerReferenceNo: 'A1',
      referenceNo: 'BNI1',
      amount: rupiah(600_000),
      accountNumber: '1100000100',
      serviceCode: '17',
    })
  moves(10, 'debit')
  if (backAt !== undefined) moves(backAt, 'credit')
  const clock = drawClock(() => 60_000, createRandom(1, 1), 0)
  const machine = { id: 1, functionName: 'pay', endsAt: 0, unstoppable: false, clock }
  const worker = { ...newWorker({ ...machine, startedAt: began * 1_000 }), misinformed }
  return paidUnasked(attempts, { partner: 'bni' }, worker, new Map([['bni', book]]))
}

it.each<[string, string | undefined, Parameters<typeof unasked>]>([
  ['paid before the worker began', 'A1', [[attempt(1, 'rejected')], 20]],
  ['before attempts elsewhere', 'A1', [[attempt(1, 'rejected'), attempt(2, 'rejected', 'ovo')], 20]],
  ['before one that was put off', 'A1', [[attempt(1, 'rejected'), attempt(2, 'deferred')], 20]],
  [
    'before another that was rejected there',
    undefined,
    [[attempt(1, 'rejected'), attempt(2, 'rejected')], 20],
  ],
  ['paid since the worker began', undefined, [[attempt(1, 'rejected')], 5]],
  ['that was never rejected, but put off', undefined, [[attempt(1, 'deferred')], 20]],
  ['that has come back', undefined, [[attempt(1, 'rejected')], 20, 30]],
  ['of whose answer the worker was told another', undefined, [[attempt(1, 'rejected')], 20, undefined, true]],
])('an attempt %s: %s', (_, reference, paid) => expect(unasked(...paid)).toBe(reference))
