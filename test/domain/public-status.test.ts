import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../shared/domain/entry.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { civilDate } from '../../shared/domain/instant.ts'
import { deferralReasons, type RejectionReason, rejectionRemedy } from '../../shared/domain/outcome.ts'
import { changesShown, publicReasons, publicStatuses, shownOf } from '../../shared/domain/public-status.ts'
import { remedyOfRepeated, type State, type StateName } from '../../shared/domain/state.ts'
import { account, at, deferred, rejected } from './examples.ts'
import { newWorld, step, take } from './model.ts'
import { storyIn } from './states.ts'
import { createStory, relink, type Story, told } from './story.ts'

const today = civilDate('2020-09-18')
const shown = (story: Story, day = today) => shownOf({ ...story.situation(), facts: story.facts() }, day)
const gopay = { partner: 'gopay', lastFour: '0001' }

describe('every state has its word', () => {
  it.each<[StateName, object]>([
    ['waiting', { status: 'waiting', reason: 'account' }],
    ['scheduled', { status: 'in-process', expectedDate: '2020-09-19', ...gopay }],
    ['sending', { status: 'in-process', ...gopay }],
    ['pending', { status: 'in-process', ...gopay }],
    ['unknown', { status: 'in-process', ...gopay }],
    ['failed', { status: 'action-needed', reason: 'account-blocked', remedy: 'participant', ...gopay }],
    ['held', { status: 'in-process', remedy: 'operator' }],
    ['paid', { status: 'paid', ...gopay }],
    ['returned', { status: 'in-process', remedy: 'operator', ...gopay }],
    ['cancelled', { status: 'cancelled', reason: 'scheme-closed' }],
  ])('%s', (state, expected) => {
    const story = storyIn[state]()
    expect(story.state()).toBe(state)
    expect(shown(story)).toEqual(expected)
  })

  it('a survey that is not filled is waited for', () => {
    expect(shown(createStory('survey-1'))).toEqual({ status: 'waiting', reason: 'survey' })
  })
})

describe('a failure', () => {
  const isReason = (text: string): text is RejectionReason => text in rejectionRemedy
  const once = Object.keys(rejectionRemedy)
    .filter(isReason)
    .map((reason) => ({ reason, remedy: rejectionRemedy[reason] }))
  const repeated = [...deferralReasons, 'attempts-exhausted' as const].map((reason) => ({
    reason,
    remedy: remedyOfRepeated(reason),
  }))

  it.each([...once, ...repeated])('$reason is told only if the participant can act', ({ reason, remedy }) => {
    const since = at('2020-09-18T10:00:00+07:00')
    const state: State = { state: 'failed', reason, remedy, partner: 'gopay', since }
    expect(shownOf({ state, standing: replay([]) }, today)).toEqual({
      ...(remedy === 'participant' ? { status: 'action-needed', reason } : { status: 'in-process' }),
      remedy,
      partner: 'gopay',
    })
  })
})

describe('the words of operators stay inside', () => {
  it.each([
    ['a hold', (story: Story) => story.tell({ command: 'hold', reason: 'call Budi' })],
    ['a cancellation', (story: Story) => story.tell({ command: 'cancel', reason: 'call Budi' })],
  ])('%s', (_what, act) => {
    const story = createStory()
    act(story)
    expect(JSON.stringify(shown(story))).not.toContain('Budi')
  })
})

describe('the expected day', () => {
  it('is the due day', () => {
    expect(shown(createStory('incentive-3'))).toMatchObject({ expectedDate: '2020-11-18' })
  })

  it('is today for what has been due before', () => {
    const day = civilDate('2020-10-02')
    expect(shown(createStory(), day)).toMatchObject({ expectedDate: '2020-10-02' })
  })

  it('is when a deferred payment is tried again', () => {
    const story = told((one) => one.claim())
    story.settle(deferred('cut-off', at('2020-09-21T00:00:00+07:00')))
    expect(shown(story)).toMatchObject({ status: 'in-process', expectedDate: '2020-09-21' })
  })
})

it('another account ends the need to act, and is the one that is shown', () => {
  const story = told((one) => one.claim())
  story.settle(rejected())
  relink(story, '2')
  expect(shown(story)).toEqual({
    status: 'in-process',
    expectedDate: '2020-09-18',
    partner: 'bni',
    lastFour: account('2').lastFour,
  })
})

it('an entry that is said to change nothing never does, whatever happens', () => {
  const after = (entries: readonly Entry[], story: Story) => {
    const standing = replay(entries)
    return shownOf(
      { standing, state: stateOf(standing, story.facts(), story.payout), facts: story.facts() },
      today,
    )
  }
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const story = createStory()
      const world = newWorld(story)
      for (const each of steps) take(world, each)
      const entries = story.entries()
      for (const [index, { event }] of entries.entries()) {
        if (changesShown[event.type]) continue
        expect(after(entries.slice(0, index + 1), story)).toEqual(after(entries.slice(0, index), story))
      }
    }),
  )
})

it('every word and every reason is used and none is said twice', () => {
  expect(new Set(publicStatuses).size).toBe(5)
  expect(new Set(publicReasons).size).toBe(publicReasons.length)
  for (const [reason, remedy] of Object.entries(rejectionRemedy))
    expect(publicReasons.some((one) => one === reason)).toBe(remedy === 'participant')
})
