import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { startEngine } from '../../infra/local/engine.ts'
import { type LocalStackOptions, startLocalStack } from '../../infra/local/stack.ts'

const file = new URL('fixtures/queues.json', import.meta.url).pathname
const dataDirectory = mkdtempSync(join(tmpdir(), 'stack-'))
afterAll(() => rmSync(dataDirectory, { recursive: true }))
const start = (options: Partial<LocalStackOptions> = {}) =>
  startLocalStack({ template: { file }, startAt: Date.parse('2020-09-18T03:00:00Z'), ...options })
const putOnce = { do: 'put once', key: 'a' }
const silent = (endpoint: string) =>
  fetch(endpoint).then(
    () => false,
    () => true,
  )

describe('the data directory', { timeout: 30_000 }, () => {
  test.each([
    ['is filled by a first run', {}, 'written'],
    ['is read again when told to keep it', { keep: true }, 'there already'],
    ['is emptied by a fresh run', {}, 'written'],
  ])('%s', async (_what, options, expected) => {
    const stack = await start({ dataDirectory, ...options })
    const invocation = await stack.invoke('probe', putOnce)
    await stack.stop()
    const refused = { value: { name: 'ConditionalCheckFailedException' } }
    if (expected === 'written') expect(invocation).not.toMatchObject(refused)
    else expect(invocation).toMatchObject(refused)
  })
})

test('another engine can be named; it is left running, and our tables in it start empty', {
  timeout: 30_000,
}, async () => {
  const engine = await startEngine({})
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', engine.endpoint)
  for (const _run of ['first', 'second']) {
    const stack = await start()
    expect(stack.endpoints.dynamodb).toBe(engine.endpoint)
    expect(await stack.invoke('probe', putOnce)).toHaveProperty('value.$metadata.httpStatusCode', 200)
    await stack.stop()
  }
  expect(await silent(engine.endpoint)).toBe(false)
  vi.unstubAllEnvs()
  await engine.stop()
})

test('functions can be given a proxy in front of the engine', { timeout: 30_000 }, async () => {
  const stack = await start({ dynamodbEndpoint: 'http://127.0.0.1:9' })
  const invocation = await stack.invoke('probe', { do: 'look around' })
  await stack.stop()
  expect(invocation).toHaveProperty('value.environment.AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:9')
})

test('stopping ends what is under way, closes every port and gives Date back', {
  timeout: 30_000,
}, async () => {
  const real = Date
  const stack = await start()
  stack.send('work', 'hang a')
  const running = stack.runUntil(stack.clock.now() + 1000)
  const hanging = stack.invoke('probe', { do: 'hang' })
  await Promise.all([stack.stop(), stack.stop(), expect(running).rejects.toThrow('the stack was stopped')])
  expect(await hanging).toEqual({ outcome: 'lost' })
  expect(Date).toBe(real)
  for (const endpoint of Object.values(stack.endpoints)) expect(await silent(endpoint)).toBe(true)
})

test.each([
  ['a secret that the template does not have', { secrets: { typo: 'a' } }, 'the template has no secret typo'],
  ['a template that is not there', { template: { file: '/nowhere.json' } }, 'ENOENT'],
  ['a stage that is not there', { template: { stage: 'moon' } }, 'There is no stage moon'],
])('%s is refused, and another stack can start', { timeout: 30_000 }, async (_what, options, message) => {
  await expect(start(options)).rejects.toThrow(message)
  const stack = await start()
  await stack.stop()
})

describe('a program with a stack', { timeout: 30_000 }, () => {
  async function startHost(...parameters: string[]) {
    const host = spawn(
      process.execPath,
      [new URL('fixtures/host.ts', import.meta.url).pathname, ...parameters],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const ended = once(host, 'exit')
    const [endpoint] = await once(createInterface(host.stdout), 'line')
    return { host, ended, endpoint: String(endpoint) }
  }

  test('ends by itself once it has stopped the stack', async () => {
    const { ended, endpoint } = await startHost('stop')
    expect(await ended).toEqual([0, null])
    expect(await silent(endpoint)).toBe(true)
  })

  test('leaves no engine behind, even when it is killed', async () => {
    const { host, ended, endpoint } = await startHost()
    expect(await silent(endpoint)).toBe(false)
    host.kill('SIGKILL')
    await ended
    await vi.waitUntil(() => silent(endpoint), { timeout: 5000 })
  })
})
