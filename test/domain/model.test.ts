import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Situation } from '../../shared/domain/decide.ts'
import type { Entry } from '../../shared/domain/entry.ts'
import { type Attempt, attemptNumbered, isOpen } from '../../shared/domain/fold.ts'
import { secondsBetween } from '../../shared/domain/instant.ts'
import { payouts } from '../../shared/domain/payout.ts'
import { availableChange, balances, type Posting } from '../../shared/domain/postings.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { type StateName, transitions } from '../../shared/domain/state.ts'
import { linked, unlinked } from './examples.ts'
import { newWorld, partners, type Step, step, take, type World } from './model.ts'
import { createStory } from './story.ts'

const funded = rupiah(100_000_000)
const openStates: readonly StateName[] = ['sending', 'pending', 'unknown']
const owedStates: readonly StateName[] = ['waiting', 'scheduled', 'failed', 'held', 'returned']
const byStatus = ({ standing }: Situation, status: Attempt['status']) =>
  standing.attempts.filter((attempt) => attempt.status === status)

/** At most one attempt holds or has spent the money of the payout. */
function checkAttempts({ standing, state }: Situation): void {
  const taking = standing.attempts.filter((attempt) => isOpen(attempt) || attempt.status === 'paid')
  expect(taking.length).toBe([...openStates, 'paid'].includes(state.state) ? 1 : 0)
}

/** The obligation is in the one place that its state names, the cash where the attempts have left it. */
function checkBooks({ story }: World): void {
  const { payout } = story
  const situation = story.situation()
  const { state } = situation.state
  const amount = amountOf(scheme2020, payout)
  const entries = story.entries().flatMap(({ postings }) => postings)
  const float = partners.map((partner): Posting => {
    return { from: 'treasury', to: `float/${partner}`, amount: funded }
  })
  const books = balances([{ from: 'budget/', to: 'payable/', amount }, ...float, ...entries])
  const total = (prefix: string) =>
    [...books].reduce((sum, [name, balance]) => (name.startsWith(prefix) ? sum + balance : sum), 0)

  expect(total('payable/')).toBe(owedStates.includes(state) ? amount : 0)
  expect(total('budget/')).toBe(state === 'cancelled' ? 0 : -amount)
  for (const partner of partners) {
    const at = (attempts: readonly Attempt[]) =>
      amount * attempts.filter(({ claim }) => claim.partner === partner).length
    const [spent, overpaid] = [total(`spent/${partner}`), total(`overpaid/${partner}`)]
    const inTransit = total(`in-transit/${partner}/`)
    expect(inTransit).toBe(at(situation.standing.attempts.filter(isOpen)))
    expect(total(`paid/${partner}/`)).toBe(at(byStatus(situation, 'paid')))
    expect(spent).toBe(at(byStatus(situation, 'paid')))
    expect(overpaid).toBe(at(byStatus(situation, 'overpaid')))
    const left = total(`float/${partner}`)
    expect(funded - left).toBe(spent + overpaid + total(`written-off/${partner}`))
    expect(funded + availableChange(entries, partner)).toBe(left - inTransit)
  }
}

/** Money leaves anew only after proof that nothing has left before. */
function checkSending(before: Situation, { event, at }: Entry, action: Step): void {
  if (event.type === 'claimed') {
    const statuses = before.standing.attempts.map(({ status }) => status)
    for (const status of statuses) expect(['rejected', 'deferred', 'returned']).toContain(status)
    expect(event.attempt).toBe(statuses.length + 1)
  }
  if (event.type !== 'resent') return
  const attempt = attemptNumbered(before.standing, event.attempt)
  if (!attempt || action.do !== 'answer') throw new Error('only an answer sends an attempt again')
  expect(action.outcome.outcome).toBe('not-found')
  expect(action.rule.laneOpen).toBe(true)
  expect(attempt).toMatchObject({ status: 'unknown', acknowledged: false })
  expect(secondsBetween(attempt.until, at)).toBeGreaterThanOrEqual(300)
  expect(secondsBetween(attempt.claimedAt, event.until)).toBeLessThan(action.rule.idempotencyWindowSeconds)
  expect(byStatus(before, 'overpaid')).toEqual([])
}

/** What an answer may do, and that proof of payment is never dropped. */
function checkAnswer(before: Situation, told: string, action: Step, world: World): void {
  if (action.do !== 'settle' && action.do !== 'answer') return
  const { event } = world.story.entries().at(-1) ?? {}
  const number = event && 'attempt' in event ? event.attempt : 0
  const attempt = attemptNumbered(before.standing, number)
  const { outcome } = action.outcome
  if (outcome === 'not-found') expect(told).not.toMatch(/rejected|deferred|returned|disbursed|claimed/)
  if (action.do === 'settle' && told !== 'overtaken' && attempt && attempt.sends > 1)
    expect(told).not.toMatch(/rejected|deferred/)
  if (outcome === 'paid')
    expect(told).toMatch(/^(disbursed|surfaced|overpaid|already-settled|nothing sent|nothing asked)$/)
}

const startingFacts = fc.constantFrom(linked, unlinked)
const life = fc.tuple(
  fc.constantFrom(...payouts),
  startingFacts,
  fc.array(step, { minLength: 40, maxLength: 120, size: 'max' }),
)

/** The entry that a step has written, if it has. */
const entryAfter = ({ standing }: Situation, { story }: World): Entry | undefined =>
  story.entries()[standing.seq]

type Life = [(typeof payouts)[number], typeof linked, Step[]]

/** Lives a life; `check` sees the situation before a step, what the step came to, and the entry if there is one. */
function live(
  [payout, facts, steps]: Life,
  check: (before: Situation, told: string, step: Step, world: World) => void,
) {
  const world = newWorld(createStory(payout, facts))
  for (const action of steps) {
    const before = world.story.situation()
    check(before, take(world, action), action, world)
  }
}

test('whatever happens to a payout in whatever order, it is paid at most once and its books are its state', () => {
  fc.assert(
    fc.property(life, (each) =>
      live(each, (before, told, action, world) => {
        checkAnswer(before, told, action, world)
        const entry = entryAfter(before, world)
        if (!entry) return
        checkAttempts(world.story.situation())
        checkBooks(world)
        checkSending(before, entry, action)
      }),
    ),
    { numRuns: 300 },
  )
})

/** Promised, but not to be reached: nothing waits once it was claimed, and no life here has 99 attempts. */
const neverReached = ['waiting surfaced paid', 'paid returned failed']

test('random lives go through the whole transition table', () => {
  const reached = new Set<string>()
  for (const each of fc.sample(life, { numRuns: 1_500, seed: 2020 })) {
    live(each, (before, _, __, world) => {
      const entry = entryAfter(before, world)
      if (entry) reached.add(`${before.state.state} ${entry.event.type} ${world.story.state()}`)
    })
  }
  const promised = Object.entries(transitions).flatMap(([state, row]) =>
    Object.entries<readonly StateName[]>(row).flatMap(([type, next]) =>
      next.map((each) => `${state} ${type} ${each}`),
    ),
  )
  expect(promised.filter((each) => !reached.has(each))).toEqual(neverReached)
})
