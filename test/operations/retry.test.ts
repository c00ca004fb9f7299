import { describe, expect, test } from 'vitest'
import type { PauseReason } from '../../shared/domain/pause.ts'
import { type Payout, payouts, surveyOf } from '../../shared/domain/payout.ts'
import { attemptsMax } from '../../shared/domain/reference.ts'
import { projectRow } from '../../shared/domain/row.ts'
import type { RetryMember } from '../../shared/operations/register.ts'
import { type ControlRows, judgeRetry, judgeRow, type RetryCase } from '../../shared/operations/retry.ts'
import type { SkipReason } from '../../shared/operations/schemas.ts'
import {
  account,
  at,
  deferred,
  failed,
  linked,
  paid,
  participantId,
  pending,
  refunded,
  rejected,
  unknown,
} from '../domain/examples.ts'
import { createStory, rejectedOnce, relink, type Story, told } from '../domain/story.ts'
import { memberOf } from './member.ts'

const now = at('2020-09-18T10:00:00+07:00')
const claim = (story: Story) => story.claim()
const caseOf = (story: Story): RetryCase => ({
  ...story.situation(),
  chain: story.entries(),
  facts: story.facts(),
})
/** All seven payouts; those that nothing is said of are scheduled or wait for their survey. */
const participantOf = (...stories: readonly Story[]): readonly RetryCase[] =>
  payouts.map((payout) => caseOf(stories.find((story) => story.payout === payout) ?? createStory(payout)))

const failedAt = (reason: Parameters<typeof rejected>[0]) =>
  told(claim, (story) => story.settle(rejected(reason)))
const refuse = (story: Story) => {
  story.refuse()
  story.learn((facts) => ({
    ...facts,
    accounts: [account('1', { verification: { outcome: 'refused', reason: 'account-unknown' } })],
  }))
}
const returned = (story: Story) => {
  story.claim()
  story.settle(paid)
  story.write({ type: 'returned', attempt: story.statuses().length, evidence: {} })
}
const creditStated = (story: Story) =>
  story.tell({ command: 'stated', attempt: 1, direction: 'credit', document: 'gopay/1', now: story.now() })
const attested = (story: Story) => {
  story.claim()
  story.settle(unknown())
  story.wait(450)
  story.attest('not-paid')
}
const deferredThrice = (reason: Parameters<typeof deferred>[0]) => (story: Story) => {
  for (let time = 0; time < 3; time++) {
    story.claim()
    story.settle(deferred(reason))
  }
}
const exhausted = (story: Story) => {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    rejectedOnce(story)
    story.retry()
  }
}

type Judged = SkipReason | (Pick<RetryMember, 'closedAttempt'> & Partial<RetryMember>)
const judge = (story: Story, controls: ControlRows = {}, others: readonly Story[] = []) =>
  judgeRetry(story.payout, participantOf(story, ...others), controls)

test.for<readonly [string, () => Story, Judged]>([
  ['that nothing has happened to', () => told(), 'not-failed'],
  ['that waits for its account', () => createStory('incentive-1', { ...linked, accounts: [] }), 'not-failed'],
  ['that is being sent', () => told(claim), 'unknown-outcome'],
  ['that is pending', () => told(claim, (story) => story.settle(pending)), 'unknown-outcome'],
  ['of which nothing is known', () => told(claim, (story) => story.settle(unknown())), 'unknown-outcome'],
  ['that is paid', () => told(claim, (story) => story.settle(paid)), 'already-paid'],
  ['that was rejected by the partner', () => failedAt('failed-at-partner'), { closedAttempt: 1 }],
  ['that an operator has to see to', () => failedAt('suspected-fraud'), { closedAttempt: 1 }],
  ['whose account is blocked', () => failedAt('account-blocked'), 'needs-participant'],
  [
    'whose account was blocked and replaced',
    () =>
      told(
        () => {},
        (story) => rejectedOnce(story),
        (story) => relink(story, '2'),
      ),
    'not-failed',
  ],
  ['whose account was refused at verification', () => told(refuse), 'needs-participant'],
  ['that was put off again and again', () => told(deferredThrice('cut-off')), { closedAttempt: 3 }],
  ['that the participant’s limit puts off', () => told(deferredThrice('daily-limit')), 'needs-participant'],
  ['whose money came back', () => told(returned), { closedAttempt: 1 }],
  [
    'whose money came back from an account refused since',
    () =>
      told(returned, (story) =>
        story.learn((facts) => ({
          ...facts,
          accounts: [account('1', { verification: { outcome: 'refused', reason: 'account-unknown' } })],
        })),
      ),
    'needs-participant',
  ],
  ['that is held', () => told(rejectedOnce, (story) => story.hold()), 'held'],
  ['that is cancelled', () => told(rejectedOnce, (story) => story.cancel()), 'cancelled'],
  ['that has been tried too often', () => told(exhausted), 'attempts-exhausted'],
  ['that people have attested as not paid', () => told(attested), { closedAttempt: 1, onWordOf: 'document' }],
  [
    'whose money came back by a statement',
    () => told(claim, (story) => story.settle(paid), creditStated),
    { closedAttempt: 1, onWordOf: 'statement' },
  ],
  [
    'whose money came back by a statement before an attempt that the partner rejected',
    () =>
      told(
        claim,
        (story) => story.settle(paid),
        creditStated,
        (story) => story.retry(),
        claim,
        (story) => story.settle(rejected('failed-at-partner')),
      ),
    { closedAttempt: 2, onWordOf: 'statement' },
  ],
  [
    'whose first attempt paid late after the second was rejected, and came back by a statement',
    () =>
      told(
        rejectedOnce,
        (story) => story.retry(),
        rejectedOnce,
        (story) => story.settle(paid, { attempt: 1 }),
        creditStated,
      ),
    { closedAttempt: 2, onWordOf: 'statement' },
  ],
  [
    'that people have attested as not paid before an attempt that the partner rejected',
    () =>
      told(
        attested,
        (story) => story.retry(),
        claim,
        (story) => story.settle(rejected('failed-at-partner')),
      ),
    { closedAttempt: 2, onWordOf: 'document' },
  ],
  [
    'that was attested as not paid, paid late and came back by the partner’s answer',
    () =>
      told(
        attested,
        (story) => story.settle(paid),
        (story) => story.write({ type: 'returned', attempt: 1, evidence: {} }),
      ),
    { closedAttempt: 1 },
  ],
  [
    'whose money came back by a statement, and whose account is another since',
    () =>
      told(
        claim,
        (story) => story.settle(paid),
        creditStated,
        (story) => relink(story, '2', 'bni'),
      ),
    { closedAttempt: 1, onWordOf: 'statement', accountVersion: '2', partner: 'bni' },
  ],
])('a payout %s', ([name, tell, expected]) => {
  const story = tell()
  const judged = judge(story)
  // Row and chain tell the same, but of an account that was verified and then refused, which is never so.
  if (!name.includes('refused since')) expect(judgedByRow(story) ?? judged).toEqual(judged)
  if (typeof expected === 'string') expect(judged).toBe(expected)
  else expect(judged).toEqual(memberOf(expected.closedAttempt, expected))
})

/** By the row that was projected last, and the chain. */
const judgedByRow = (story: Story, controls: ControlRows = {}) => {
  const situation = { ...story.situation(), facts: story.facts() }
  const row = projectRow(participantId, story.payout, situation, 1)
  return judgeRow(row, { chain: story.entries(), standing: situation.standing }, controls)
}

test('a payout of which late proof is still to be written down is paid already', () => {
  const story = failedAt('failed-at-partner')
  story.retry()
  story.claim()
  story.settle(unknown())
  story.settle(paid, { attempt: 1 })
  story.finalAnswer(failed)
  expect(story.state()).toBe('failed')
  expect(judge(story)).toBe('already-paid')
})

test('a payout that a participant does not have is not found', () => {
  expect(judgeRetry('incentive-1', [], {})).toBe('not-found')
})

test.for<readonly [string, Parameters<typeof deferred>[0] | undefined, ControlRows, boolean]>([
  ['another partner', undefined, { bni: pausedFor('incentive') }, false],
  ['its partner, for the other kind', undefined, { gopay: pausedFor('survey') }, false],
  ['its partner', undefined, { gopay: pausedFor('incentive') }, true],
  ['its partner, by the lane itself', undefined, { gopay: pausedFor('incentive', 'float-empty') }, true],
])('where %s is paused, a failed payout is left alone: %o', ([, , controls, left]) => {
  const judged = judge(failedAt('failed-at-partner'), controls)
  expect(judged === 'partner-paused').toBe(left)
  expect(judgedByRow(failedAt('failed-at-partner'), controls)).toEqual(judged)
})

test('a row and its chain tell where the payment would go', () => {
  expect(judgedByRow(failedAt('failed-at-partner'))).toEqual(memberOf(1))
})

function pausedFor(kind: 'incentive' | 'survey', reason: PauseReason = 'operator') {
  return { paused: { [kind]: { reason, since: now, by: 'ops/ani' } } }
}

describe('the participant’s ceiling', () => {
  /** Paid by two attempts; which of them came first does not matter. */
  function paidTwice(payout: Payout): Story {
    const story = createStory(payout)
    if (surveyOf(payout)) story.learn((facts) => ({ ...facts, surveys: { 1: now, 2: now, 3: now } }))
    story.claim()
    story.settle(rejected('failed-at-partner'))
    story.retry()
    story.claim()
    story.settle(paid)
    expect(story.settle(paid, { attempt: 1 })).toBe('overpaid')
    return story
  }
  const cancelled = () => {
    const story = createStory('incentive-4')
    story.cancel()
    return story
  }
  const recovered = (story: Story) => {
    story.close('recovered', 1)
    return story
  }
  const writtenOff = (story: Story) => {
    story.close('write-off', 1)
    return story
  }

  test.for<readonly [string, 'kept' | 'passed', () => readonly Story[]]>([
    ['nothing else has been paid', 'kept', () => []],
    ['a survey was paid twice', 'passed', () => [paidTwice('survey-1')]],
    ['an incentive was paid twice', 'passed', () => [paidTwice('incentive-2')]],
    ['what was paid twice has come back', 'kept', () => [recovered(paidTwice('incentive-2'))]],
    ['what was paid twice was given up', 'passed', () => [writtenOff(paidTwice('incentive-2'))]],
    ['as much was cancelled', 'kept', () => [writtenOff(paidTwice('incentive-2')), cancelled()]],
    [
      'more was paid twice than cancelled',
      'passed',
      () => [paidTwice('survey-1'), paidTwice('incentive-2'), cancelled()],
    ],
    ['another was paid and came back', 'kept', () => [told(returned)]],
  ])('where %s, would be %s by another payment', ([, ceiling, others]) => {
    const story = createStory('incentive-3')
    story.wait(70 * 86_400)
    story.claim()
    story.settle(rejected('failed-at-partner'))
    const judged = judge(story, {}, others())
    expect(judged === 'over-ceiling').toBe(ceiling === 'passed')
  })
})

test('refunded money that is still to be written back is paid as long as it is not', () => {
  const story = told(claim, (each) => each.settle(unknown()))
  story.finalAnswer(refunded)
  expect(judge(story)).toBe('already-paid')
  story.proceed()
  expect(judge(story)).toMatchObject({ closedAttempt: 1 })
})
