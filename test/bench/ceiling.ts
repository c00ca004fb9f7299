import * as sdk from '@aws-sdk/client-dynamodb'
import { startTestEngine } from '../support/engine.ts'
import { type Command, recordParticipant, renamed } from './recording.ts'

/**
 * What the embedded engine can do at the best: the commands that one participant's way through the pipeline sends,
 * sent by a bare loop of the SDK for many participants, several side by side. Prints one JSON object.
 */

const concurrencies = [2, 4, 8, 16]
const participantsEach = Number(process.argv[2] ?? 300)
const payoutsEach = 7

/** Turns a noted command into one that can be sent. */
function commandOf({ name, input }: Command) {
  const given = JSON.parse(input)
  switch (name) {
    case 'QueryCommand':
      return (client: sdk.DynamoDBClient) => client.send(new sdk.QueryCommand(given))
    case 'GetItemCommand':
      return (client: sdk.DynamoDBClient) => client.send(new sdk.GetItemCommand(given))
    case 'BatchGetItemCommand':
      return (client: sdk.DynamoDBClient) => client.send(new sdk.BatchGetItemCommand(given))
    case 'PutItemCommand':
      return (client: sdk.DynamoDBClient) => client.send(new sdk.PutItemCommand(given))
    case 'UpdateItemCommand':
      return (client: sdk.DynamoDBClient) => client.send(new sdk.UpdateItemCommand(given))
    case 'TransactWriteItemsCommand': {
      const { ClientRequestToken: _, ...fresh } = given
      return (client: sdk.DynamoDBClient) => client.send(new sdk.TransactWriteItemsCommand(fresh))
    }
    default:
      throw new Error(`the recording has a ${name}, which the loop does not know`)
  }
}

/** Payouts per second with so many participants side by side. */
async function measure(
  client: sdk.DynamoDBClient,
  commands: readonly Command[],
  concurrency: number,
  firstId: number,
): Promise<number> {
  const all = Array.from({ length: participantsEach }, (_, index) =>
    renamed(commands, firstId + index).map(commandOf),
  )
  const since = performance.now()
  const next = all.values()
  const workers = Array.from({ length: concurrency }, async () => {
    for (const participant of next) for (const send of participant) await send(client)
  })
  await Promise.all(workers)
  return (participantsEach * payoutsEach * 1000) / (performance.now() - since)
}

const engine = await startTestEngine()
const commands = await recordParticipant(engine)
const client = engine.connect()
// The loop's lanes have no control row yet: the first write of each cannot find what the recording found.
const unconditional = commands.map(({ name, input }) => {
  const {
    ConditionExpression: _,
    ExpressionAttributeNames: __,
    ExpressionAttributeValues: ___,
    ...put
  } = JSON.parse(input)
  const control = name === 'PutItemCommand' && put.Item?.sk?.S === 'CONTROL'
  return { name, input: control ? JSON.stringify(put) : input }
})
const results = []
for (const [index, concurrency] of concurrencies.entries()) {
  const payoutsPerSecond = await measure(client, unconditional, concurrency, index * participantsEach)
  results.push({ concurrency, payoutsPerSecond: Math.round(payoutsPerSecond) })
}
client.destroy()
await engine.stop()
const perPayout = Math.round((commands.length / payoutsEach) * 10) / 10
process.stdout.write(`${JSON.stringify({ commandsPerPayout: perPayout, results })}\n`)
