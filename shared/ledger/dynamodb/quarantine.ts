import type { Quarantine } from '../ports.ts'
import { refusedSchema } from '../schemas.ts'
import { keys } from './keys.ts'
import { absent, type Table } from './table.ts'

const partitions = [...'0123456789abcdef']

/** Refused events are kept whole and may hold an account number, so they live in the table Accounts. */
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
    async list() {
      const items = await Promise.all(
        partitions.map((partition) => accounts.query(keys.refused(partition).pk)),
      )
      const refused = items.flat().map((item) => refusedSchema.parse(item))
      return refused.sort((first, second) => (first.at < second.at ? -1 : 1))
    },
  }
}
