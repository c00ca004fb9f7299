import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts'

const startAt = Date.parse('2020-09-18T03:00:00Z')
let stack: LocalStack
const lines: string[] = []

beforeAll(async () => {
  stack = await startLocalStack({
    template: { file: new URL('fixtures/queues.json', import.meta.url).pathname },
    startAt,
    secrets: { 'partner/given': 'a secret' },
    onLog: (functionName, line) => lines.push(`${functionName} ${line}`),
  })
}, 30_000)
afterAll(() => stack.stop())

const looked = z.object({ value: z.object({ environment: z.object({ TMPDIR: z.string() }) }) })
const probe = (order: object) => stack.invoke('probe', order)

describe('what a function finds', () => {
  test("is the template's environment, what Lambda sets, and the addresses of this machine", async () => {
    const { dynamodb, sqs } = stack.endpoints
    expect(await probe({ do: 'look around' })).toMatchObject({
      outcome: 'returned',
      value: {
        now: startAt,
        isDate: true,
        functionName: 'probe',
        remaining: 1000,
        environment: {
          TABLE: 'things',
          QUEUE_URL: `${sqs}/000000000000/other`,
          SECRET: 'arn:aws:secretsmanager:ap-southeast-3:000000000000:secret:partner/given',
          GREETING: 'work in ap-southeast-3',
          AWS_REGION: 'ap-southeast-3',
          AWS_LAMBDA_FUNCTION_NAME: 'probe',
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
          AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
          AWS_ENDPOINT_URL_SQS: sqs,
        },
      },
    })
  })

  test('is a directory of the stack’s own for what it writes on its way', async () => {
    const { environment } = looked.parse(await probe({ do: 'look around' })).value
    expect(existsSync(environment.TMPDIR)).toBe(true)
    expect(environment.TMPDIR).not.toBe(tmpdir())
  })

  test("is nothing of the host's own environment", async () => {
    expect(await probe({ do: 'look around' })).not.toHaveProperty('value.environment.PATH')
  })

  test.each([
    ['partner/given', 'a secret'],
    ['arn:aws:secretsmanager:ap-southeast-3:000000000000:secret:partner/given', 'a secret'],
    ['partner/generated', 'generated partner/generated'],
  ])('is the secret %s', async (name, value) => {
    expect(await probe({ do: 'read secret', name })).toEqual({ outcome: 'returned', value })
  })

  test('is no secret that nobody gave', async () => {
    const invocation = await probe({ do: 'read secret', name: 'partner/absent' })
    expect(invocation).toMatchObject({ outcome: 'failed', errorType: 'ResourceNotFoundException' })
  })

  test('are queues that it can send to', async () => {
    await probe({ do: 'send', body: 'hello' })
    expect(stack.queueDepths().other).toMatchObject({ visible: 1 })
  })
})

test('a refused write is refused once: the difference between the clocks makes nobody try again', async () => {
  expect(await probe({ do: 'put once', key: 'a' })).toMatchObject({ value: { $metadata: { attempts: 1 } } })
  const refused = await probe({ do: 'put once', key: 'a' })
  expect(refused).toMatchObject({ value: { name: 'ConditionalCheckFailedException', attempts: 1 } })
})

describe('an invocation that goes wrong says so, and the next one has a sound environment', () => {
  test.each([
    ['throws', { do: 'fail' }, { outcome: 'failed', errorType: 'RangeError', errorMessage: 'as told' }],
    ['does not return in time', { do: 'hang' }, { outcome: 'failed', errorType: 'Sandbox.Timedout' }],
    ['ends its process', { do: 'exit' }, { outcome: 'lost' }],
  ])('%s', async (_what, order, expected) => {
    expect(await probe(order)).toMatchObject(expected)
    expect(await probe({ do: 'look around' })).toMatchObject({ outcome: 'returned' })
  })

  test('is killed', async () => {
    const hanging = probe({ do: 'hang' })
    const waiting = probe({ do: 'look around' })
    await vi.waitUntil(() => lines.at(-1)?.includes('"order":"hang"'))
    expect(await stack.crash('probe')).toBe(1)
    expect(await hanging).toEqual({ outcome: 'lost' })
    expect(await waiting).toMatchObject({ outcome: 'returned' })
  })
})

test('what functions write arrives line by line, on virtual time', async () => {
  lines.length = 0
  await stack.runUntil(startAt + 86_400_000)
  await probe({ do: 'look around' })
  expect(lines).toEqual([
    expect.stringContaining('probe {"level":"INFO","message":"told","timestamp":"2020-09-19T03:00:00.000Z"'),
  ])
})

test('a function that does not exist is refused', async () => {
  await expect(stack.invoke('nobody', {})).rejects.toThrow('there is no function nobody')
})
