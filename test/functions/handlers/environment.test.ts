import { afterEach, describe, expect, test, vi } from 'vitest'
import { environments, type FunctionName, load, type Variables } from './host.ts'

afterEach(() => vi.unstubAllEnvs())

const isFunction = (name: string): name is FunctionName => name in environments
const names = Object.keys(environments).filter(isFunction)
const nothing = (name: FunctionName): Variables =>
  Object.fromEntries(Object.keys(environments[name]).map((variable) => [variable, undefined]))

describe.for(names)('%s', (name) => {
  test('loads with all that it needs to be told', async () => {
    const { handler } = await load(name, {})
    expect(handler).toBeInstanceOf(Function)
  })

  test('without anything names everything', async () => {
    const variables = Object.keys(environments[name])
    const complaint = await load(name, nothing(name)).then(
      () => 'it loaded',
      (error: unknown) => String(error),
    )
    for (const variable of variables) expect(complaint).toContain(`${variable}: `)
  })

  test.for(Object.keys(environments[name]))(
    'names %s, missing or empty, and nothing else',
    async (variable) => {
      for (const value of [undefined, '']) {
        const complaint = await load(name, { [variable]: value }).then(
          () => 'it loaded',
          (error: unknown) => String(error),
        )
        expect(complaint).toMatch(
          new RegExp(`^Error: environment variables are missing or wrong: ${variable}: [^;]*$`),
        )
      }
    },
  )
})

test.for<[FunctionName, string, string]>([
  ['close', 'SHARDS', '0'],
  ['close', 'SHARDS', '-1'],
  ['close', 'SHARDS', '2.5'],
  ['close', 'SHARDS', 'two'],
  ['release', 'RATE_PER_SECOND', '0'],
  ['release', 'RATE_PER_SECOND', 'fast'],
  ['pay', 'CALL_DEADLINE_SECONDS', '1e3'],
  ['pay', 'PARTNER_ENDPOINT', 'http://api.partner.example'],
  ['inquire', 'PARTNER_ENDPOINT', 'https://api.partner.example/v1.0'],
  ['release', 'SCHEME', 'prakerja-1920'],
  ['intake', 'SCHEME', 'Prakerja-2020'],
  ['finance', 'SCHEME', 'constructor'],
  ['intake', 'PUBLISHERS', '{'],
  ['intake', 'PUBLISHERS', '[]'],
  ['intake', 'PUBLISHERS', '{"prakerja.core":100000000000}'],
])('%s refuses %s=%s by its name', async ([name, variable, value]) => {
  await expect(load(name, { [variable]: value })).rejects.toThrow(`missing or wrong: ${variable}`)
})

test.for(['pay', 'inquire'] as const)('%s refuses a partner that nobody has configured', async (name) => {
  await expect(load(name, { PARTNER: 'dana' })).rejects.toThrow('dana is not a payment partner')
})
