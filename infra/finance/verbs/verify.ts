import { civilDate, earliest, type Instant, plusDays } from '../../../shared/domain/instant.ts'
import { lastRepairable, repairDaysMax } from '../../../shared/finance/repair.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import type { Shown, Verb, View } from '../../command/verb.ts'
import { counted } from '../../local/text.ts'
import { period, readShares, shares } from '../options.ts'
import { money, sheet } from '../sheet.ts'
import { notAllCounted, type Verification, verificationPlan } from '../verification.ts'

/** What to do about days that are wrong: as many as one repair takes, and of which no entry can be on its way. */
function hintsFor(days: readonly string[], now: Instant): readonly string[] {
  const last = lastRepairable(now)
  const repairable = days
    .map(civilDate)
    .filter((day) => day <= last)
    .sort()
  const [from, to] = [repairable[0], repairable.at(-1)]
  const isTooEarly = repairable.length < days.length
  return [
    ...(from && to
      ? [
          `npm run ops -- repair-totals --from ${from} --to ${earliest(to, plusDays(from, repairDaysMax - 1))} --reason "…" makes them what the journal says`,
        ]
      : []),
    ...(isTooEarly
      ? [
          `Days after ${last} cannot be repaired yet, since entries of theirs may be on their way: verify them again in three days`,
        ]
      : []),
  ]
}

function showVerification(verification: Verification, { paint, now }: View): Shown {
  const { movements, differences } = verification
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
  return {
    lines: [...lines, `${paint(sound ? 'good' : 'bad', verdict)}${notAllCounted(verification)}`],
    csv,
    ...(!sound && {
      code: exitCodes.refused,
      hints: hintsFor(
        differences.map(({ day }) => day),
        now,
      ),
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
the days; and it takes at most a year of days at a time. What differs, npm run ops -- repair-totals writes anew.
Entries are counted some five minutes after they are written. Whether those of the last half hour are is no matter: more
than they explain differs.`,
  plan({ texts: { from, to, shares: text } }) {
    const number = readShares(text)
    return typeof number === 'number' ? verificationPlan({ from, to }, number, showVerification) : number
  },
}
