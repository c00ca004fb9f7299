import { routes } from '../../../shared/operations/routes.ts'
import { showInstruction } from '../instruction.ts'
import { table } from '../table.ts'
import { plan, type Verb } from '../verb.ts'

const list: Verb = {
  name: 'dlq',
  summary: routes.deadLetters.summary,
  routes: [routes.deadLetters],
  examples: [['', 'every message, and whether its payout is settled by now']],
  notes: `A message gets there when our own code has failed on it again and again. The payout is not lost with it: settled
needs nothing any more, waiting is sent again by release, unknown is asked about.`,
  plan: () =>
    plan(routes.deadLetters, {}, ({ messages }, { paint, command }) => {
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
      return {
        lines: lines.length > 0 ? lines : ['the dead-letter queues are empty'],
        ...(messages.length > 0 && { hints: [`Clear them: ${command('dlq tidy')}`] }),
      }
    }),
}

const tidy: Verb = {
  name: 'dlq tidy',
  summary: routes.tidyDeadLetters.summary,
  routes: [routes.tidyDeadLetters],
  examples: [['', 'after the failure behind them has been mended']],
  plan: () => plan(routes.tidyDeadLetters, { body: {} }, showInstruction),
}

export const deadLetters: readonly Verb[] = [list, tidy]
