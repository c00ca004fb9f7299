import type { Scheme } from '../../shared/domain/scheme.ts'
import type { Chains, History } from '../../shared/finance/history.ts'
import type { Movements } from '../../shared/finance/movements.ts'
import type { Counters, Totals } from '../../shared/finance/totals.ts'
import type { Ledger, WorklistCounts } from '../../shared/ledger/ports.ts'
import type { Reconciliations, Remarks } from '../../shared/reconciliation/register.ts'

/** What the answers are made from; nothing of it can be written here. */
export type FinanceDependencies = {
  readonly totals: Totals
  readonly movements: Pick<Movements, 'read' | 'readDay'>
  readonly history: Chains & Pick<History, 'owners'>
  readonly counters: Pick<Counters, 'partsBetween'>
  readonly reconciliations: Pick<Reconciliations, 'runs' | 'runsOf' | 'arrivals' | 'breaks'> &
    Pick<Remarks, 'remarks'>
  readonly participants: Pick<Ledger['participants'], 'read' | 'readRows' | 'sweep'>
  readonly lanes: Pick<Ledger['lanes'], 'read'>
  readonly worklist: Ledger['worklist'] & WorklistCounts
  /** Every partner that has a lane. */
  readonly partners: readonly string[]
  readonly shards: number
  /** The scheme that payouts are made under. */
  readonly scheme: Scheme
}
