import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import type { Shown, Verb, View } from '../../command/verb.ts'
import { second } from '../../command/words.ts'
import { count, counted } from '../../local/text.ts'
import { period, readShares, shares } from '../options.ts'
import { money, sheet } from '../sheet.ts'
import { type Verification, verificationPlan } from '../verification.ts'

function repairHint(days: readonly string[]): string {
  const [from, to] = [days.toSorted()[0], days.toSorted().at(-1)]
  return `npm run ops -- repair-totals --from ${from} --to ${to} --reason "…" makes them what the journal says`
}
const laterHint = 'What is later is not counted yet: look again in two minutes'

function showVerification(verification: Verification, { paint }: View): Shown {
  const { movements, countedTo, later, differences } = verification
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
        text: ({ kept, proven }) => (kept === proven ? 'divided otherwise' : money(proven)),
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
    ...(!sound && {
      code: exitCodes.refused,
      hints: [...(later > 0 ? [laterHint] : []), repairHint(differences.map(({ day }) => day))],
    }),
  }
}

export const verify: Verb = {
  name: 'verify',
  summary: 'Whether the totals of every day are what the journal says.',
  options: { ...period, shares },
  routes: [routes.counted, routes.verification],
  examples: [
    ['', 'the sums behind summary, funnel and float, proven from the journal alone'],
    ['--from 2020-10-01 --to 2020-10-31 --shares 400', 'a month of a large journal'],
  ],
  notes: `The code is 1 when they differ. Every figure of this command line comes from these totals, from the movement files
or from the journal itself. It reads every entry of the journal: of the whole programme in 4,000 shares or so, whatever
the days; and it takes at most a year of days at a time. What differs, npm run ops -- repair-totals writes anew.`,
  plan({ texts: { from, to, shares: text } }) {
    const number = readShares(text)
    return typeof number === 'number' ? verificationPlan({ from, to }, number, showVerification) : number
  },
}
