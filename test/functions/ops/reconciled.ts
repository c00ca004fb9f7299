import { type CivilDate, civilDate, plusDays, startOfDay } from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { createReconciliations } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import { breaksOf } from '../../../shared/reconciliation/break.ts'
import { followBreaks } from '../../../shared/reconciliation/follow.ts'
import type { LeftOut } from '../../../shared/reconciliation/outcome.ts'
import type { Run } from '../../../shared/reconciliation/register.ts'
import type { Office } from './office.ts'

const hash = '0'.repeat(64)
const none = { count: 0, rupiah: 0 }
const tallies = { debit: none, credit: none, fee: none }

/** An amount, or what is under a reference of ours. */
type Debit = number | { readonly amount: number; readonly partnerReferenceNo: string }
const debitsIn = (day: string | undefined, debits: readonly Debit[]): Run['unmatchedDebits'] =>
  debits.map((debit) => {
    const { amount, ...reference } = typeof debit === 'number' ? { amount: debit } : debit
    return { line: `${day}/1`, amount: rupiah(amount), ...reference }
  })

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
    /** The partner's statements of these days were reconciled, with such debits that nothing matches, and more. */
    async close(
      partner: string,
      days: readonly string[],
      unmatchedDebits: readonly Debit[] = [],
      leftOut: LeftOut = { amounts: [], references: false },
    ) {
      const debits = debitsIn(days[0], unmatchedDebits)
      for (const day of days)
        await reconciliations.record({ ...runOf(partner, civilDate(day), debits), leftOut })
    },
    /** A day's statement was reconciled that has no such debit; `goesOn`: from the run before it, as that is now. */
    async closeWithout(partner: string, of: string, { goesOn }: { readonly goesOn: boolean }) {
      const run = runOf(partner, civilDate(of), [])
      const previous = goesOn ? hash : '1'.repeat(64)
      await reconciliations.record({
        ...{ ...run, summary: { ...run.summary, previous } },
        leftOut: { amounts: [], references: false },
      })
    },
    /** The statement of a day, with such debits, is reconciled again: as it was, or as the partner has corrected it. */
    async reconcileAgain(
      partner: string,
      of: string,
      unmatchedDebits: readonly number[],
      { run, corrected }: { readonly run: number; readonly corrected: boolean },
    ) {
      const day = civilDate(of)
      const again = runOf(partner, day, debitsIn(of, unmatchedDebits))
      const statement = corrected ? '1'.repeat(64) : hash
      await reconciliations.record({ ...again, run, at: now(), summary: { ...again.summary, statement } })
    },
    /** By the end of the tolerance the first line of a day's statement is a break, whose id this is. */
    async breakOf(partner: string, of: string, amount: number): Promise<string> {
      const day = civilDate(of)
      const line = { line: `${day}/1`, direction: 'debit', amount: rupiah(amount) } as const
      const found = breaksOf(partner, [{ kind: 'on-statement-unknown-here', day, ...line }])
      await reconciliations.writeBreaks(followBreaks([], found, { day: plusDays(day, 3), run: 1 }))
      return found[0]?.id ?? ''
    },
    keepEligible: (partner: string, references: string[]) =>
      reconciliations.writeEligible({ partner, at: now(), references }),
  }
}
