import type * as z from 'zod'
import { routes } from '../../../shared/operations/routes.ts'
import { type deadLetter, engineersWork } from '../../../shared/operations/undelivered.ts'
import { table } from '../../command/table.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { counted } from '../../local/text.ts'
import { showInstruction } from '../instruction.ts'

/** Whether tidying does anything about a message. */
const canBeTidied = ({ standing }: z.output<typeof deadLetter>): boolean =>
  !engineersWork.some((one) => one === standing)

type Answer = { readonly more?: Readonly<Record<string, number>> }

/** A line for each queue that holds more than were looked at. */
const unseen = ({ more = {} }: Answer): readonly string[] =>
  Object.entries(more).map(
    ([queue, left]) => `and about ${counted(left, 'more message')} in ${queue}, not looked at`,
  )

const list: Verb = {
  name: 'dlq',
  summary: routes.deadLetters.summary,
  routes: [routes.deadLetters],
  examples: [['', 'every message, and whether its payout is settled by now']],
  notes: `A message gets there when our own code has failed on it again and again. The payout is not lost with it: settled
needs nothing any more, waiting is scheduled and sent by release, unknown is asked about. What waits-for-people has
failed, come back, is held or lacks an account, and failed, held and waiting list it; or it lacks its survey.
not-a-payout is an event, a job or a repair, which tidying sends to its queue again. An engineer's work, which tidying
leaves: part-of-stream and statement, a part of the journal's stream and a statement that were given up,
change-of-status, our own news for others, and unreadable, of a payout whose journal is damaged.`,
  plan: () =>
    plan(routes.deadLetters, {}, (answer, { paint, command }) => {
      const { messages } = answer
      const left = unseen(answer)
      const lines = table(
        messages,
        [
          { title: 'QUEUE', text: ({ queue }) => queue },
          { title: 'ABOUT', text: ({ about }) => about },
          { title: 'STANDING', text: ({ standing }) => standing },
          { title: 'MESSAGE', text: ({ messageId }) => messageId },
        ],
        paint,
      )
      const none = left.length > 0 ? 'no message can be seen now' : 'the dead-letter queues are empty'
      return {
        lines: [...(lines.length > 0 ? lines : [none]), ...left],
        ...(messages.some(canBeTidied) && { hints: [`Clear them: ${command('dlq tidy')}`] }),
      }
    }),
}

const tidy: Verb = {
  name: 'dlq tidy',
  summary: routes.tidyDeadLetters.summary,
  routes: [routes.tidyDeadLetters],
  words: [{ name: 'messageId', takes: 'the id of a message, as dlq lists it (all of them)', optional: true }],
  examples: [
    ['', 'after the failure behind them has been mended'],
    ['0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c', 'one of them'],
  ],
  plan: ({ words: [messageId] }) =>
    plan(routes.tidyDeadLetters, { body: present({ messageId }) }, (answer, view) => {
      const { lines, ...shown } = showInstruction(answer, view)
      const left = unseen(answer)
      return {
        ...shown,
        lines: [...lines, ...left],
        ...(left.length > 0 && { hints: [`Go on with those: ${view.command('dlq tidy')}`] }),
      }
    }),
}

export const deadLetters: readonly Verb[] = [list, tidy]
