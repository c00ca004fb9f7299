import * as z from 'zod'

/**
 * What comes in: a batch of one shard of the journal's stream, which Lambda names where a tumbling window is set. The
 * last of a window may be empty.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
export const shardBatch = z.object({
  shardId: z.string().min(1),
  Records: z.array(
    z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string().regex(/^\d{1,40}$/) }) }),
  ),
})
export type ShardBatch = z.infer<typeof shardBatch>
