import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts'

const receiptSchema = z.object({ name: z.string(), count: z.number(), at: z.number(), batch: z.number() })
type Receipt = z.infer<typeof receiptSchema>

const visibilitySeconds = 720
let stack: LocalStack
let receipts: Receipt[] = []
let begin = 0

beforeAll(async () => {
  stack = await startLocalStack({
    template: { file: new URL('fixtures/queues.json', import.meta.url).pathname },
    startAt: Date.parse('2020-09-18T03:00:00Z'),
    onLog: (_functionName, line) => {
      const parsed = receiptSchema.safeParse(JSON.parse(line))
      if (parsed.success) receipts.push(parsed.data)
    },
  })
}, 30_000)
afterAll(() => stack.stop())
beforeEach(() => {
  receipts = []
  begin = stack.clock.now()
})

const run = (seconds: number) => stack.runUntil(begin + seconds * 1000)
/** Name, receive count and seconds since the test began. */
const seen = () => receipts.map(({ name, count, at }) => [name, count, (at - begin) / 1000])
const depth = (queue: string) => stack.queueDepths()[queue]
const empty = { visible: 0, inFlight: 0, delayed: 0 }

test('a message that its function has dealt with is gone', async () => {
  stack.send('work', 'do a')
  await run(3600)
  expect(seen()).toEqual([['a', 1, 0]])
  expect(depth('work')).toEqual(empty)
})

test("messages sent together share batches of the mapping's size", async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) stack.send('work', `do ${name}`)
  await run(0)
  expect(receipts.map(({ batch }) => batch)).toEqual([5, 5, 5, 5, 5, 2, 2])
})

test('only the reported messages of a batch come back, when their visibility ends', async () => {
  stack.send('work', 'do a')
  stack.send('work', 'fail-once b')
  stack.send('work', 'do c')
  await run(visibilitySeconds - 1)
  expect(depth('work')).toEqual({ visible: 0, inFlight: 1, delayed: 0 })
  await run(3600)
  expect(seen()).toEqual([
    ['a', 1, 0],
    ['b', 1, 0],
    ['c', 1, 0],
    ['b', 2, visibilitySeconds],
  ])
  expect(depth('work')).toEqual(empty)
})

test.each(['throw-once', 'blame-once'])('%s: the whole batch comes back', async (order) => {
  stack.send('work', 'do a')
  stack.send('work', `${order} b`)
  await run(3600)
  expect(seen()).toEqual([
    ['a', 1, 0],
    ['b', 1, 0],
    ['a', 2, visibilitySeconds],
    ['b', 2, visibilitySeconds],
  ])
  expect(depth('work')).toEqual(empty)
})

test('a message that was received too often ends in the dead-letter queue', async () => {
  stack.send('work', 'fail a')
  await run(3 * visibilitySeconds - 1)
  expect(depth('work-dlq')).toEqual(empty)
  await run(3 * visibilitySeconds)
  expect(seen()).toEqual([
    ['a', 1, 0],
    ['a', 2, visibilitySeconds],
    ['a', 3, 2 * visibilitySeconds],
  ])
  expect(depth('work')).toEqual(empty)
  expect(depth('work-dlq')).toEqual({ visible: 1, inFlight: 0, delayed: 0 })
})

test('an environment that dies in the middle loses its invocation and not its messages', async () => {
  stack.send('work', 'hang-once a')
  const running = run(3600)
  await vi.waitUntil(() => receipts.length === 1)
  expect(await stack.crash('consume')).toBe(1)
  await running
  expect(seen()).toEqual([
    ['a', 1, 0],
    ['a', 2, visibilitySeconds],
  ])
  expect(depth('work')).toEqual(empty)
})

test('messages published at virtual instants are handled at those instants', async () => {
  for (const second of [10, 20, 20, 86_400]) stack.at(begin + second * 1000, () => stack.send('work', 'do a'))
  await run(100_000)
  expect(seen()).toEqual([
    ['a', 1, 10],
    ['a', 1, 20],
    ['a', 1, 20],
    ['a', 1, 86_400],
  ])
})

test('a queue that does not exist is refused', () => {
  expect(() => stack.send('elsewhere', 'do a')).toThrow('there is no queue elsewhere')
})
