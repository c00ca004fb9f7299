import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Repair, Repairs } from '../../finance/repair.ts'
import { civilDateSchema, instantSchema } from '../schemas.ts'
import { absent, createTable, follows, type Key, type Meter } from './table.ts'

/** Repairs of finance's books, on the table of operations: one partition, since there are few of them. */
const owner = 'repairs'
const keyOf = (id: string): Key => ({ pk: owner, sk: id })

const count = z.int().nonnegative()
const repairSchema = z.object({
  id: z.string(),
  from: civilDateSchema,
  to: civilDateSchema,
  reason: z.string(),
  state: z.enum(['running', 'stopped', 'done']),
  entries: count,
  pieces: z.array(z.string()),
  next: z.exactOptional(z.string().nullable()),
  parts: count,
  mending: z.exactOptional(
    z.object({
      ids: z.array(z.string()),
      file: z.exactOptional(z.string().nullable()),
      pieces: count,
      sums: z.exactOptional(z.string()),
    }),
  ),
  sums: count,
  movements: count,
  startedBy: z.string(),
  at: instantSchema,
  endedAt: z.exactOptional(instantSchema),
  version: count,
}) satisfies z.ZodType<Repair>

const isNewer = (one: Repair, other: Repair): number => (one.at > other.at ? -1 : 1)

/** Repairs in the table of the operations; a change is `overtaken` where another has changed the repair meanwhile. */
export function openRepairs(client: DynamoDBClient, tableName: string, meter: Meter): Repairs {
  const table = createTable(client, tableName, meter)
  return {
    async start(repair) {
      const { written } = await table.put({ ...keyOf(repair.id), ...repair }, absent)
      return written ? 'started' : 'exists'
    },
    async repair(id) {
      const item = await table.get(keyOf(id))
      return item === undefined ? undefined : repairSchema.parse(item)
    },
    async repairs() {
      return (await table.query(owner)).map((item) => repairSchema.parse(item)).sort(isNewer)
    },
    async change(next) {
      const { written } = await table.put({ ...keyOf(next.id), ...next }, follows(next.version))
      return written ? 'written' : 'overtaken'
    },
  }
}
