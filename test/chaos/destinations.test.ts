import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import { createBook } from '../../infra/local/partners/book.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { at } from '../domain/examples.ts'
import type { Problem } from './checks.ts'
import { drawClock } from './clock.ts'
import { createDestinations, strangersPaid } from './destinations.ts'
import { newWorker } from './operations.ts'
import { createRandom } from './random.ts'

const first = '2020-11-10T00:00:00.000Z-1'
const second = '2020-12-10T00:00:00.000Z-2'
const tooLate = '2021-03-04T17:00:00.000Z-3'

/** What is wrong with a claim of `claimed` by a worker that begins at second 10; `stored`: versions, and at which second. */
function broken(stored: readonly (readonly [string, number])[], claimed: string): readonly string[] {
  const problems: Problem[] = []
  let seconds = 0
  const time = () => seconds * 1_000
  const worker = newWorker({
    id: 1,
    functionName: 'pay',
    startedAt: 10_000,
    endsAt: 130_000,
    unstoppable: false,
    clock: drawClock(time, createRandom(1, 1), 0),
  })
  const destinations = createDestinations({
    time,
    workerOf: () => worker,
    report: (problem) => problems.push(problem),
  })
  for (const [version, when] of stored) {
    seconds = when
    destinations.changed(undefined, marshall({ pk: 'P-1', sk: version, linkedAt: version.slice(0, 24) }))
  }
  const event = { type: 'claimed', reference: 'P-1-I1-A1', accountVersion: claimed }
  destinations.entered(marshall({ pk: 'P-1', sk: 'incentive-1#0001', event, by: 'pay/1' }))
  return problems.map(({ check, subject }) => `${check} ${subject}`)
}

describe('a claim is', () => {
  const wrong = ['destination P-1 incentive-1']
  it.each<[string, Parameters<typeof broken>[0], string, readonly string[]]>([
    [
      'for the account that was linked last',
      [
        [first, 1],
        [second, 2],
      ],
      second,
      [],
    ],
    [
      'not for one before it',
      [
        [first, 1],
        [second, 2],
      ],
      first,
      wrong,
    ],
    [
      'not for one before it, whichever came first',
      [
        [second, 1],
        [first, 2],
      ],
      first,
      wrong,
    ],
    [
      'for one before it, where that was not known yet',
      [
        [first, 1],
        [second, 11],
      ],
      first,
      [],
    ],
    [
      'for one before a link that came too late',
      [
        [first, 1],
        [tooLate, 2],
      ],
      first,
      [],
    ],
    [
      'not for a link that came too late',
      [
        [first, 1],
        [tooLate, 2],
      ],
      tooLate,
      wrong,
    ],
    ['not for an account that nobody has linked', [[first, 1]], second, wrong],
  ])('%s', (_, stored, claimed, problems) => expect(broken(stored, claimed)).toEqual(problems))
})

it('money reaches no account of which its partner names another holder', () => {
  const book = createBook({ float: rupiah(1_000_000), now: () => Date.UTC(2021, 1, 1) })
  book.enter({
    at: at('2020-12-10T00:00:00+07:00'),
    direction: 'debit',
    partnerReferenceNo: 'P-1-I1-A1',
    referenceNo: 'BNI1',
    amount: rupiah(600_000),
    accountNumber: '1100000100',
    serviceCode: '17',
  })
  const books = new Map([['bni', book]])
  const holder = { partner: 'bni', number: '1100000100', name: 'Peserta A' } as const
  expect(strangersPaid([holder, { ...holder, number: '1100000101', behaviour: '15' }], books)).toEqual([])
  expect(strangersPaid([{ ...holder, behaviour: '15' }], books)).toMatchObject([
    { check: 'stranger', subject: 'P-1 incentive-1' },
  ])
})
