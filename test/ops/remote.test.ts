import { createHash, createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openRemote } from '../../infra/command/remote.ts'
import type { Request } from '../../infra/command/transport.ts'
import type { Route } from '../../shared/api/route.ts'
import { routes } from '../../shared/operations/routes.ts'
import {
  type AnsweringServer,
  type Received,
  type ScriptedAnswer,
  startAnsweringServer,
} from '../support/answering-server.ts'

const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
}

let server: AnsweringServer | undefined
let answers: ScriptedAnswer[] = []

beforeEach(() => {
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server?.close()
})

/** Sends one request to a server that gives these answers in turn, the last again and again. */
async function send(route: Route, request: Request, script: readonly ScriptedAnswer[]) {
  answers = [...script]
  server = await startAnsweringServer(() => (answers.length > 1 ? answers.shift() : answers[0]) ?? 'reset')
  const transport = openRemote({ url: new URL(`${server.url}/ops/`) })
  const reply = await transport.send(route, request)
  await transport.close()
  return { reply, requests: server.requests }
}

it('hands no file in: on AWS only partners do', () => {
  expect(openRemote({ url: new URL('https://example.org/') }).deliver).toBeUndefined()
})

const hex = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Signature Version 4 from its description: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(method: string, { path, headers, body }: Received): string {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? ''
  const [, date, region, service] =
    /Credential=AKIDEXAMPLE\/(\d+)\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? []
  const [, pathname = '', query = ''] = /^([^?]*)\??(.*)$/.exec(path) ?? []
  const canonical = [
    method,
    pathname,
    query.split('&').sort().join('&'),
    ...signed.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    signed,
    hex(body),
  ].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const key = [`${date}`, `${region}`, `${service}`, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    'AWS4secret',
  )
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n')
  return hmac(key, text).toString('hex')
}

const stop = {
  parameters: { id: '0198c0de' },
  body: { instruction: 'hold', reason: 'ragu – “tiket” 4711' },
  key: '11111111-2222-3333-4444-555555555555',
}
const list = { query: { list: 'failed', reason: "it's (so) *odd*/&=+ ä", limit: '50' } }

describe('a request', () => {
  it.each([
    ['GET', routes.list, list],
    ['POST', routes.stopJob, stop],
  ])('by %s is signed with the credentials of the environment', async (method, route, request) => {
    const { reply, requests } = await send(route, request, [{ status: 200, body: { fine: true } }])
    expect(reply).toMatchObject({ status: 200, body: { fine: true } })
    const [received] = requests
    if (!received) throw new Error('nothing arrived')
    expect(received.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/ap-southeast-3\/execute-api\/aws4_request, /,
    )
    expect(received.headers['x-amz-security-token']).toBe('token')
    expect(received.headers.authorization).toContain(`Signature=${signatureOf(method, received)}`)
  })

  it('has its parameters in the path, behind the path of the API', async () => {
    const { requests } = await send(routes.stopJob, stop, [{ status: 200, body: {} }])
    expect(requests[0]?.path).toBe('/ops/jobs/0198c0de/stop')
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual(stop.body)
    expect(requests[0]?.headers['idempotency-key']).toBe(stop.key)
    expect(requests[0]?.headers.authorization).toContain('idempotency-key')
  })

  it('has its query in the address', async () => {
    const { requests } = await send(routes.list, list, [{ status: 200, body: {} }])
    const query = new URLSearchParams(requests[0]?.path.split('?')[1])
    expect(Object.fromEntries(query)).toEqual(list.query)
    expect(requests[0]?.headers).not.toHaveProperty('idempotency-key')
  })
})

describe('a connection that breaks', () => {
  it.each(['reset', 'truncate', 'gibberish'] as const)(
    'by %s is tried once more under the same key',
    async (broken) => {
      const { reply, requests } = await send(routes.stopJob, stop, [
        broken,
        { status: 200, body: { again: true } },
      ])
      expect(reply).toMatchObject({ status: 200, body: { again: true } })
      expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual([stop.key, stop.key])
      expect(new Set(requests.map(({ body }) => body)).size).toBe(1)
    },
  )

  it('is given up after the second time', async () => {
    const { reply, requests } = await send(routes.stopJob, stop, ['reset'])
    expect(reply).toEqual({
      lost: expect.stringMatching(/^No answer from 127\.0\.0\.1:\d+, tried twice \(\w+\)$/),
    })
    expect(requests).toHaveLength(2)
  })

  it('is said when there is nobody at all', async () => {
    const { url, close } = await startAnsweringServer(() => 'reset')
    await close()
    expect(await openRemote({ url: new URL(url) }).send(routes.status, {})).toEqual({
      lost: `No answer from ${new URL(url).host}, tried twice (ECONNREFUSED)`,
    })
  })
})

describe('an answer', () => {
  it.each([
    [409, { type: 'about:blank' }],
    [403, { message: 'Forbidden' }],
    [502, '<html>'],
  ])('with status %i is handed on and not asked for again', async (status, body) => {
    const { reply, requests } = await send(routes.stopJob, stop, [{ status, body }])
    expect(reply).toMatchObject({ status, body })
    expect(requests).toHaveLength(1)
  })

  it('says what time it is over there', async () => {
    const { reply } = await send(routes.status, {}, [{ status: 200, body: {} }])
    expect(reply).toHaveProperty('at', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/))
  })
})

it('without credentials sends nothing and says what to do', async () => {
  for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials')
  const transport = openRemote({ url: new URL('http://127.0.0.1:1'), profile: 'production-viewer' })
  expect(await transport.send(routes.status, {})).toEqual({
    unsent: expect.stringMatching(/^No AWS credentials: sign in, or choose a profile with --profile \(.+\)$/),
  })
})
