import { expect, test } from 'vitest'
import type { StateName } from '../../shared/domain/state.ts'
import {
  cancelled,
  deferred,
  failed,
  notFound,
  paid,
  pending,
  refunded,
  rejected,
  unknown,
} from './examples.ts'
import { storyIn } from './states.ts'
import type { Story } from './story.ts'

const askedBefore = (story: Story) => ({ seq: story.entries().length - 1 })

const commands: Readonly<Record<string, (story: Story) => string>> = {
  claim: (story) => story.claim(),
  refuse: (story) => story.refuse(),
  'settle paid': (story) => story.settle(paid),
  'settle pending': (story) => story.settle(pending),
  'settle rejected': (story) => story.settle(rejected()),
  'settle deferred': (story) => story.settle(deferred()),
  'settle unknown': (story) => story.settle(unknown()),
  'answer paid': (story) => story.answer(paid),
  'answer pending': (story) => story.answer(pending),
  'answer failed, soon': (story) => story.answer(failed),
  'answer cancelled, soon': (story) => story.answer(cancelled),
  'answer refunded, soon': (story) => story.answer(refunded),
  'answer failed': (story) => story.finalAnswer(failed),
  'answer cancelled': (story) => story.finalAnswer(cancelled),
  'answer refunded': (story) => story.finalAnswer(refunded),
  'answer not-found': (story) => story.answer(notFound),
  'not-found, resendable': (story) => {
    story.wait(450)
    return story.answer(notFound, { idempotencyWindowSeconds: 3_600 })
  },
  'answer unknown': (story) => story.answer(unknown()),
  'answer paid, late': (story) => story.answer(paid, askedBefore(story)),
  'answer pending, late': (story) => story.answer(pending, askedBefore(story)),
  'answer failed, late': (story) => story.answer(failed, askedBefore(story)),
  'answer not-found, late': (story) => story.answer(notFound, askedBefore(story)),
  'expire in time': (story) => {
    story.wait(149)
    return story.expire()
  },
  'expire after term': (story) => {
    story.wait(150)
    return story.expire()
  },
  hold: (story) => story.hold(),
  'release-hold': (story) => story.release(),
  retry: (story) => story.retry(),
  cancel: (story) => story.cancel(),
  continue: (story) => story.proceed(),
  'attest paid, early': (story) => story.attest('paid'),
  'attest not-paid, early': (story) => story.attest('not-paid'),
  'attest paid': (story) => {
    story.wait(450)
    return story.attest('paid')
  },
  'attest not-paid': (story) => {
    story.wait(450)
    return story.attest('not-paid')
  },
  recovered: (story) => story.close('recovered'),
  'write-off': (story) => story.close('write-off'),
}

/**
 * A cell is the entry that is written, or why none is: `-` not-allowed, `nothing` nothing-new, `settled`
 * already-settled, `closed` attempt-closed, `early` too-early, `overtaken`. `bug`: it throws, there is no such attempt.
 */
const table = `
                       | waiting   | scheduled | sending   | pending   | unknown   | failed    | held          | paid      | returned  | cancelled
claim                  | overtaken | claimed   | overtaken | overtaken | overtaken | overtaken | overtaken     | overtaken | overtaken | overtaken
refuse                 | overtaken | refused   | overtaken | overtaken | overtaken | overtaken | overtaken     | overtaken | overtaken | overtaken
settle paid            | bug       | surfaced  | disbursed | disbursed | disbursed | surfaced  | surfaced      | settled   | settled   | surfaced
settle pending         | bug       | closed    | pending   | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
settle rejected        | bug       | closed    | rejected  | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
settle deferred        | bug       | closed    | deferred  | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
settle unknown         | bug       | closed    | unknown   | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
answer paid            | bug       | surfaced  | disbursed | disbursed | disbursed | surfaced  | surfaced      | settled   | settled   | surfaced
answer pending         | bug       | closed    | overtaken | nothing   | pending   | closed    | closed        | settled   | closed    | closed
answer failed, soon    | bug       | closed    | overtaken | early     | pending   | closed    | closed        | settled   | closed    | closed
answer cancelled, soon | bug       | closed    | overtaken | early     | pending   | closed    | closed        | settled   | closed    | closed
answer refunded, soon  | bug       | closed    | overtaken | early     | pending   | closed    | closed        | settled   | closed    | closed
answer failed          | bug       | closed    | overtaken | rejected  | rejected  | closed    | closed        | settled   | closed    | closed
answer cancelled       | bug       | closed    | overtaken | rejected  | rejected  | closed    | closed        | settled   | closed    | closed
answer refunded        | bug       | closed    | overtaken | disbursed | disbursed | closed    | closed        | settled   | closed    | closed
answer not-found       | bug       | closed    | overtaken | unknown   | asked     | closed    | closed        | settled   | closed    | closed
not-found, resendable  | bug       | closed    | overtaken | unknown   | resent    | closed    | closed        | settled   | closed    | closed
answer unknown         | bug       | closed    | overtaken | nothing   | nothing   | closed    | closed        | settled   | closed    | closed
answer paid, late      | bug       | surfaced  | disbursed | disbursed | disbursed | surfaced  | surfaced      | settled   | settled   | surfaced
answer pending, late   | bug       | closed    | overtaken | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
answer failed, late    | bug       | closed    | overtaken | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
answer not-found, late | bug       | closed    | overtaken | overtaken | overtaken | closed    | closed        | settled   | closed    | closed
expire in time         | nothing   | nothing   | nothing   | nothing   | nothing   | nothing   | nothing       | nothing   | nothing   | nothing
expire after term      | nothing   | nothing   | unknown   | nothing   | nothing   | nothing   | nothing       | nothing   | nothing   | nothing
hold                   | held      | held      | -         | -         | -         | held      | -             | -         | held      | -
release-hold           | -         | -         | -         | -         | -         | -         | hold-released | -         | -         | -
retry                  | -         | -         | -         | -         | -         | retried   | -             | -         | retried   | -
cancel                 | cancelled | cancelled | -         | -         | -         | cancelled | cancelled     | -         | cancelled | -
continue               | nothing   | nothing   | nothing   | nothing   | nothing   | nothing   | nothing       | nothing   | nothing   | nothing
attest paid, early     | bug       | closed    | -         | -         | early     | closed    | closed        | settled   | closed    | closed
attest not-paid, early | bug       | closed    | -         | -         | early     | closed    | closed        | settled   | closed    | closed
attest paid            | bug       | closed    | -         | -         | disbursed | closed    | closed        | settled   | closed    | closed
attest not-paid        | bug       | closed    | -         | -         | rejected  | closed    | closed        | settled   | closed    | closed
recovered              | bug       | -         | -         | -         | -         | -         | -             | -         | nothing   | -
write-off              | bug       | -         | -         | -         | -         | -         | -             | -         | nothing   | -
`

const refusals: Readonly<Record<string, string>> = {
  '-': 'not-allowed',
  nothing: 'nothing-new',
  settled: 'already-settled',
  closed: 'attempt-closed',
  early: 'too-early',
}
const isState = (text: string): text is StateName => text in storyIn

const lines = table.split('\n').filter((line) => line !== '')
const [[, ...states] = [], ...rows] = lines.map((line) => line.split('|').map((cell) => cell.trim()))
const cases = rows.flatMap(([command = '', ...cells]) =>
  states.filter(isState).map((state, column) => {
    const cell = cells[column] ?? ''
    return [state, command, refusals[cell] ?? cell] as const
  }),
)

test('the table has a row for every command and a column for every state', () => {
  expect(rows.map(([command]) => command)).toEqual(Object.keys(commands))
  expect(states).toEqual(Object.keys(storyIn))
})

test.for(cases)('%s, %s: %s', ([state, command, expected]) => {
  const story = storyIn[state]()
  const tell = () => commands[command]?.(story)
  expect(story.state()).toBe(state)
  if (expected === 'bug') expect(tell).toThrow('the journal has no attempt')
  else expect(tell()).toBe(expected)
})
