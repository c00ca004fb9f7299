import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { notFound } from './examples.ts'
import { createStory, relink } from './story.ts'
import { createTruthfulPartner, type Fate, fates, type Journey } from './truthful-partner.ts'

/** The whole day that stories resend within. */
const window = 86_400
/** The settle window of stories: what has not arrived so long after the sender's term never will. */
const settleWindow = 300

type Step =
  | {
      readonly do: 'pay' | 'ask'
      readonly journey: Journey
      readonly recorded: boolean
      readonly lie: boolean
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'retry' | 'relink' | 'proceed' | 'hear late' }

const journey = fc.record<Journey>({
  fate: fc.constantFrom<Fate>(...fates),
  delay: fc.constantFrom(0, 11, claimTermSeconds + settleWindow, undefined, undefined),
  heard: fc.boolean(),
  again: fc.constantFrom('duplicate', 'refusal'),
})
const talk = (what: 'pay' | 'ask', lies: fc.Arbitrary<boolean>): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant(what), journey, recorded: fc.boolean(), lie: lies })
const steps = (lies: fc.Arbitrary<boolean>) =>
  fc.array(
    fc.oneof<fc.WeightedArbitrary<Step>[]>(
      { weight: 4, arbitrary: talk('pay', lies) },
      { weight: 6, arbitrary: talk('ask', lies) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('wait'),
          seconds: fc.constantFrom(60, 150, 300, 450, 600, 90_000),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constantFrom('retry', 'relink', 'proceed', 'hear late') }),
      },
    ),
    { minLength: 20, maxLength: 60, size: 'max' },
  )

const open: readonly StateName[] = ['sending', 'pending', 'unknown']

/** Plays a life against a partner; returns the entries' types. Throws when money and journal disagree. */
function live(all: readonly Step[], remembersSeconds: number): string[] {
  const story = createStory()
  const partner = createTruthfulPartner(remembersSeconds)
  const late: (() => string)[] = []

  /** Sends, and hears the answer now or later. */
  function send(way: Journey, recorded: boolean) {
    const attempt = story.situation().standing.attempts.length
    const seq = story.entries().length
    const outcome = partner.send(attempt, way, story.now())
    const settle = () => story.settle(outcome, { attempt, seq })
    if (recorded) settle()
    else late.push(settle)
  }

  function act(step: Step) {
    switch (step.do) {
      case 'pay':
        if (story.state() === 'scheduled') {
          expect([partner.paid(), partner.isBusy(story.now())]).toEqual([0, false])
          if (story.claim() === 'claimed') send(step.journey, step.recorded)
        }
        return
      case 'ask': {
        story.expire()
        if (!open.includes(story.state())) return
        const { attempts } = story.situation().standing
        const truth = partner.tell(attempts.length, story.now())
        const told = story.answer(step.lie ? notFound : truth, { idempotencyWindowSeconds: window })
        if (told === 'resent') send(step.journey, step.recorded)
        return
      }
      case 'wait':
        story.wait(step.seconds)
        return partner.catchUp(story.now())
      case 'retry':
        return story.retry()
      case 'relink':
        return relink(story, String(story.facts().accounts.length + 1))
      case 'proceed':
        return story.proceed()
      case 'hear late':
        return late.shift()?.()
    }
  }

  for (const step of all) {
    act(step)
    expect(partner.paid()).toBeLessThanOrEqual(1)
    const { standing } = story.situation()
    const comesBack = standing.attempts.some(({ refund }) => refund)
    if (story.state() === 'paid' && !comesBack) expect(partner.paid()).toBe(1)
    if (!open.includes(story.state()) && story.state() !== 'paid') expect(partner.paid()).toBe(0)
  }
  return story.entries().map(({ event }) => event.type)
}

test('a partner that says what it has done is never made to pay twice, even if it knows no duplicates', () => {
  fc.assert(
    fc.property(steps(fc.constant(false)), (all) => {
      const written = live(all, 0)
      expect(written).not.toContain('surfaced')
      expect(written).not.toContain('overpaid')
    }),
    { numRuns: 300 },
  )
})

test('a partner that forgets to say so is not either, as long as it knows duplicates', () => {
  fc.assert(
    fc.property(steps(fc.boolean()), (all) => {
      live(all, window + settleWindow)
    }),
    { numRuns: 300 },
  )
})
