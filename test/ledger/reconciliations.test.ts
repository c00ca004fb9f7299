import { expect, test } from 'vitest'
import { civilDate } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { createReconciliations } from '../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../shared/ledger/dynamodb/table.ts'
import { type BreakRecord, breakRecordSchema } from '../../shared/reconciliation/follow.ts'
import { createMemoryDatabase } from '../chaos/memory/database.ts'

test('every break that a year has left is read, however many', async () => {
  const database = createMemoryDatabase({ payouts: 'finance', journal: 'journal', accounts: 'accounts' })
  const reconciliations = createReconciliations(createTable(database.connect(), 'finance', () => {}))
  const day = civilDate('2020-09-18')
  // As many bytes as 60,000 of ordinary size.
  const detail = 'x'.repeat(8_000)
  const records = Array.from({ length: 3_000 }, (_, index): BreakRecord => {
    const broken = { id: `${index}`, partner: 'bni', kind: 'wrong-day', day, amount: rupiah(600_000), detail }
    return breakRecordSchema.parse({
      ...broken,
      ...{ state: 'resolved', firstSeen: day, lastSeen: day, history: [] },
    })
  })
  await reconciliations.writeBreaks(records)
  expect(await reconciliations.breaks('bni')).toHaveLength(records.length)
})
