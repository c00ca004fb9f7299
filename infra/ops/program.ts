import { help, keyOption, onThisMachine, reaching, roleOption } from '../command/options.ts'
import type { Program } from '../command/program.ts'
import { groups } from './verbs.ts'

const name = 'ops'
const addressVariable = 'OPS_API_URL'
const roles = ['viewer', 'operator', 'approver'] as const

/** `npm run ops`: the operators' command line. */
export const operations: Program = {
  name,
  says: 'Finds, explains, repairs and retries payouts. Nothing that is done here can pay anything twice.',
  groups,
  everywhere: {
    ...reaching(name, addressVariable),
    ...keyOption,
    ...onThisMachine,
    ...roleOption(roles),
    ...help,
  },
  day: {
    title: 'A morning',
    lines: [
      ['status', 'how the lanes stand'],
      ['failed --remedy operator', 'what waits for you'],
      ['show P-00017/incentive-2', 'what happened to one of them'],
      ['retry P-00017/incentive-2', 'what a retry would send, and its hash'],
      ['retry --apply HASH --reason "BNI/4711"', 'exactly that, and nothing else'],
    ],
  },
  codes: `Exit code: 0 done, at least in part or by an earlier command, 1 refused, failed or nothing of it could be done,
2 the command is wrong and nothing was sent, 3 waits for a second person.
`,
  roles,
  addressVariable,
}
