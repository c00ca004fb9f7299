import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { writes } from './faults.ts'

const consumed = z.object({ CapacityUnits: z.number() })
const answered = z.object({ ConsumedCapacity: z.union([consumed, z.array(consumed)]) })

/**
 * Asks the engine for the units of every write this client sends. The function returned tells the units of the writes
 * that were applied since it was last called; a refused one names none.
 */
export function capacityOf(client: DynamoDBClient): () => number {
  let units = 0
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        if (!writes.includes(commandName)) return next(request)
        const answer = await next({
          ...request,
          input: { ...request.input, ReturnConsumedCapacity: 'INDEXES' },
        })
        const { ConsumedCapacity } = answered.parse(answer.output)
        for (const { CapacityUnits } of [ConsumedCapacity].flat()) units += CapacityUnits
        return answer
      },
    { step: 'initialize' },
  )
  return () => {
    const told = units
    units = 0
    return told
  }
}
