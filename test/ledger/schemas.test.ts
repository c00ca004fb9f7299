import { expect, test } from 'vitest'
import { entrySchema, rowSchema } from '../../shared/ledger/schemas.ts'
import { newParticipant, openRow } from './examples.ts'

const row = openRow(newParticipant())
const inherited = ['toString', 'constructor', '__proto__']

test.for(inherited)('a row in the state %s is corruption', (state) => {
  expect(rowSchema.safeParse(row).success).toBe(true)
  expect(rowSchema.safeParse({ ...row, state }).success).toBe(false)
})

test.for(inherited)('an entry that was rejected for %s is corruption', (reason) => {
  const entryFor = (given: string) => ({
    ...{ owner: row.participantId, subject: row.payout, seq: 1, at: row.since, by: 'test' },
    event: { type: 'rejected', attempt: 1, reason: given, evidence: {} },
    ...{ postings: [], previousHash: '' },
  })
  expect(entrySchema.safeParse(entryFor('cancelled-at-partner')).success).toBe(true)
  expect(entrySchema.safeParse(entryFor(reason)).success).toBe(false)
})
