import type * as z from 'zod'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import type { verificationAnswer } from '../../../shared/finance/schemas.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { second } from '../../command/words.ts'
import { count, counted } from '../../local/text.ts'
import { money, sheet } from '../sheet.ts'

type Verified = z.output<typeof verificationAnswer>

function showVerification({ movements, countedTo, later, differences }: Verified, { paint }: View): Shown {
  const rows = differences.flatMap(({ day, partner, moves, milestones }) => [
    ...moves.map((move) => ({ day, partner, ...move })),
    ...(milestones ? [{ day, partner, from: 'milestones', to: '', kept: 0, proven: 0 }] : []),
  ])
  const { lines, csv } = sheet(
    rows,
    [
      { title: 'DAY', name: 'day', value: ({ day }) => day },
      { title: 'PARTNER', name: 'partner', value: ({ partner }) => partner },
      { title: 'FROM', name: 'from', value: ({ from }) => from },
      { title: 'TO', name: 'to', value: ({ to }) => to },
      {
        title: 'COUNTED',
        name: 'kept',
        right: true,
        value: ({ kept }) => kept,
        text: (row) => money(row.kept),
      },
      {
        title: 'PROVEN',
        name: 'proven',
        right: true,
        value: ({ proven }) => proven,
        text: (row) => money(row.proven),
      },
    ],
    paint,
  )
  const sound = differences.length === 0
  const verdict = sound
    ? `the totals are what ${counted(movements, 'movement')} of the journal come to`
    : `${counted(differences.length, 'part')} of the totals differ from the journal`
  const upTo =
    countedTo === undefined ? 'nothing is counted yet' : `counted up to ${second(countedTo)} in Jakarta`
  return {
    lines: [...lines, `${paint(sound ? 'good' : 'bad', verdict)}; ${upTo}, ${count(later)} later`],
    csv,
    ...(!sound && { code: exitCodes.refused }),
    ...(!sound && later > 0 && { hints: ['What is later is not counted yet: look again in two minutes'] }),
  }
}

export const verify: Verb = {
  name: 'verify',
  summary: routes.verification.summary,
  routes: [routes.verification],
  examples: [['', 'the sums behind summary, funnel and float, proven from the journal alone']],
  notes: `The code is 1 when they differ. Every figure of this command line comes from these totals, from the movement files
or from the journal itself. It reads the whole journal: of a large one, trial-balance --prove proves the accounts share
by share.`,
  plan: () => plan(routes.verification, {}, showVerification),
}
