import * as z from 'zod'
import { call } from './engine.ts'

/** A shard of a table's stream, as far as it has been read. */
export type Shard = {
  readonly id: string
  /** Read, and not dealt with. */
  pending: readonly StreamRecord[]
  /** Where to read on; absent: the shard is closed, and there is no more. */
  iterator: string | undefined
  /** The last read has found as many records as it wanted. */
  more: boolean
  /** The last record that was dealt with, by its sequence number. */
  last: string | undefined
  /** How often in a row the first pending record has failed, and when it is tried again. */
  failures: number
  retryAt: number
}

const record = z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) })
export type StreamRecord = z.infer<typeof record>
export const sequenceOf = ({ dynamodb }: StreamRecord): string => dynamodb.SequenceNumber

const table = z.object({ Table: z.object({ LatestStreamArn: z.string() }) })
const stream = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
})
const iterator = z.object({ ShardIterator: z.string() })
const page = z.object({ Records: z.array(record), NextShardIterator: z.string().nullish() })

/** The shards of a table's stream but for those in `known`, each to be read from after its place, or its beginning. */
export async function openShards(
  endpoint: string,
  tableName: string,
  known: ReadonlySet<string>,
  places: Readonly<Record<string, string>>,
): Promise<Shard[]> {
  const { Table } = table.parse(await call(endpoint, 'DescribeTable', { TableName: tableName }))
  const StreamArn = Table.LatestStreamArn
  const { StreamDescription } = stream.parse(await callStreams(endpoint, 'DescribeStream', { StreamArn }))
  const fresh = StreamDescription.Shards.filter(({ ShardId }) => !known.has(ShardId))
  return Promise.all(
    fresh.map(async ({ ShardId }) => {
      const last = places[ShardId]
      const from =
        last === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last }
      const answer = await callStreams(endpoint, 'GetShardIterator', { StreamArn, ShardId, ...from })
      const { ShardIterator } = iterator.parse(answer)
      const unread = { pending: [], iterator: ShardIterator, more: true, last }
      return { id: ShardId, ...unread, failures: 0, retryAt: 0 }
    }),
  )
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
const recordsMax = 1_000

/** Reads on, at most `limit` records, and no more than one answer holds. */
export async function readShard(endpoint: string, shard: Shard, limit: number): Promise<void> {
  if (shard.iterator === undefined) return
  const Limit = Math.min(limit, recordsMax)
  const answer = await callStreams(endpoint, 'GetRecords', { ShardIterator: shard.iterator, Limit })
  const { Records, NextShardIterator } = page.parse(answer)
  shard.pending = Records
  shard.iterator = NextShardIterator ?? undefined
  shard.more = Records.length === Limit
}

/** Takes off the first so many of the pending records. */
export function advance(shard: Shard, count: number): void {
  const last = shard.pending[count - 1]
  if (!last) return
  shard.last = sequenceOf(last)
  shard.pending = shard.pending.slice(count)
  shard.failures = 0
}

const callStreams = (endpoint: string, operation: string, input: unknown): Promise<unknown> =>
  call(endpoint, operation, input, { service: 'DynamoDBStreams' })
