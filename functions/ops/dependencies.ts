import type { Scheme } from '../../shared/domain/scheme.ts'
import type { ProofDependencies } from '../../shared/finance/proof.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { Digests } from '../../shared/operations/digest.ts'
import type { Register } from '../../shared/operations/register.ts'
import type { Reconciliations, Remarks } from '../../shared/reconciliation/register.ts'
import type { Queues } from './queues.ts'

/** What the steps of all routes stand on. */
export type OpsDependencies = {
  readonly ledger: LedgerWithAccounts
  readonly register: Register
  readonly digests: Pick<Digests, 'read'>
  readonly queues: Queues
  readonly reconciliations: Pick<Reconciliations, 'breaks' | 'breaksOf' | 'break'>
  readonly remarks: Remarks
  /** The journal and finance's totals of it. */
  readonly books: ProofDependencies
  /** Every partner that has a lane. */
  readonly partners: readonly string[]
  readonly shards: number
  readonly scheme: Scheme
  /** A retry of more payouts, or of more rupiah, takes two people. */
  readonly approval: { readonly payouts: number; readonly rupiah: number }
}
