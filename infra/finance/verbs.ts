import type { Verb } from '../command/verb.ts'
import { ageing } from './verbs/ageing.ts'
import { breaks } from './verbs/breaks.ts'
import { exportVerb } from './verbs/export.ts'
import { float } from './verbs/float.ts'
import { funnel } from './verbs/funnel.ts'
import { reconcile } from './verbs/reconcile.ts'
import { statement } from './verbs/statement.ts'
import { summary } from './verbs/summary.ts'
import { trialBalance } from './verbs/trial-balance.ts'
import { verify } from './verbs/verify.ts'

/** Everything that the command line can do, in the order of the help. */
export const groups: readonly { readonly title: string; readonly verbs: readonly Verb[] }[] = [
  { title: 'The programme', verbs: [summary, funnel, ageing] },
  { title: 'The books', verbs: [trialBalance, statement, verify] },
  { title: 'The money at the partners', verbs: [float, reconcile, breaks] },
  { title: 'For others', verbs: [exportVerb] },
]
