import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { createPost } from '../../shared/partners/snap/http.ts'
import {
  type AnsweringServer,
  listen,
  type ScriptedAnswer,
  startAnsweringServer,
} from '../support/answering-server.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(answer: ScriptedAnswer): Promise<AnsweringServer> {
  const server = await startAnsweringServer(() => answer)
  closing.push(server.close)
  return server
}

const post = (url: string, waitMs = 2000) =>
  createPost(url)('/v1.0/emoney/topup', { 'X-EXTERNAL-ID': '17' }, '{"name":"Andrée"}', waitMs)

test('a POST arrives byte for byte, and its answer whole', async () => {
  const server = await start({ status: 403, body: '{"responseCode":"4033805"}' })
  const result = await post(server.url)
  expect(result).toEqual({ result: 'answered', status: 403, body: '{"responseCode":"4033805"}' })
  expect(server.requests).toMatchObject([
    {
      path: '/v1.0/emoney/topup',
      headers: { 'x-external-id': '17', 'content-type': 'application/json', connection: 'close' },
      body: '{"name":"Andrée"}',
    },
  ])
})

describe('what became of a request that was written is not known after', () => {
  test.for([
    ['reset', 'connection-lost'],
    ['truncate', 'connection-lost'],
    ['silence', 'timeout'],
    ['gibberish', 'unreadable-answer'],
    [{ status: 200, body: `"${'a'.repeat(1_100_000)}"` }, 'unreadable-answer'],
  ] as const)('%j: %s', async ([answer, result]) => {
    const server = await start(answer)
    expect(await post(server.url, answer === 'silence' ? 60 : 2000)).toEqual({ result })
    expect(server.requests).toHaveLength(1)
  })
})

describe('nothing was sent when', () => {
  test('the port refuses', async () => {
    const server = await startAnsweringServer(() => 'silence')
    await server.close()
    expect(await post(server.url)).toEqual({ result: 'not-connected' })
  })

  test('the name does not resolve', async () => {
    expect(await post('http://partner.invalid')).toEqual({ result: 'not-connected' })
  })

  test('no time is left', async () => {
    const server = await start({ status: 200, body: '{}' })
    expect(await post(server.url, 0)).toEqual({ result: 'not-connected' })
    expect(server.requests).toEqual([])
  })

  test('the server speaks no TLS', async () => {
    const server = await start({ status: 200, body: '{}' })
    expect(await post(`https://127.0.0.1:${server.port}`)).toEqual({ result: 'not-connected' })
    expect(server.requests).toEqual([])
  })

  test('the TLS handshake does not end in time', async () => {
    const server = createServer(() => {})
    const port = await listen(server)
    closing.push(() => void server.close())
    expect(await post(`https://127.0.0.1:${port}`, 60)).toEqual({ result: 'not-connected' })
  })

  test('the server speaks no TLS newer than 1.2', async () => {
    const server = createTlsServer({ maxVersion: 'TLSv1.2' })
    const refused = new Promise<string | undefined>((resolve) =>
      server.once('tlsClientError', (error: NodeJS.ErrnoException) => resolve(error.code)),
    )
    const port = await listen(server)
    closing.push(() => void server.close())
    expect(await post(`https://127.0.0.1:${port}`)).toEqual({ result: 'not-connected' })
    expect(await refused).toBe('ERR_SSL_UNSUPPORTED_PROTOCOL')
  })
})
