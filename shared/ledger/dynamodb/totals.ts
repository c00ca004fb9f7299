import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { type CivilDate, earliest, plusDays } from '../../domain/instant.ts'
import { pack, unpack } from '../../finance/packing.ts'
import {
  type Counters,
  daysOf,
  type KeptPart,
  type PartKey,
  partKey,
  type Totals,
} from '../../finance/totals.ts'
import { civilDateSchema, instantSchema } from '../schemas.ts'
import { toItem } from './attributes.ts'
import { absent, createTable, type Key, type Meter, type Table } from './table.ts'
import { transact } from './transaction.ts'

/**
 * Totals on the table of finance: a part for each Jakarta day and partner, and a checkpoint for each shard of the
 * journal's stream. A part is rewritten whole, so that its readers need one item, and its sums are right or not there.
 *
 *   pk `totals`      sk `2020-10-01#gopay`    a day at a partner
 *   pk `totals`      sk `2020-10-01#`         a day at none: accruals, cancellations
 *   pk `checkpoint`  sk the shard's name
 */
const totalsOwner = 'totals'
const checkpointOwner = 'checkpoint'

const partItemKey = ({ day, partner }: PartKey): Key => ({ pk: totalsOwner, sk: `${day}#${partner ?? ''}` })
const checkpointKey = (shard: string): Key => ({ pk: checkpointOwner, sk: shard })

const checkpointSchema = z.object({ sequence: z.string().regex(/^\d+$/), at: instantSchema })
const partSchema = z
  .object({
    day: civilDateSchema,
    partner: z.string().nullable(),
    version: z.int().positive(),
    packed: z.instanceof(Uint8Array),
  })
  .transform(({ packed, ...part }): KeptPart => ({ ...part, ...unpack(packed) }))

const itemOf = ({ day, partner, version, ...content }: KeptPart) => ({
  ...partItemKey({ day, partner }),
  ...{ day, partner, version: version + 1 },
  packed: pack(content),
})
const unchanged = (version: number) =>
  version === 0
    ? absent
    : { expression: '#version = :version', names: { '#version': 'version' }, values: { ':version': version } }

/** Parts asked for at once, and batches of them on their way: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const batchMax = 100

async function readParts(table: Table, keys: readonly PartKey[]): Promise<readonly KeptPart[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / batchMax) }, (_, batch) =>
    table.getEach(keys.slice(batch * batchMax, (batch + 1) * batchMax).map(partItemKey)),
  )
  const items = (await Promise.all(batches)).flat().map((item) => partSchema.parse(item))
  const found = new Map(items.map((part) => [partKey(part), part]))
  return keys.map((key) => found.get(partKey(key)) ?? { ...key, cells: [], milestones: [], version: 0 })
}

/** Days asked for in one query; the queries of all weeks are on their way together. */
const daysPerQuery = 7

async function partsBetween(table: Table, from?: CivilDate, to?: CivilDate): Promise<readonly KeptPart[]> {
  const first = from ?? (await dayAtEnd(table, true))
  const last = to ?? (await dayAtEnd(table, false))
  if (first === undefined || last === undefined) return []
  const queries: Promise<unknown[]>[] = []
  for (let day = first; day <= last; day = plusDays(day, daysPerQuery)) {
    const until = earliest(last, plusDays(day, daysPerQuery - 1))
    // `$` comes right after `#`: all parts of a day are before it.
    const range = { expression: 'sk BETWEEN :from AND :to', values: { ':from': day, ':to': `${until}$` } }
    queries.push(table.query(totalsOwner, range))
  }
  return (await Promise.all(queries)).flat().map((item) => partSchema.parse(item))
}

/** The first day that has totals, or the last; `undefined`: none has. */
async function dayAtEnd(table: Table, first: boolean): Promise<CivilDate | undefined> {
  const [item] = await table.pages({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: toItem({ ':pk': totalsOwner }),
    ConsistentRead: true,
    ScanIndexForward: first,
    Limit: 1,
  })
  return item && civilDateSchema.parse(item.day?.S)
}

/** Totals for those who count and those who read. */
export function openTotals(client: DynamoDBClient, tableName: string, meter: Meter): Counters & Totals {
  const table = createTable(client, tableName, meter)
  return {
    async checkpoint(shard) {
      const item = await table.get(checkpointKey(shard))
      return item === undefined ? undefined : checkpointSchema.parse(item)
    },
    parts: (keys) => readParts(table, keys),
    partsBetween: (from, to) => partsBetween(table, from, to),

    /*
     * What makes every record count once: the checkpoint moves with the sums or not at all, and only from where it
     * was when the sums were read. Of two that count the same records, the second finds it moved.
     *
     *   A  read checkpoint n, day v ── checkpoint m (still n), day v+1 (still v) ✓
     *   B  read checkpoint n, day v ─────── checkpoint m (still n) … ✗ read again: nothing is left to count
     */
    async count(shard, { before, after, parts }) {
      const unmoved = {
        expression: '#sequence = :before',
        names: { '#sequence': 'sequence' },
        values: { ':before': before?.sequence ?? '' },
      }
      const outcome = await transact(client, meter, totalsOwner, [
        {
          table,
          value: { ...checkpointKey(shard), ...after },
          condition: before ? unmoved : absent,
        },
        ...parts.map((part) => ({ table, value: itemOf(part), condition: unchanged(part.version) })),
      ])
      return outcome === 'written' ? 'counted' : 'overtaken'
    },

    async replace(part) {
      const { written } = await table.put(itemOf(part), unchanged(part.version), totalsOwner)
      return written ? 'replaced' : 'overtaken'
    },

    read: async (from, to) => daysOf(await partsBetween(table, from, to)),
  }
}
