import type { StateName } from '../../shared/domain/state.ts'
import { deferred, paid, pending, refunded, rejected, unknown, unlinked } from './examples.ts'
import { createStory, type Story } from './story.ts'

/** A story in each state; all but `waiting` have had one attempt. */
export const storyIn: Readonly<Record<StateName, () => Story>> = {
  waiting: () => createStory('incentive-1', unlinked),
  scheduled: () => after((story) => story.settle(deferred())),
  sending: () => after(() => 'sent'),
  pending: () => after((story) => story.settle(pending)),
  unknown: () => after((story) => story.settle(unknown())),
  failed: () => after((story) => story.settle(rejected())),
  held: () =>
    after(
      (story) => story.settle(rejected()),
      (story) => story.hold(),
    ),
  paid: () => after((story) => story.settle(paid)),
  returned: () =>
    after(
      (story) => story.settle(unknown()),
      (story) => story.finalAnswer(refunded),
      (story) => story.proceed(),
    ),
  cancelled: () =>
    after(
      (story) => story.settle(rejected()),
      (story) => story.cancel(),
    ),
}

function after(...steps: ((story: Story) => string)[]): Story {
  const story = createStory()
  story.claim()
  for (const step of steps) step(story)
  return story
}
