import { describe, expect, test } from 'vitest'
import { linked, paid, unlinked } from './examples.ts'
import { createStory, rejectedOnce, relink, type Story, told } from './story.ts'

describe('a hold', () => {
  test('for a shared account ends with its release, for that version', () => {
    const story = createStory('survey-1', linked)
    expect(story.state()).toBe('waiting')
    story.tell({ command: 'hold', reason: 'account-shared', accountVersion: '1' })
    expect(story.situation().state).toMatchObject({ state: 'held', reason: 'account-shared', by: 'test' })
    expect(story.release('1')).toBe('hold-released')
    expect(story.situation().standing.cleared).toEqual(['1'])
    expect(story.state()).toBe('waiting')
  })

  test.for<[string, (story: Story) => unknown]>([
    ['scheduled', () => 'as it was'],
    ['failed', rejectedOnce],
    ['scheduled', (story) => rejectedOnce(story) ?? story.retry()],
  ])('hides and gives back what the payout was: %s', ([state, before]) => {
    const story = told(before)
    expect(story.state()).toBe(state)
    expect(story.hold()).toBe('held')
    expect(story.claim()).toBe('overtaken')
    expect(story.retry()).toBe('not-allowed')
    expect(story.release()).toBe('hold-released')
    expect(story.state()).toBe(state)
    expect(story.situation().standing.cleared).toEqual([])
  })

  test('for a shared account outlives money that surfaces and comes back', () => {
    const story = told(rejectedOnce, (each) => each.hold('1'))
    expect(story.settle(paid)).toBe('surfaced')
    expect(story.state()).toBe('paid')
    expect(story.situation().standing.cleared).toEqual([])
    story.write({ type: 'returned', attempt: 1, evidence: {} })
    expect(story.state()).toBe('held')
    expect(story.claim()).toBe('overtaken')
  })

  test('is lifted only if it is the one that is meant', () => {
    const story = createStory()
    story.hold()
    const since = story.now()
    story.wait(1)
    expect(story.release()).toBe('hold-released')
    story.hold()
    expect(story.tell({ command: 'release-hold', reason: 'fine', since })).toBe('overtaken')
    expect(story.tell({ command: 'release-hold', reason: 'fine', since: story.now() })).toBe('hold-released')
  })

  test('does not hide an account linked meanwhile', () => {
    const story = createStory('incentive-1', unlinked)
    story.hold()
    relink(story, '1')
    story.release()
    expect(story.state()).toBe('scheduled')
  })
})
