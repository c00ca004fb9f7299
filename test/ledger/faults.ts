import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Around } from '../chaos/database.ts'

/** The commands that change something. */
export const writes = ['PutItemCommand', 'UpdateItemCommand', 'TransactWriteItemsCommand']

/**
 * Lets the client's next write reach the engine and loses the answer to it, once, so that the SDK sends the request
 * again: what a connection that breaks at the worst moment does.
 */
export function loseNextAnswer(client: DynamoDBClient): void {
  let lost = false
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        const answer = await next(request)
        if (lost || !writes.includes(commandName)) return answer
        lost = true
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
      },
    // Next to the wire, below the SDK's retries.
    { step: 'deserialize', priority: 'low' },
  )
}

const crashed = () => new Error('crashed')

/** Lets the client's next command through, and no other. */
export function crashAfterOne(client: DynamoDBClient): void {
  let commands = 0
  client.middlewareStack.add(
    (next) => (request) => {
      if (++commands > 1) throw crashed()
      return next(request)
    },
    { step: 'initialize' },
  )
}

/** The same in memory. */
export function crashingAfterOne(): Around {
  let commands = 0
  return async (_, apply) => {
    if (++commands > 1) throw crashed()
    return apply()
  }
}

/** As `loseNextAnswer` in memory, where nothing is on a wire: the request is carried out twice, and the first answer is lost. */
export function losingNextAnswer(): Around {
  let lost = false
  return async ({ name }, apply) => {
    if (!lost && writes.includes(`${name}Command`)) {
      lost = true
      try {
        apply()
      } catch {
        // A refusal is lost like any other answer.
      }
    }
    return apply()
  }
}
