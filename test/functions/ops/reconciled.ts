import { type CivilDate, civilDate, plusDays, startOfDay } from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { createReconciliations } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import type { Run } from '../../../shared/reconciliation/register.ts'
import type { Office } from './office.ts'

const hash = '0'.repeat(64)
const none = { count: 0, rupiah: 0 }
const tallies = { debit: none, credit: none, fee: none }

/** A run of whose summary nobody here wants to know anything. */
function runOf(partner: string, day: CivilDate, unmatchedDebits: Run['unmatchedDebits']): Run {
  return {
    ...{ partner, day, run: 1, at: startOfDay(plusDays(day, 1)), hash, unmatchedDebits },
    ...{ statement: `statements/${partner}/${day}.csv`, results: '', matched: [], complete: true },
    summary: {
      ...{ partner, day, statement: hash, previous: null, unparsable: 0, settled: 0, breaks: {} },
      ...{ lines: tallies, movements: tallies, matched: tallies, open: { ours: tallies, theirs: tallies } },
      results: { matched: hash, open: hash, breaks: hash },
    },
  }
}

/** What reconciliation, which has a role of its own, leaves for the office to read. */
export function reconciledFor({ engine, now }: Office) {
  const reconciliations = createReconciliations(
    createTable(engine.connect(), engine.tables.finance, () => {}),
  )
  return {
    /** The partner's statements of these days were reconciled, with such debits that nothing matches. */
    async close(partner: string, days: readonly string[], unmatchedDebits: readonly number[] = []) {
      const debits = unmatchedDebits.map(rupiah)
      for (const day of days) await reconciliations.record(runOf(partner, civilDate(day), debits))
    },
    keepEligible: (partner: string, references: string[]) =>
      reconciliations.writeEligible({ partner, at: now(), references }),
  }
}
