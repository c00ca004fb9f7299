import { expect, test } from 'vitest'
import { jakartaDate, plusDays, startOfDay } from '../../shared/domain/instant.ts'
import { auditHash, brokenAudit } from '../../shared/operations/audit.ts'
import type { AuditRecord } from '../../shared/operations/register.ts'
import { at } from '../domain/examples.ts'

const first = jakartaDate(at('2020-09-18T10:00:00+07:00'))

function recordAfter(previous: AuditRecord | undefined, day = first): AuditRecord {
  const seq = previous?.day === day ? previous.seq + 1 : 1
  const act = { at: startOfDay(day), by: 'ani', role: 'operator', action: 'instruct/hold', detail: { seq } }
  const record = { ...act, day, seq, previousHash: previous?.hash ?? '', hash: '' }
  return { ...record, hash: auditHash(record) }
}
const tomorrow = plusDays(first, 1)
const one = recordAfter(undefined)
const two = recordAfter(one)
const three = recordAfter(two)
const next = recordAfter(three, tomorrow)
const trail = [one, two, three, next]

/** As somebody would write it who can compute a hash, too. */
const forged = (record: AuditRecord, change: Partial<AuditRecord>): AuditRecord => {
  const other = { ...record, ...change }
  return { ...other, hash: auditHash(other) }
}

test.for<readonly [string, readonly AuditRecord[], AuditRecord | undefined]>([
  ['nothing', [], undefined],
  ['all of it', trail, undefined],
  ['part of it', [three, next], undefined],
  ['one with another actor', [one, { ...two, by: 'budi' }, three], { ...two, by: 'budi' }],
  ['one forged with its hash', [one, forged(two, { by: 'budi' }), three], three],
  ['the last one forged', [one, two, forged(three, { by: 'budi' })], undefined],
  ['one left out', [one, three], three],
  ['two the other way round', [two, one], one],
  ['the end of a day left out', [one, two, next], next],
  ['a number left out', [one, forged(two, { seq: 3 })], forged(two, { seq: 3 })],
])('a trail with %s', ([, records, broken]) => {
  expect(brokenAudit(records)).toEqual(broken)
})

test.for<readonly [string, AuditRecord, AuditRecord | undefined]>([
  ['its day before', three, undefined],
  ['another day before', two, next],
])('the first record of a day is held against %s', ([, before, broken]) => {
  expect(brokenAudit([next], before)).toEqual(broken)
})
