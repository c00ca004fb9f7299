import { routes } from '../../../shared/operations/routes.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { showInstruction } from '../instruction.ts'
import { why } from '../options.ts'

export const repairTotals: Verb = {
  name: 'repair-totals',
  summary: "Makes finance's totals what the journal says.",
  options: { reason: why },
  routes: [routes.instruct],
  examples: [['--reason "finance verify: 2020-10-14 at gopay differs"', 'what verify of finance has found']],
  notes: `Days of the last 25 hours are left alone: what is still on its way would be counted twice. It changes no entry and no
payout. The whole journal is read within one request, of half a minute: what takes longer ends with nothing changed.`,
  plan: ({ texts: { reason } }) =>
    plan(routes.instruct, { body: present({ instruction: 'repair-totals', reason }) }, showInstruction),
}
