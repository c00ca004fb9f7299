import { sayOutcome } from '../../../shared/operations/proposal-outcome.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { table } from '../../command/table.ts'
import { plan, type Verb } from '../../command/verb.ts'
import { age, moment } from '../../command/words.ts'
import {
  completeInstruction,
  describeProposal,
  showInstruction,
  showProposal,
  toneOfProposal,
} from '../instruction.ts'
import { wait } from '../options.ts'
import { cutOff, everyPage } from '../paging.ts'

const id = { name: 'id', takes: 'the id of a proposal, as proposals lists it' }

const list: Verb = {
  name: 'proposals',
  summary: routes.proposals.summary,
  routes: [routes.proposals],
  examples: [['', 'everything proposed lately, decided or not']],
  notes: `Approved says that somebody else agreed; OUTCOME says what came of it. What was refused or left alone then is
proposed again by whoever still wants it.`,
  plan: () =>
    plan(
      routes.proposals,
      {},
      ({ proposals, next }, { now, paint }) => {
        const lines = table(
          proposals,
          [
            { title: 'PROPOSAL', text: ({ id }) => id },
            { title: 'STATE', text: ({ state }) => state, tone: toneOfProposal },
            { title: 'PROPOSED (WIB)', text: ({ at }) => moment(at) },
            { title: 'BY', text: ({ proposedBy }) => proposedBy },
            {
              title: 'EXPIRES',
              text: ({ state, expiresAt }) => (state === 'proposed' ? age(expiresAt, now) : ''),
            },
            { title: 'APPROVED BY', text: ({ approvedBy = '' }) => approvedBy },
            { title: 'OUTCOME', text: ({ outcome }) => (outcome ? sayOutcome(outcome) : '') },
            { title: 'WHAT', text: describeProposal },
          ],
          paint,
        )
        return { lines: lines.length > 0 ? [...lines, ...cutOff({ next })] : ['nothing was proposed'] }
      },
      everyPage(routes.proposals, {}, (all, { proposals, next }) => ({
        proposals: [...all.proposals, ...proposals],
        ...(next !== undefined && { next }),
      })),
    ),
}

const approve: Verb = {
  name: 'approve',
  summary: routes.approve.summary,
  words: [id],
  options: { wait },
  routes: [routes.approve],
  examples: [['0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c', 'carry out what somebody else has proposed']],
  notes: 'Whoever has proposed it cannot approve it, in whatever role.',
  plan: ({ words: [proposal = ''] }) =>
    plan(routes.approve, { parameters: { id: proposal }, body: {} }, showInstruction, completeInstruction),
}

const withdraw: Verb = {
  name: 'withdraw',
  summary: routes.withdraw.summary,
  words: [id],
  routes: [routes.withdraw],
  examples: [['0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c', 'nobody can approve it any more']],
  plan: ({ words: [proposal = ''] }) =>
    plan(routes.withdraw, { parameters: { id: proposal }, body: {} }, showProposal),
}

export const proposals: readonly Verb[] = [list, approve, withdraw]
