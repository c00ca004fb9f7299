import { onTestFinished } from 'vitest'
import type { FinanceDependencies } from '../../../functions/finance/dependencies.ts'
import type { AnyEntry } from '../../../shared/domain/entry.ts'
import type { CivilDate } from '../../../shared/domain/instant.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { type Movement, movementOf, type Origin } from '../../../shared/finance/movement.ts'
import { countFloat, countParticipant, createParts, daysOf } from '../../../shared/finance/totals.ts'
import { openHistory } from '../../../shared/ledger/dynamodb/history.ts'
import { createReconciliations, createRemarks } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import { openTotals } from '../../../shared/ledger/dynamodb/totals.ts'
import { createWorklistCounts } from '../../../shared/ledger/dynamodb/worklist.ts'
import { type Office, shards } from '../ops/office.ts'

const originOf = (entries: readonly AnyEntry[]): Origin | undefined =>
  entries.map(({ event }) => event).find((event) => event.type === 'accrued')

export async function* movementsOf(owners: AsyncIterable<readonly AnyEntry[]>): AsyncIterable<Movement> {
  for await (const entries of owners)
    for (const entry of entries) {
      const movement = movementOf(entry, originOf(entries))
      if (movement) yield movement
    }
}

/** What finance's answers are made from, in the books of an office; totals and movement files are as of this moment. */
export function dependencies({ engine, ledger }: Office): FinanceDependencies {
  const client = engine.connect()
  onTestFinished(() => client.destroy())
  const history = openHistory(client, engine.tables.journal)
  async function readDays() {
    const parts = createParts()
    for await (const entries of history.owners(0, 1)) {
      const origin = originOf(entries)
      parts.add(origin ? countParticipant(origin, entries) : countFloat(entries))
    }
    return daysOf(parts.parts())
  }
  async function* readDay(day: CivilDate) {
    for await (const movement of movementsOf(history.owners(0, 1))) if (movement.day === day) yield movement
  }
  return {
    totals: {
      read: async (from, to) =>
        (await readDays()).filter(({ day }) => (!from || day >= from) && (!to || day <= to)),
    },
    movements: { read: (_, day) => readDay(day), readDay },
    history,
    counters: openTotals(client, engine.tables.finance, () => {}),
    reconciliations: {
      ...createReconciliations(createTable(client, engine.tables.finance, () => {})),
      ...createRemarks(createTable(client, engine.tables.operations, () => {})),
    },
    participants: ledger.participants,
    lanes: ledger.lanes,
    worklist: {
      ...ledger.worklist,
      ...createWorklistCounts(createTable(client, engine.tables.payouts, () => {})),
    },
    partners: ['bni', 'gopay'],
    shards,
    scheme: scheme2020,
  }
}
