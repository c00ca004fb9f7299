import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createActivity } from '../../infra/local/activity.ts'
import { createClock } from '../../infra/local/clock.ts'
import { createSchedules } from '../../infra/local/schedules.ts'
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts'

/** `tick` runs every minute and `tock` every five; both answer what the table says. */
let stack: LocalStack
let runs: { readonly tick: string[]; readonly tock: string[] } = { tick: [], tock: [] }
const startAt = Date.parse('2020-09-18T03:00:30Z')

beforeEach(async () => {
  runs = { tick: [], tock: [] }
  stack = await startLocalStack({
    template: { file: new URL('fixtures/schedules.json', import.meta.url).pathname },
    startAt,
    onLog: (functionName, line) => void (functionName === 'tick' ? runs.tick : runs.tock).push(line),
  })
}, 30_000)
afterEach(() => stack.stop())

async function promise(name: 'tick' | 'tock', answer: object) {
  const client = new DynamoDBClient({
    endpoint: stack.endpoints.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  await client.send(
    new PutItemCommand({
      TableName: 'things',
      Item: { pk: { S: name }, answer: { S: JSON.stringify(answer) } },
    }),
  )
  client.destroy()
}
const until = (time: string) => stack.runUntil(Date.parse(time))

test("a function that promises nothing runs at every tick, told the tick's time", async () => {
  await until('2020-09-18T03:05:10Z')
  expect(runs.tick).toEqual([1, 2, 3, 4, 5].map((minute) => `2020-09-18T03:0${minute}:00Z`))
  expect(runs.tock).toEqual(['2020-09-18T03:05:00Z'])
})

test('ticks before the promised instant are skipped; the first at or after it runs', async () => {
  await promise('tick', { next: '2020-09-18T08:10:01.000Z' })
  await promise('tock', { next: null })
  await until('2020-09-18T08:11:00Z')
  expect(runs.tick).toEqual(['2020-09-18T03:01:00Z', '2020-09-18T08:11:00Z'])
})

test('once something was done that concerns others, it is looked for within a day, and not again', async () => {
  const start = Date.parse('2020-09-18T03:00:30Z')
  const clock = createClock(start)
  const activity = createActivity()
  const told: unknown[] = []
  const Target = { Arn: 'arn:aws:lambda:ap-southeast-3:000000000000:function:tick', Input: '{}' } as const
  const schedules = createSchedules({
    schedules: [
      {
        Name: 'tick',
        State: 'ENABLED',
        ScheduleExpression: 'rate(1 minute)',
        ScheduleExpressionTimezone: 'UTC',
        Target,
      },
    ],
    clock,
    activity,
    async invoke() {
      told.push((clock.now() - start + 30_000) / 60_000)
      return { outcome: 'returned', value: { next: null } }
    },
    wakesOf: (functionName) => (functionName === 'pay' ? ['another'] : []),
  })
  const run = async () => {
    clock.moveTo(schedules.next())
    schedules.fire()
    await activity.idle()
  }
  const day = 24 * 60
  await run()
  expect(schedules.next()).toBe(Number.POSITIVE_INFINITY)
  clock.moveTo(start + 3_600_000)
  schedules.wake('totals')
  expect(schedules.next()).toBe(Number.POSITIVE_INFINITY)
  schedules.wake('pay')
  await run()
  expect(told).toEqual([1, 1 + day])
  expect(schedules.next()).toBe(Number.POSITIVE_INFINITY)
})

test('what somebody outside may have written is looked for within a day', async () => {
  await promise('tick', { next: null })
  await promise('tock', { next: null })
  await until('2020-09-20T12:00:00Z')
  await until('2020-09-24T12:00:00Z')
  expect(runs.tick).toEqual(['2020-09-18T03:01:00Z', '2020-09-20T12:00:00Z', '2020-09-21T12:00:00Z'])
})

test('an invocation that no schedule made makes every function due at its next tick', async () => {
  await promise('tick', { next: null })
  await promise('tock', { next: null })
  stack.at(Date.parse('2020-09-18T06:01:10Z'), async () => {
    await stack.invoke('tock', { now: 'by hand' })
  })
  await until('2020-09-18T09:00:00Z')
  expect(runs.tick).toEqual(['2020-09-18T03:01:00Z', '2020-09-18T06:02:00Z'])
  expect(runs.tock).toEqual(['2020-09-18T03:05:00Z', 'by hand', '2020-09-18T06:05:00Z'])
})

test('a run without counts that came because of its own promise makes the others due', async () => {
  await promise('tick', { next: '2020-09-18T06:00:00.000Z' })
  await promise('tock', { next: null })
  stack.at(Date.parse('2020-09-18T05:59:30Z'), () => promise('tick', { next: null }))
  await until('2020-09-18T09:00:00Z')
  expect(runs.tock).toEqual(['2020-09-18T03:05:00Z', '2020-09-18T06:05:00Z'])
})

test('a run that counts nothing makes nobody due, even if it came because of its own promise', async () => {
  await promise('tick', { next: '2020-09-18T06:00:00.000Z', sent: 0 })
  await promise('tock', { next: null })
  stack.at(Date.parse('2020-09-18T05:59:30Z'), () => promise('tick', { next: null, sent: 0 }))
  await until('2020-09-18T09:00:00Z')
  expect(runs.tick).toEqual(['2020-09-18T03:01:00Z', '2020-09-18T06:00:00Z'])
  expect(runs.tock).toEqual(['2020-09-18T03:05:00Z'])
})

test('a run that counts what it did makes the others due, and one that counts nothing does not', async () => {
  await promise('tick', { next: null, sent: 3 })
  await promise('tock', { next: null, sent: 0 })
  stack.at(Date.parse('2020-09-18T03:02:30Z'), () => promise('tick', { next: null, sent: 0 }))
  await until('2020-09-18T09:00:00Z')
  expect(runs.tick).toEqual(['2020-09-18T03:01:00Z', '2020-09-18T03:02:00Z', '2020-09-18T03:03:00Z'])
  expect(runs.tock).toEqual(['2020-09-18T03:05:00Z'])
})
