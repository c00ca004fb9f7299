import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { createActivity } from '../../infra/local/activity.ts'
import { createClock } from '../../infra/local/clock.ts'
import type { Invocation } from '../../infra/local/functions.ts'
import { streamMapping } from '../../infra/local/resources.ts'
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../infra/local/stack.ts'
import { createStreams } from '../../infra/local/streams.ts'
import { createAgenda, runTimeline } from '../../infra/local/timeline.ts'

const receiptSchema = z.object({ name: z.string(), eventName: z.string(), at: z.number(), batch: z.number() })

const template = { file: new URL('fixtures/streams.json', import.meta.url).pathname }
const dataDirectory = mkdtempSync(join(tmpdir(), 'streams-'))
afterAll(() => rmSync(dataDirectory, { recursive: true }))

const begin = Date.parse('2020-09-18T03:00:00Z')
let stack: LocalStack
let database: DynamoDBClient
let receipts: z.infer<typeof receiptSchema>[] = []

async function start(options: Pick<LocalStackOptions, 'keep' | 'dataDirectory' | 'streams'> = {}) {
  receipts = []
  stack = await startLocalStack({
    template,
    startAt: begin,
    onLog: (_functionName, line) => {
      const parsed = receiptSchema.safeParse(JSON.parse(line))
      if (parsed.success) receipts.push(parsed.data)
    },
    ...options,
  })
  database = new DynamoDBClient({
    endpoint: stack.endpoints.dynamodb,
    region: 'ap-southeast-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}
async function stop() {
  database.destroy()
  await stack.stop()
}
beforeEach(() => start())
afterEach(stop)

/** Writes things whose names are their orders' first words: `a`, `b fail-once`. */
async function write(...things: readonly string[]) {
  for (const thing of things) {
    const [pk = '', order = ''] = thing.split(' ')
    await database.send(
      new PutItemCommand({ TableName: 'things', Item: { pk: { S: pk }, order: { S: order } } }),
    )
  }
}
const run = (seconds: number) => stack.runUntil(begin + seconds * 1000)
/** Name and seconds since the beginning. */
const seen = () => receipts.map(({ name, at }) => [name, (at - begin) / 1000])
const deadLetters = () => stack.queueDepths()['follow-dlq']?.visible

test('records arrive in the order of the writes, in batches, when the batching window ends', async () => {
  await write('a', 'b', 'c', 'd')
  await run(9)
  expect(seen()).toEqual([])
  await run(60)
  expect(seen()).toEqual([
    ['a', 10],
    ['b', 10],
    ['c', 10],
    ['d', 10],
  ])
  expect(receipts.map(({ batch }) => batch)).toEqual([3, 3, 3, 1])
})

test('what a window still gathers arrives at once when it is told to end', async () => {
  await write('a', 'b')
  await run(4)
  await stack.endWindows()
  expect(seen()).toEqual([
    ['a', 4],
    ['b', 4],
  ])
})

test('changes and removals arrive as such', async () => {
  await write('a', 'a again')
  await database.send(new DeleteItemCommand({ TableName: 'things', Key: { pk: { S: 'a' } } }))
  await run(60)
  expect(receipts.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE'])
})

test('a reported failure and all that follows it come again; what came before does not', async () => {
  await write('a', 'b fail-once', 'c', 'd')
  await run(60)
  expect(seen()).toEqual([
    ['a', 10],
    ['b', 10],
    ['b', 11],
    ['c', 11],
    ['d', 11],
  ])
})

test.each(['throw-once', 'blame-once'])('%s: the whole batch comes again', async (order) => {
  await write('a', `b ${order}`)
  await run(60)
  expect(seen()).toEqual([
    ['a', 10],
    ['b', 10],
    ['a', 11],
    ['b', 11],
  ])
})

test('what never succeeds holds everything up until its retries are used up, and leaves its place in the queue', async () => {
  await write('a', 'b fail', 'c')
  await run(60)
  expect(seen()).toEqual([
    ['a', 10],
    ['b', 10],
    ['b', 11],
    ['b', 13],
    ['c', 13],
  ])
  expect(deadLetters()).toBe(1)
})

test('an environment that dies loses its invocation and no record', async () => {
  await write('a hang-once', 'b')
  const running = run(60)
  await vi.waitUntil(() => receipts.length === 1)
  expect(await stack.crash('follow')).toBe(1)
  // The next environment has never seen `a`, and hangs as well.
  await vi.waitUntil(() => receipts.length === 2)
  await stack.crash('follow')
  await vi.waitUntil(() => receipts.length === 3)
  await stack.crash('follow')
  await running
  expect(seen()).toEqual([
    ['a', 10],
    ['a', 11],
    ['a', 13],
    ['b', 13],
  ])
  expect(deadLetters()).toBe(1)
})

test('a run that goes on reads on; a fresh one begins again', async () => {
  await stop()
  await start({ dataDirectory })
  await write('a', 'b')
  await run(60)
  await write('c')
  await stop()
  await start({ dataDirectory, keep: true })
  await write('d')
  await run(60)
  expect(receipts.map(({ name }) => name)).toEqual(['c', 'd'])
  await stop()
  await start({ dataDirectory })
  await write('e')
  await run(60)
  expect(receipts.map(({ name }) => name)).toEqual(['e'])
})

const returned: Invocation = { outcome: 'returned', value: { batchItemFailures: [] } }

/** The stack's stream on a timeline of its own, given to whoever `invoke` is. */
function follow(invoke: () => Promise<Invocation>) {
  const clock = createClock(begin)
  const activity = createActivity()
  const agenda = createAgenda(clock, activity)
  const mapping = streamMapping.parse({
    FunctionName: 'follow',
    EventSourceArn: 'arn:aws:dynamodb:ap-southeast-3:000000000000:table/things/stream/local',
    StartingPosition: 'TRIM_HORIZON',
    MaximumBatchingWindowInSeconds: 10,
    MaximumRetryAttempts: 2,
  })
  const endpoint = stack.endpoints.dynamodb
  const others = { clock, activity, places: {}, invoke, send: () => {} }
  const streams = createStreams({ mappings: [mapping], endpoint, ...others })
  const sources = [agenda, streams]
  const timeline = { clock, activity, sources, settled: streams.settled, busy: () => 0, check: () => {} }
  return {
    look: streams.look,
    at: (seconds: number, action: () => void | Promise<void>) => agenda.at(begin + seconds * 1000, action),
    run: (seconds: number) => runTimeline(timeline, begin + seconds * 1000),
    seconds: () => (clock.now() - begin) / 1000,
  }
}

test('time goes on while a function is at work, until the stream is read again, and to the end only with it', async () => {
  const work = [Promise.withResolvers<Invocation>(), Promise.withResolvers<Invocation>()] as const
  const begun: number[] = []
  const passed: number[] = []
  const { look, at, run, seconds } = follow(() => {
    begun.push(seconds())
    return work[begun.length === 1 ? 0 : 1].promise
  })
  await write('a')
  look()
  at(12, async () => {
    passed.push(seconds())
    await write('b')
    look()
  })
  at(30, () => void passed.push(seconds()))
  let ended = false
  const running = run(60).then(() => {
    ended = true
  })
  await vi.waitUntil(() => seconds() === 22)
  expect([begun, passed]).toEqual([[10], [12]])
  work[0].resolve(returned)
  await vi.waitUntil(() => passed.length === 2)
  expect(begun).toEqual([10, 22])
  await new Promise((resolve) => setImmediate(resolve))
  expect(ended).toBe(false)
  work[1].resolve(returned)
  await running
  expect(seconds()).toBe(60)
})

test('a function that cannot be given what was read ends the run', async () => {
  const { look, run } = follow(() => Promise.reject(new Error('a bug')))
  await write('a')
  look()
  await expect(run(60)).rejects.toThrow('a bug')
})

test('streams can be left out', async () => {
  await stop()
  await start({ streams: false })
  await write('a')
  await run(60)
  expect(seen()).toEqual([])
})
