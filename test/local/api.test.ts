import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callerHeaders } from '../../infra/local/api.ts'
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts'
import type { Role } from '../../shared/api/roles.ts'

let stack: LocalStack
beforeAll(async () => {
  stack = await startLocalStack({
    template: { file: new URL('fixtures/api.json', import.meta.url).pathname },
    startAt: Date.parse('2020-09-18T03:04:05.678Z'),
  })
}, 30_000)
afterAll(() => stack.stop())

const siti = (role: Role) => callerHeaders({ role, name: 'siti.r' })

async function ask(method: string, path: string, headers: Record<string, string>, body?: string) {
  const init = { method, headers, ...(body !== undefined && { body }) }
  const answer = await fetch(`${stack.api}${path}`, init)
  const text = await answer.text()
  return { status: answer.status, type: answer.headers.get('content-type'), text }
}
const eventOf = async (...request: Parameters<typeof ask>) => JSON.parse((await ask(...request)).text)

describe('a function is given', () => {
  test('a request in payload format 2.0, with who calls as IAM says it', async () => {
    const headers = {
      ...siti('operator'),
      'Content-Type': 'application/json',
      'Idempotency-Key': 'a-b-c-d-e',
    }
    const event = await eventOf(
      'POST',
      '/things/a%2Eb%20c/changes/7?colour=dark%20red&size=1&size=2',
      headers,
      '[1]',
    )
    const http = {
      method: 'POST',
      path: '/things/a.b c/changes/7',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
    }
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /things/{id}/changes/{change}',
      rawPath: '/things/a.b c/changes/7',
      rawQueryString: 'colour=dark%20red&size=1&size=2',
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'idempotency-key': 'a-b-c-d-e',
      }),
      queryStringParameters: { colour: 'dark red', size: '1,2' },
      pathParameters: { id: 'a.b c', change: '7' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'Api',
        authorizer: {
          iam: expect.objectContaining({
            accountId: '000000000000',
            userArn: 'arn:aws:sts::000000000000:assumed-role/local-operator/siti.r',
          }),
        },
        domainName: expect.stringMatching(/^127\.0\.0\.1:/),
        domainPrefix: 'Api',
        http: { ...http, userAgent: expect.any(String) },
        requestId: expect.any(String),
        routeKey: 'POST /things/{id}/changes/{change}',
        stage: '$default',
        time: '18/Sep/2020:03:04:05 +0000',
        timeEpoch: Date.parse('2020-09-18T03:04:05.678Z'),
      },
      body: '[1]',
      isBase64Encoded: false,
    })
    expect(Object.keys(event.headers).filter((name) => name.startsWith('x-local'))).toEqual([])
  })

  test('no body, query or parameters where the request has none', async () => {
    const event = await eventOf('GET', '/things', siti('viewer'))
    expect(event).toMatchObject({ routeKey: 'GET /things', rawQueryString: '', isBase64Encoded: false })
    for (const absent of ['body', 'queryStringParameters', 'pathParameters'])
      expect(event).not.toHaveProperty(absent)
  })

  test('what is no text in base 64', async () => {
    const headers = { ...siti('operator'), 'content-type': 'application/octet-stream' }
    const event = await eventOf('POST', '/things/a/changes/1', headers, 'ab')
    expect(event).toMatchObject({ body: 'YWI=', isBase64Encoded: true })
  })

  test('the route that names the path itself before one with a parameter', async () => {
    expect(await eventOf('GET', '/things/newest', siti('viewer'))).toHaveProperty(
      'routeKey',
      'GET /things/newest',
    )
  })
})

describe('without asking a function', () => {
  const message = (text: string) => JSON.stringify({ message: text })

  test.each<[string, number, string, string, string, Record<string, string>]>([
    ['nobody', 403, 'Forbidden', 'GET', '/things', {}],
    ['a person without a role', 403, 'Forbidden', 'GET', '/things', { 'x-local-person': 'siti' }],
    ['a role without a person', 403, 'Forbidden', 'GET', '/things', { 'x-local-role': 'viewer' }],
    [
      'a name that no session can have',
      403,
      'Forbidden',
      'GET',
      '/things',
      { ...siti('viewer'), 'x-local-person': 'a/b' },
    ],
    ['a role that the template does not have', 403, 'Forbidden', 'GET', '/things', siti('approver')],
    [
      'a role whose policy does not name the route',
      403,
      'Forbidden',
      'POST',
      '/things/a/changes/1',
      siti('viewer'),
    ],
    ['the same role, elsewhere allowed to write', 403, 'Forbidden', 'GET', '/things', siti('operator')],
    ['a path that is no route', 404, 'Not Found', 'GET', '/nothing', siti('viewer')],
    ['a method that is no route', 404, 'Not Found', 'DELETE', '/things', siti('viewer')],
    ['a path of nonsense', 400, 'Bad Request', 'GET', '/things/%zz', siti('viewer')],
  ])('%s is answered %i', async (_who, status, text, method, path, headers) => {
    expect(await ask(method, path, headers)).toEqual({
      status,
      type: 'application/json',
      text: message(text),
    })
  })

  test('more than ten megabytes is answered 413', async () => {
    const { status } = await ask('POST', '/things/a/changes/1', siti('operator'), 'x'.repeat(10_000_001))
    expect(status).toBe(413)
  })
})

describe("a function's result", () => {
  const post = (told: object) => ask('POST', '/things/a/changes/1', siti('operator'), JSON.stringify(told))

  test.each([
    [
      'with a status code is the answer',
      { statusCode: 202, headers: { 'Content-Type': 'application/problem+json' }, body: '{}' },
      { status: 202, type: 'application/problem+json', text: '{}' },
    ],
    [
      'in base 64 is decoded',
      { statusCode: 200, body: 'YWI=', isBase64Encoded: true },
      { status: 200, text: 'ab' },
    ],
    [
      'without a status code is the body',
      { a: 1 },
      { status: 200, type: 'application/json', text: '{"a":1}' },
    ],
    [
      'that is no answer is our failure',
      { statusCode: 'ok' },
      { status: 500, text: '{"message":"Internal Server Error"}' },
    ],
  ])('%s', async (_what, result, answer) => {
    expect(await post({ result })).toMatchObject(answer)
  })

  test('that never came is our failure, and says nothing', async () => {
    expect(await post({ fail: 'a secret reason' })).toEqual({
      status: 500,
      type: 'application/json',
      text: '{"message":"Internal Server Error"}',
    })
  })
})
