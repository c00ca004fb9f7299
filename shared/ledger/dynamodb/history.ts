import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { AnyEntry } from '../../domain/entry.ts'
import type { Chains, History, Walked } from '../../finance/history.ts'
import type { Origin } from '../../finance/movement.ts'
import { accrualSchema, anyEntrySchema } from '../schemas.ts'
import { fromItem, toItem } from './attributes.ts'
import { createJournal } from './journal.ts'
import { entryKey } from './keys.ts'
import { createTable } from './table.ts'

/** Participants whose beginnings are read at once, and how many such batches are on their way together. */
const batchMax = 100
const sideBySide = 4
/** Of one scan's share, a megabyte each: ten times the programme. */
const pagesMax = 1_000_000

/** Pages of a share of the table, in the order in which DynamoDB keeps it. */
async function* scan(client: DynamoDBClient, name: string, segment: number, segments: number) {
  let start: Record<string, AttributeValue> | undefined
  for (let page = 0; page < pagesMax; page++) {
    const answer = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        ...(segments > 1 && { Segment: segment, TotalSegments: segments }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    )
    yield (answer.Items ?? []).map((item): AnyEntry => anyEntrySchema.parse(fromItem(item)))
    start = answer.LastEvaluatedKey
    if (!start) return
  }
  throw new Error(`${name} does not end within ${pagesMax} pages`)
}

const cursorForm = z.object({ pk: z.string(), sk: z.string() })

/** One owner after the other, as far as they are whole; the last one's entries may go on behind them. */
function byOwner(entries: readonly AnyEntry[]): readonly (readonly AnyEntry[])[] {
  const owners: AnyEntry[][] = []
  for (const entry of entries) {
    const last = owners.at(-1)
    if (last?.[0]?.owner === entry.owner) last.push(entry)
    else owners.push([entry])
  }
  return owners
}

async function walk(
  client: DynamoDBClient,
  name: string,
  after: string | undefined,
  entriesMax: number,
): Promise<Walked> {
  const entries: AnyEntry[] = []
  let start = after === undefined ? undefined : toItem(cursorForm.parse(JSON.parse(after)))
  for (let page = 0; page < pagesMax; page++) {
    const answer = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        Limit: entriesMax,
        ...(start && { ExclusiveStartKey: start }),
      }),
    )
    entries.push(...(answer.Items ?? []).map((item) => anyEntrySchema.parse(fromItem(item))))
    const owners = byOwner(entries)
    start = answer.LastEvaluatedKey
    if (!start) return { owners }
    const whole = owners.slice(0, -1)
    const last = whole.at(-1)?.at(-1)
    if (last && entries.length >= entriesMax)
      return { owners: whole, next: JSON.stringify(entryKey(last.owner, last.subject, last.seq)) }
  }
  throw new Error(`a piece of ${name} does not end within ${pagesMax} pages`)
}

/** The journal as finance reads it. It reads only. */
export function openHistory(client: DynamoDBClient, journalName: string): History & Chains {
  const table = createTable(client, journalName, () => {})
  const journal = createJournal(table)
  return {
    async origins(participantIds) {
      const origins = new Map<string, Origin>()
      const wanted = [...new Set(participantIds)]
      for (let start = 0; start < wanted.length; start += batchMax * sideBySide) {
        const batches = Array.from({ length: sideBySide }, (_, batch) => {
          const from = start + batch * batchMax
          return wanted.slice(from, from + batchMax).map((id) => entryKey(id, 'entitlement', 1))
        })
        const read = batches.filter((keys) => keys.length > 0).map((keys) => table.getEach(keys))
        for (const item of (await Promise.all(read)).flat()) {
          const { owner, event } = accrualSchema.parse(item)
          origins.set(owner, event)
        }
      }
      return origins
    },

    async entries(participantId) {
      return (await table.query(participantId)).map((item) => anyEntrySchema.parse(item))
    },

    async payments(participantId) {
      return [...(await journal.readAll(participantId)).values()].flat()
    },

    walk: (after, entriesMax) => walk(client, journalName, after, entriesMax),

    /** A scan hands out what has the same partition key together, if on several pages. */
    async *owners(segment, segments) {
      let owned: AnyEntry[] = []
      for await (const entries of scan(client, journalName, segment, segments)) {
        for (const entry of entries) {
          if (owned[0] !== undefined && owned[0].owner !== entry.owner) {
            yield owned
            owned = []
          }
          owned.push(entry)
        }
      }
      if (owned.length > 0) yield owned
    },
  }
}
