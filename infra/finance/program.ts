import { help, onThisMachine, reaching } from '../command/options.ts'
import type { Program } from '../command/program.ts'
import { groups } from './verbs.ts'

const name = 'finance'
const addressVariable = 'OPS_API_URL'

/** `npm run finance`: the books' command line. It reads, and hands statements in. */
export const finance: Program = {
  name,
  says: 'Says what was owed, paid, in transit and returned, and proves it. Changes nothing, but hands statements in.',
  groups,
  everywhere: {
    ...reaching(name, addressVariable),
    csv: { says: `print the answer's table as CSV; npm run -s ${name} keeps npm itself quiet` },
    ...onThisMachine,
    ...help,
  },
  day: {
    title: 'The end of a month',
    lines: [
      ['summary --by partner --from 2020-10-01 --to 2020-10-31', 'what the month came to'],
      ['trial-balance --at 2020-10-31', 'every account at its end'],
      ['trial-balance --prove', 'now, proven from the journal'],
      ['float --days 14', 'what to order from the treasury'],
      ['reconcile --dir .local/statements', 'every statement in a folder'],
      ['breaks', 'where the partners say otherwise'],
      ['export --what entries --from 2020-10-31', "the last day's entries, for the auditors"],
    ],
  },
  codes: `Exit code: 0 done, 1 refused, failed or not proven, 2 the command is wrong and nothing was sent,
4 reconciled, and there are breaks.
`,
  roles: ['finance'],
  addressVariable,
}
