import { getSecret } from '@aws-lambda-powertools/parameters/secrets'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'

/** Clients, one per environment. Where they connect is the SDK's own business (AWS_ENDPOINT_URL_*). */

// The same commands go out over and over: their middleware is put together once, not for every request.
const options = { maxAttempts: 3, cacheMiddleware: true }

/** It copies every input and output for a logger that nobody sets: a fifth of a client's time. */
function withoutLogger<Client extends { middlewareStack: { remove(name: string): boolean } }>(
  client: Client,
): Client {
  client.middlewareStack.remove('loggerMiddleware')
  return client
}

export const createDatabaseClient = (): DynamoDBClient => withoutLogger(new DynamoDBClient(options))
export const createBusClient = (): EventBridgeClient => withoutLogger(new EventBridgeClient(options))
export const createStorageClient = (): S3Client => withoutLogger(new S3Client(options))
export const createQueueClient = (): SQSClient => new SQSClient({ maxAttempts: 3 })

/** How long a secret is kept before it is read again, so that a rotated one is noticed. */
const secretMaxAgeSeconds = 300

/** The text of a secret; `fresh` reads it again. Throws when there is none, naming the secret and never its value. */
export async function readSecret(name: string, fresh = false): Promise<string> {
  const secret = await getSecret(name, { maxAge: secretMaxAgeSeconds, forceFetch: fresh })
  if (typeof secret !== 'string') throw new Error(`the secret ${name} has no text`)
  return secret
}
