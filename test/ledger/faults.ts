import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/**
 * Lets the client's next request reach the engine and loses the answer to it, once, so that the SDK sends the request
 * again: what a connection that breaks at the worst moment does.
 */
export function loseNextAnswer(client: DynamoDBClient): void {
  let lost = false
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request)
      if (lost) return answer
      lost = true
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    },
    // Next to the wire, below the SDK's retries.
    { step: 'deserialize', priority: 'low' },
  )
}
