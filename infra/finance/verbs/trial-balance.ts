import type * as z from 'zod'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import type { trialBalanceAnswer } from '../../../shared/finance/schemas.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { given, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { second } from '../../command/words.ts'
import { readShares, shares } from '../options.ts'
import { provenPlan } from '../proof.ts'
import { money, sheet } from '../sheet.ts'
import { everyEntryUpTo } from '../verification.ts'

type TrialBalance = z.output<typeof trialBalanceAnswer>

function showTrialBalance({ accounts, sum, cutOff, countedTo }: TrialBalance, { paint }: View): Shown {
  const { lines, csv } = sheet(
    accounts,
    [
      { title: 'ACCOUNT', name: 'account', value: ({ account }) => account },
      {
        title: 'BALANCE',
        name: 'rupiah',
        right: true,
        value: ({ rupiah }) => rupiah,
        text: ({ rupiah }) => money(rupiah),
      },
    ],
    paint,
  )
  const verdict =
    sum === 0 ? 'all accounts sum to zero' : `all accounts sum to ${money(sum)}, and must to zero`
  const instants = `at ${second(cutOff)} in Jakarta: ${everyEntryUpTo(countedTo)}`
  return {
    lines: [...lines, `${paint(sum === 0 ? 'good' : 'bad', verdict)}, ${instants}`],
    csv,
    ...(sum !== 0 && { code: exitCodes.refused }),
  }
}

export const trialBalance: Verb = {
  name: 'trial-balance',
  summary: routes.trialBalance.summary,
  options: {
    at: {
      value: 'WHEN',
      says: 'at that instant, or at the end of that day in Jakarta (now)',
      takes: 'a day, written YYYY-MM-DD, or an instant such as 2020-10-31T12:00:00+07:00',
    },
    prove: { says: 'add it up again from the journal alone, and compare' },
    shares: { ...shares, says: `with --prove: ${shares.says}` },
  },
  routes: [routes.trialBalance, routes.proof, routes.states],
  examples: [
    ['', 'now'],
    ['--at 2020-10-31', 'at the end of October'],
    ['--at 2020-10-31T12:00:00+07:00 --csv', 'at noon, as a table for programs'],
    ['--prove', 'now, from the sums, from the journal and from the rows of the payouts'],
  ],
  notes: `Obligations go budget > payable > in-transit > paid, by component and decree; money goes treasury > float > spent.
What an account has received stands with plus, what it has given with minus. --prove reads every entry of the journal:
of the whole programme in 4,000 shares or so. Without --at it compares the states of all payouts, too. What was written
in the half hour before may be on its way into the sums: more than it explains differs.
An instant within a day needs that day's movement files: more than some 11,000 files or 500,000 movements are refused.`,
  plan({ texts: { at, shares: text }, switches }) {
    if (!switches.has('prove'))
      return text === undefined
        ? plan(routes.trialBalance, { query: given({ at }) }, showTrialBalance)
        : { mistake: '--shares goes with --prove' }
    const number = readShares(text)
    return typeof number === 'number' ? provenPlan(at, number, showTrialBalance) : number
  },
}
