import type { Quarantine, Refused } from '../ports.ts'
import { refusedSchema } from '../schemas.ts'
import { fromItem, toItem } from './attributes.ts'
import { keys } from './keys.ts'
import { absent, type Table } from './table.ts'

const partitions = [...'0123456789abcdef']

/** By the hash's first digit, in their order: one after the other they are in the order of the hashes.
 *  Refused events are kept whole and may hold an account number, so they live in the table Accounts. */
export function createQuarantine(accounts: Table): Quarantine {
  return {
    async refuse(refused) {
      const outcome = await accounts.put({ ...keys.refused(refused.hash), ...refused }, absent)
      return outcome.written ? 'quarantined' : 'duplicate'
    },
    async read(hash) {
      const { pk, sk } = keys.refused(hash)
      const [item] = await accounts.query(pk, { expression: 'sk = :sk', values: { ':sk': sk } })
      return item === undefined ? undefined : refusedSchema.parse(item)
    },
    async list(limit, after = '') {
      // Behind `after`, and before whatever has it for its beginning; no digit is behind f.
      const found: Refused[] = []
      for (const partition of partitions) {
        if (partition < after.slice(0, 1)) continue
        const items = await accounts.pages({
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: toItem({
            ':pk': keys.refused(partition).pk,
            ':from': `${after}0`,
            ':to': 'g',
          }),
          ConsistentRead: true,
          Limit: limit - found.length,
        })
        found.push(...items.map((item) => refusedSchema.parse(fromItem(item))))
        if (found.length >= limit) break
      }
      return found.slice(0, limit)
    },
  }
}
