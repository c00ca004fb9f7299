import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { jakartaDate, latest } from '../../domain/instant.ts'
import { auditHash } from '../../operations/audit.ts'
import type { AuditDraft, AuditRecord, Register } from '../../operations/register.ts'
import { canonicalJson } from '../canonical.ts'
import { auditHeadSchema, auditItemSchema, auditSchema } from '../register-schemas.ts'
import { operationKeys } from './keys.ts'
import { absent, type Condition, type Meter, type Table } from './table.ts'
import { transact } from './transaction.ts'

/** A person's act that loses more races than this for its place in the trail is not racing: something is wrong. */
const racesMax = 20

type Head = Pick<AuditRecord, 'day' | 'seq' | 'hash'>

/** The record of a draft behind the trail's last. Days never go back: a clock that is behind writes in the day begun. */
function recordAfter(head: Head | undefined, { by, ...draft }: AuditDraft): AuditRecord {
  const today = jakartaDate(draft.at)
  const day = head ? latest(head.day, today) : today
  const record = auditSchema.parse({
    ...draft,
    // As it will be read: what JSON leaves out is not in the hash either.
    detail: JSON.parse(canonicalJson(draft.detail)),
    by: by.name,
    role: by.role,
    day,
    seq: head?.day === day ? head.seq + 1 : 1,
    previousHash: head?.hash ?? '',
    hash: '',
  })
  return { ...record, hash: auditHash(record) }
}

/** The audit trail: a chain for every day, each begun with the end of the one before it. */
export function createAudit(
  client: DynamoDBClient,
  table: Table,
  meter: Meter,
): Pick<Register, 'record' | 'audit'> {
  async function readHead(): Promise<Head | undefined> {
    const item = await table.get(operationKeys.auditHead)
    return item === undefined ? undefined : auditHeadSchema.parse(item)
  }

  return {
    /*
     * The record's name comes first among the puts: only it can be a repetition. The trail's end is kept beside it, so that nobody has to look for the last day that has a record. Both are
     * written together or not at all: the end is never behind the trail, and of two writers that have read the same
     * end the second finds it moved on.
     *
     *   A  read end n ── put n+1 (absent), end n+1 (still n) ✓
     *   B  read end n ───────── put n+1 (absent), end n+1 (still n) ✗ read again
     */
    async record(name, draft) {
      for (let race = 0; race < racesMax; race++) {
        const head = await readHead()
        const record = recordAfter(head, draft)
        const { day, seq, hash } = record
        const unmoved: Condition = { expression: '#hash = :before', names: { '#hash': 'hash' } }
        const outcome = await transact(client, meter, 'audit', [
          { table, value: { ...operationKeys.recorded(name), day, seq }, condition: absent },
          {
            table,
            value: { ...operationKeys.auditRecord(day, seq), record: canonicalJson(record) },
            condition: absent,
          },
          {
            table,
            value: { ...operationKeys.auditHead, day, seq, hash },
            condition: head ? { ...unmoved, values: { ':before': head.hash } } : absent,
          },
        ])
        if (outcome === 'written') return record
        if (outcome !== 'conflict' && outcome.refused === 0) return 'recorded-before'
      }
      throw new Error(`the audit trail was overtaken ${racesMax} times`)
    },

    async audit(day) {
      const items = await table.query(operationKeys.auditRecord(day, 0).pk)
      return items.map((item) => auditSchema.parse(JSON.parse(auditItemSchema.parse(item).record)))
    },
  }
}
