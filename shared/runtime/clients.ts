import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'

/** Clients, one per environment. Where they connect is the SDK's own business (AWS_ENDPOINT_URL_*). */

// The same commands go out over and over: their middleware is put together once, not for every request.
const options = { maxAttempts: 3, cacheMiddleware: true }

const connectionTimeout = 1_000

/** Gives an attempt up whose answer does not begin within so many milliseconds. Left to itself the SDK waits for minutes, by which
 *  time the function is stopped. https://github.com/aws/aws-sdk-js-v3/blob/main/UPGRADING.md */
const within = (requestTimeout: number) => ({
  connectionTimeout,
  requestTimeout,
  throwOnRequestTimeout: true,
})

/** An answer takes some ten milliseconds. Three attempts, and the pauses between, are over within `callMarginSeconds`. */
const answerMs = 1_500
/** While a slow processor takes a page of a megabyte apart, others that have come are not looked at. Three attempts still end
 *  before a question to the finance API does. */
const pageMs = 8_000
/** Of which SQS may take a second to wait for messages. */
const receiveMs = 1_000 + answerMs
/** An object may take as long as it likes while it moves. */
const idleMs = 5_000

/** It copies every input and output for a logger that nobody sets: a fifth of a client's time. */
function withoutLogger<Client extends { middlewareStack: { remove(name: string): boolean } }>(
  client: Client,
): Client {
  client.middlewareStack.remove('loggerMiddleware')
  return client
}

export const createDatabaseClient = (): DynamoDBClient =>
  withoutLogger(new DynamoDBClient({ ...options, requestHandler: within(answerMs) }))
/** For whoever reads all of the journal, several pages at a time. */
export const createJournalClient = (): DynamoDBClient =>
  withoutLogger(new DynamoDBClient({ ...options, requestHandler: within(pageMs) }))
export const createBusClient = (): EventBridgeClient =>
  withoutLogger(new EventBridgeClient({ ...options, requestHandler: within(answerMs) }))
export const createStorageClient = (): S3Client =>
  withoutLogger(new S3Client({ ...options, requestHandler: { connectionTimeout, socketTimeout: idleMs } }))
export const createQueueClient = (): SQSClient =>
  new SQSClient({ maxAttempts: 3, requestHandler: within(receiveMs) })

/** How long a secret is kept before it is read again, so that a rotated one is noticed. */
const secretMaxAgeSeconds = 300
let secrets: SecretsProvider | undefined

/** The text of a secret. Throws when there is none, naming the secret and never its value. */
export async function readSecret(name: string): Promise<string> {
  secrets ??= new SecretsProvider({ clientConfig: { maxAttempts: 3, requestHandler: within(answerMs) } })
  const secret = await secrets.get(name, { maxAge: secretMaxAgeSeconds })
  if (typeof secret !== 'string') throw new Error(`the secret ${name} has no text`)
  return secret
}
