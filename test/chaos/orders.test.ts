import { marshall } from '@aws-sdk/util-dynamodb'
import { expect, it } from 'vitest'
import type { Problem } from './checks.ts'
import { drawClock } from './clock.ts'
import { newWorker } from './operations.ts'
import { createOrders } from './orders.ts'
import { createRandom } from './random.ts'

const until = '1970-01-01T00:02:30.000Z'

/** A worker that claims at second 0, or whenever it was that the claim was written. */
function createScene() {
  const problems: Problem[] = []
  let seconds = 0
  const time = () => seconds * 1_000
  const worker = newWorker({
    id: 1,
    functionName: 'pay',
    startedAt: 0,
    endsAt: 120_000,
    unstoppable: true,
    clock: drawClock(time, createRandom(1, 1), 0),
  })
  const orders = createOrders(time, (problem) => problems.push(problem))
  const at = (now: number) => {
    seconds = now
  }
  const claims = () => {
    const event = { type: 'claimed', attempt: 1, reference: 'P-1-I1-A1', until }
    orders.entered(marshall({ pk: 'P-1', sk: 'incentive-1#0001', event, by: 'pay/1' }))
  }
  const asks = () => orders.called(worker, { service: 'token' })
  const hears = () => orders.granted(worker)
  const transfers = () => orders.called(worker, { service: 'transfer', partnerReferenceNo: 'P-1-I1-A1' })
  return { problems, at, claims, asks, hears, transfers }
}
type Scene = ReturnType<typeof createScene>
type Step = readonly [number, 'claims' | 'asks' | 'hears' | 'transfers']

const late = ['late order P-1 incentive-1']
it.each<[string, readonly Step[], readonly string[]]>([
  [
    'in time',
    [
      [0, 'claims'],
      [140, 'transfers'],
    ],
    [],
  ],
  [
    'after its term',
    [
      [0, 'claims'],
      [170, 'transfers'],
    ],
    late,
  ],
  [
    'of a claim that was long in writing',
    [
      [170, 'claims'],
      [170, 'transfers'],
    ],
    late,
  ],
  [
    'in time, though its token was long on its way',
    [
      [0, 'claims'],
      [1, 'asks'],
      [170, 'hears'],
      [170, 'transfers'],
    ],
    [],
  ],
  [
    'with a token from before its claim',
    [
      [0, 'asks'],
      [1, 'hears'],
      [2, 'claims'],
      [170, 'transfers'],
    ],
    late,
  ],
  [
    'late, and its token, too',
    [
      [0, 'claims'],
      [170, 'asks'],
      [171, 'hears'],
      [171, 'transfers'],
    ],
    late,
  ],
  [
    'in time, and again with another token',
    [
      [0, 'claims'],
      [1, 'transfers'],
      [170, 'asks'],
      [171, 'transfers'],
    ],
    [],
  ],
])('a transfer is ordered %s', (_, steps, problems) => {
  const scene: Scene = createScene()
  for (const [when, step] of steps) {
    scene.at(when)
    scene[step]()
  }
  expect(scene.problems.map(({ check, subject }) => `${check} ${subject}`)).toEqual(problems)
})
