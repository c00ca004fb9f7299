import { describe, expect, test } from 'vitest'
import { paid, pending, rejected, unknown } from './examples.ts'
import { claim, retry, type Story, told } from './story.ts'

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
})
