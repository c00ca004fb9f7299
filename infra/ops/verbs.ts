import type { Verb } from '../command/verb.ts'
import { audit } from './verbs/audit.ts'
import { breaks } from './verbs/breaks.ts'
import { deadLetters } from './verbs/dead-letters.ts'
import { jobs } from './verbs/jobs.ts'
import { lanes } from './verbs/lanes.ts'
import { lists } from './verbs/lists.ts'
import { payouts } from './verbs/payouts.ts'
import { proposals } from './verbs/proposals.ts'
import { quarantine } from './verbs/quarantine.ts'
import { recoveries } from './verbs/recoveries.ts'
import { retry } from './verbs/retry.ts'
import { settle } from './verbs/settle.ts'
import { showVerb } from './verbs/show.ts'
import { status } from './verbs/status.ts'
import { repairs } from './verbs/totals.ts'

/** Everything that the command line can do, in the order of the help. */
export const groups: readonly { readonly title: string; readonly verbs: readonly Verb[] }[] = [
  { title: 'See', verbs: [status, ...lists, showVerb] },
  { title: 'Repair and retry', verbs: [retry, ...jobs, ...payouts, settle] },
  { title: 'A second person', verbs: proposals },
  { title: 'Lanes and their money', verbs: lanes },
  { title: 'Money paid twice', verbs: recoveries },
  { title: "Differences with a partner's statement", verbs: breaks },
  { title: 'What did not go through', verbs: [...quarantine, ...deadLetters] },
  { title: 'Sums', verbs: repairs },
  { title: 'Trail', verbs: [audit] },
]
export const verbs: readonly Verb[] = groups.flatMap((group) => group.verbs)
