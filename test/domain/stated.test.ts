import { describe, expect, test } from 'vitest'
import type { StateName } from '../../shared/domain/state.ts'
import { paid, pending, rejected, unknown } from './examples.ts'
import { claim, relink, retry, type Story, told } from './story.ts'

/** What a line of a partner's statement proves of the attempt that it names. */
const stated = (story: Story, direction: 'debit' | 'credit', attempt = 1) =>
  story.tell({
    command: 'stated',
    attempt,
    direction,
    document: 'statement/gopay/2020-09-18/1',
    referenceNo: 'R-1',
    now: story.now(),
  })

const answered = (outcome: Parameters<Story['settle']>[0]) => (story: Story) => story.settle(outcome)
const waited = (seconds: number) => (story: Story) => story.wait(seconds)

describe('a debit', () => {
  test.for<readonly [string, readonly ((story: Story) => unknown)[], string]>([
    ['while its sender may still settle it', [claim, waited(149)], 'too-early'],
    ['after its sender’s term', [claim, waited(150)], 'disbursed'],
    ['of an unknown outcome', [claim, answered(unknown())], 'disbursed'],
    ['of a pending one', [claim, answered(pending)], 'disbursed'],
    ['of a paid one', [claim, answered(paid)], 'already-settled'],
    ['of a closed one', [claim, answered(rejected())], 'surfaced'],
    [
      'of a closed one after another has paid',
      [claim, answered(rejected()), retry, claim, answered(paid)],
      'overpaid',
    ],
  ])('%s', ([, steps, expected]) => {
    expect(stated(told(...steps), 'debit')).toBe(expected)
  })

  test('is the evidence', () => {
    const story = told(claim, answered(unknown()))
    stated(story, 'debit')
    expect(story.entries().at(-1)?.event).toMatchObject({
      evidence: { document: 'statement/gopay/2020-09-18/1', referenceNo: 'R-1' },
    })
  })
})

describe('a credit', () => {
  test.for<readonly [string, readonly ((story: Story) => unknown)[], string]>([
    ['of what is paid', [claim, answered(paid)], 'returned'],
    ['of an unknown outcome', [claim, answered(unknown())], 'not-allowed'],
    ['of a closed one', [claim, answered(rejected())], 'not-allowed'],
    ['a second time', [claim, answered(paid), (story) => stated(story, 'credit')], 'nothing-new'],
  ])('%s', ([, steps, expected]) => {
    expect(stated(told(...steps), 'credit')).toBe(expected)
  })

  test('returns the attempt that it names, and not the one that paid after it', () => {
    const story = told(
      claim,
      answered(paid),
      (before) => stated(before, 'credit'),
      retry,
      claim,
      answered(paid),
    )
    expect(story.statuses()).toEqual(['returned', 'paid'])
    expect(stated(story, 'credit', 1)).toBe('nothing-new')
    expect(story.statuses()).toEqual(['returned', 'paid'])
  })

  const credited = (story: Story) => stated(story, 'credit')
  const relinked = (story: Story) => relink(story, '2')
  test.for<readonly [string, readonly ((story: Story) => unknown)[], StateName]>([
    ['nothing', [credited], 'returned'],
    ['another account', [credited, relinked], 'returned'],
    [
      'a hold that is lifted again',
      [credited, (story) => story.hold(), (story) => story.release()],
      'returned',
    ],
    ['a retry', [credited, retry], 'scheduled'],
    ['another account and a retry', [credited, relinked, retry], 'scheduled'],
    ['a cancellation', [credited, (story) => story.cancel()], 'cancelled'],
    [
      'another account, where the partner itself said that it came back',
      [(story) => story.write({ type: 'returned', attempt: 1, evidence: {} }), relinked],
      'scheduled',
    ],
  ])('makes a payment returned, and after %s it is so', ([, steps, expected]) => {
    expect(told(claim, answered(paid), ...steps).state()).toBe(expected)
  })

  test('stays in the way although the partner says of another attempt that it came back, too', () => {
    const story = told(
      claim,
      answered(rejected()),
      retry,
      claim,
      answered(paid),
      (before) => stated(before, 'credit', 2),
      (before) => before.settle(paid, { attempt: 1 }),
      (before) => before.write({ type: 'returned', attempt: 1, evidence: {} }),
      relinked,
    )
    expect(story.situation().state).toMatchObject({ state: 'returned', byStatement: true })
    expect(story.claim()).toBe('overtaken')
  })
})
