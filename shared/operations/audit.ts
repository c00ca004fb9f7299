import { sha256Of } from '../ledger/chain.ts'
import type { AuditRecord } from './register.ts'

/** The audit trail's chain: each record carries the hash of the one before it, over the days. */

/** What a record's own `hash` must be. */
export const auditHash = ({ hash: _, ...rest }: AuditRecord): string => sha256Of(rest)

/**
 * The first record that was changed, or does not follow from the one before it; `undefined` where the chain is whole.
 * `before`: the last record of the days before; without it, the first record is taken as it is.
 */
export function brokenAudit(records: readonly AuditRecord[], before?: AuditRecord): AuditRecord | undefined {
  return records.find((record, index) => {
    const previous = records[index - 1] ?? before
    if (record.hash !== auditHash(record)) return true
    if (!previous) return false
    const seq = previous.day === record.day ? previous.seq + 1 : 1
    return record.previousHash !== previous.hash || record.seq !== seq
  })
}
