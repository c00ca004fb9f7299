import type { Scheme } from '../../shared/domain/scheme.ts'
import type { Repairs } from '../../shared/finance/repair.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { ApprovalLimits } from '../../shared/operations/approval.ts'
import type { Digests } from '../../shared/operations/digest.ts'
import type { Register } from '../../shared/operations/register.ts'
import type { MatchedLines } from '../../shared/reconciliation/matched.ts'
import type { Reconciliations, Remarks } from '../../shared/reconciliation/register.ts'
import type { Queues } from './queues.ts'

/** What the steps of all routes stand on. */
export type OpsDependencies = {
  readonly ledger: LedgerWithAccounts
  readonly register: Register
  readonly digests: Pick<Digests, 'read'>
  readonly queues: Queues
  readonly reconciliations: Pick<
    Reconciliations,
    'breaks' | 'breaksOf' | 'break' | 'runs' | 'runsOf' | 'eligible'
  >
  readonly remarks: Remarks
  /** Of partners' statements. */
  readonly matchedLines: MatchedLines
  readonly repairs: Repairs
  /** Every partner that has a lane. */
  readonly partners: readonly string[]
  readonly shards: number
  /** The scheme that payouts are made under. */
  readonly scheme: Scheme
  /** More than one person retries alone in a day takes two people. */
  readonly approval: ApprovalLimits
}
