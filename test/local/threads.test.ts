import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts'

let stack: LocalStack
const lines: string[] = []

async function start(threads?: number) {
  lines.length = 0
  stack = await startLocalStack({
    template: { file: new URL('fixtures/neighbours.json', import.meta.url).pathname },
    startAt: Date.parse('2020-09-18T03:00:00Z'),
    ...(threads !== undefined && { threads }),
    onLog: (functionName, line) => lines.push(`${functionName} writes ${line}`),
  })
}
afterEach(() => stack.stop())

const written = (line: string) => vi.waitUntil(() => lines.includes(line))
const introduction = z.object({
  outcome: z.literal('returned'),
  value: z.object({ name: z.string(), visits: z.number(), thread: z.number() }),
})
const introduce = async (functionName: string) =>
  introduction.parse(await stack.invoke(functionName, 'introduce yourself')).value

test.each([
  ['has a thread of its own unless told otherwise', undefined, ['anna', 'budi', 'citra']],
  ['shares the only thread', 1, ['anna', 'anna', 'anna']],
  ['shares the thread with the fewest', 2, ['anna', 'budi', 'anna']],
  ['shares none while there are more threads to have', 9, ['anna', 'budi', 'citra']],
])('an environment %s', async (_what, threads, expected) => {
  await start(threads)
  const introductions = await Promise.all(['anna', 'budi', 'citra'].map(introduce))
  const firstThere = ({ thread }: { thread: number }) =>
    introductions.find((each) => each.thread === thread)?.name
  expect(introductions.map(firstThere)).toEqual(expected)
})

test('functions that run the same code are kept apart where they can be', async () => {
  await start(2)
  const anna = await introduce('anna')
  expect(await stack.invoke('stranger', { Records: [] })).toMatchObject({ outcome: 'returned' })
  const budi = await introduce('budi')
  expect(budi.thread).not.toBe(anna.thread)
})

describe('functions that share a thread', () => {
  beforeEach(() => start(1))

  test('have their own variables and state, whoever was there first and last', async () => {
    const introductions = await Promise.all(['anna', 'budi', 'anna', 'anna', 'budi'].map(introduce))
    expect(introductions.map(({ name, visits }) => `${name} ${visits}`)).toEqual([
      'anna 1',
      'budi 1',
      'anna 2',
      'anna 3',
      'budi 2',
    ])
  })

  test('run at the same time, share packages and are told apart by what they write', async () => {
    const waiting = stack.invoke('anna', 'wait')
    await written('anna writes anna: wait')
    expect(await stack.invoke('budi', 'call')).toMatchObject({ outcome: 'returned' })
    expect(await waiting).toEqual({ outcome: 'returned', value: { samePackages: true } })
    expect(lines).toEqual([
      'anna writes anna: wait',
      'budi writes budi: call',
      'anna writes anna: was called',
    ])
  })

  test.each([
    ['does not return in time', 'hang', { outcome: 'failed', errorType: 'Sandbox.Timedout' }, 'lost'],
    [
      'leaves an error uncaught',
      'drop something',
      { outcome: 'failed', errorType: 'RangeError', errorMessage: 'dropped' },
      'failed',
    ],
    ['ends its process', 'exit', { outcome: 'lost' }, 'lost'],
  ])('go down together when one %s, and then get a new thread', async (_what, order, own, others) => {
    const { thread } = await introduce('citra')
    const waiting = stack.invoke('anna', 'wait')
    await written('anna writes anna: wait')
    expect(await stack.invoke('budi', order)).toMatchObject(own)
    expect(await waiting).toMatchObject({ outcome: others })
    const introductions = await Promise.all(['anna', 'budi', 'citra'].map(introduce))
    expect(introductions.map(({ visits }) => visits)).toEqual([1, 1, 1])
    const [anna, ...rest] = introductions.map((each) => each.thread)
    expect(anna).not.toBe(thread)
    expect(rest).toEqual([anna, anna])
  })

  test('are killed together, and only the invocations of the one that was to crash are counted', async () => {
    const waiting = [stack.invoke('anna', 'wait'), stack.invoke('budi', 'wait')]
    await Promise.all([written('anna writes anna: wait'), written('budi writes budi: wait')])
    expect(await stack.crash('anna')).toBe(1)
    expect(await Promise.all(waiting)).toEqual([{ outcome: 'lost' }, { outcome: 'lost' }])
    expect(await introduce('budi')).toMatchObject({ visits: 1 })
  })
})

test('once the functions are stopped, whatever is invoked is lost', async () => {
  await start(2)
  await introduce('anna')
  await stack.stopFunctions()
  expect(await stack.invoke('anna', 'introduce yourself')).toEqual({ outcome: 'lost' })
})
