import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import type { Problem } from './checks.ts'
import { drawClock } from './clock.ts'
import { newWorker } from './operations.ts'
import { createPauses } from './pauses.ts'
import { createRandom } from './random.ts'

/** A lane at a time that the test sets, in seconds, with workers whose clocks are true. */
function createScene() {
  const problems: Problem[] = []
  const paid = new Set<string>()
  let seconds = 0
  const time = () => seconds * 1_000
  const pauses = createPauses({
    time,
    statusOf: (reference) => (paid.has(reference) ? 'paid' : 'pending'),
    report: (problem) => problems.push(problem),
  })
  const clock = drawClock(time, createRandom(1, 1), 0)
  const begins = (id: number) => {
    const machine = { functionName: 'pay', lane: 'bni', endsAt: 0, unstoppable: false, clock }
    pauses.began(newWorker({ ...machine, id, startedAt: time() }))
  }
  const row = (control: object) =>
    pauses.changed(marshall({ pk: 'partner#bni', sk: 'CONTROL', paused: {}, ...control }))
  const claims = (id: number, reference: string, term = 150) => {
    const until = new Date(time() + term * 1_000).toISOString()
    const event = { type: 'claimed', reference, until }
    const at = clock.now()
    pauses.entered(marshall({ pk: 'P-1', sk: 'incentive-1#0001', event, at, by: `pay/${id}` }))
  }
  const at = (now: number) => {
    seconds = now
  }
  return { problems, paid, begins, row, claims, at }
}
const paused = { paused: { incentive: { reason: 'operator' } } }
const canary = { canary: { incentive: { since: 'then' } } }

describe('a pause', () => {
  it.each([
    ['by one who has begun before, within a second', 9, 10.9, []],
    ['by one who has begun before, later', 9, 11.1, ['pause']],
    ['by one who begins behind it', 10.1, 10.2, ['pause']],
  ])('and a claim %s', (_, begun, claimed, checks) => {
    const { problems, begins, row, claims, at } = createScene()
    const steps = [
      { when: begun, what: () => begins(1) },
      { when: 10, what: () => row(paused) },
      { when: claimed, what: () => claims(1, 'A1') },
    ]
    for (const { when, what } of steps.sort((one, other) => one.when - other.when)) {
      at(when)
      what()
    }
    expect(problems.map(({ check }) => check)).toEqual(checks)
  })

  it('is not lifted without a canary', () => {
    const { problems, row } = createScene()
    row(paused)
    row({})
    expect(problems).toMatchObject([{ check: 'canary', detail: expect.stringContaining('without a canary') }])
  })
})

describe('a canary', () => {
  it.each([
    [5, []],
    [6, ['canary']],
  ])('and %i payments', (count, checks) => {
    const { problems, begins, row, claims, at } = createScene()
    row(canary)
    at(2)
    begins(1)
    at(3)
    for (let number = 1; number <= count; number++) claims(1, `A${number}`)
    expect(problems.map(({ check }) => check)).toEqual(checks)
  })

  it('does not count what was written down when it was too late to send it', () => {
    const { problems, begins, row, claims, at } = createScene()
    row(canary)
    at(2)
    begins(1)
    at(3)
    claims(1, 'A0', -1)
    for (let number = 1; number <= 5; number++) claims(1, `A${number}`)
    expect(problems).toEqual([])
  })

  it.each([
    ['one is paid', ['A1'], []],
    ['another one is paid', ['B1'], ['canary']],
  ])('ends when %s', (_, references, checks) => {
    const { problems, paid, begins, row, claims, at } = createScene()
    row(canary)
    at(2)
    begins(1)
    claims(1, 'A1')
    for (const reference of references) paid.add(reference)
    row({})
    expect(problems.map(({ check }) => check)).toEqual(checks)
  })
})
