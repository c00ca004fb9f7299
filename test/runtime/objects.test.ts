import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createBuckets, openObjects } from '../../infra/local/objects.ts'
import { startQueues } from '../../infra/local/queues.ts'
import { createObjectPut, objectAddress } from '../../shared/runtime/objects.ts'
import { listen } from '../support/answering-server.ts'
import { authorizationOf, type SignedRequest } from '../support/signed-request.ts'

/** Objects put without S3's client: into the local S3, and to servers that look at the signature or misbehave. */

const key = 'exchanges/ovo/2020-09-18/request-1.ndjson.gz'
const body = gzipSync('{"line":1}\n')
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' }
const putTo = (endpoint: string, variables: Readonly<Record<string, string>> = {}) => {
  for (const [name, value] of Object.entries({ ...keys, ...variables })) vi.stubEnv(name, value)
  return createObjectPut({ bucket: 'shelf', region: 'ap-southeast-3', endpoint })
}
afterEach(() => vi.unstubAllEnvs())

/** A server that answers each request by the next status; `silence` from then on when there is none. */
async function startServer(statuses: readonly number[]) {
  const requests: SignedRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: path = '', headers } = request
    requests.push({ method, path, headers, body: Buffer.concat(chunks) })
    const status = statuses[requests.length - 1]
    if (status !== undefined) response.writeHead(status).end('<Error>personal</Error>')
  })
  const port = await listen(server)
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: stop }
}

test('an object arrives whole in the local S3', async () => {
  const objects = openObjects()
  createBuckets(objects, [{ BucketName: 'shelf' }])
  const server = await startQueues(objects)
  try {
    await putTo(server.address)(key, body, 2_000)
    const { body: stored } = objects.getObject('shelf', key)
    expect(gunzipSync(stored).toString()).toBe('{"line":1}\n')
    const nowhere = createObjectPut({ bucket: 'nowhere', region: 'ap-southeast-3', endpoint: server.address })
    await expect(nowhere(key, body, 2_000)).rejects.toThrow('S3 answered 404')
  } finally {
    await server.stop()
  }
})

describe('a request', () => {
  test.for([{}, { AWS_SESSION_TOKEN: 'token-of-the-role' }])(
    'is signed as S3 demands, with %o',
    async (session) => {
      await using server = await startServer([200])
      await putTo(server.url, session)(key, body, 2_000)
      const [request] = server.requests
      expect(request).toMatchObject({ method: 'PUT', path: `/shelf/${key}`, body })
      if (request === undefined) return
      const expected = authorizationOf(request, keys.AWS_ACCESS_KEY_ID, keys.AWS_SECRET_ACCESS_KEY)
      expect(request.headers.authorization).toBe(expected)
      expect(request.headers['x-amz-security-token']).toBe(session.AWS_SESSION_TOKEN)
    },
  )

  test('carries and signs the checksum without which a locked bucket refuses it', async () => {
    await using server = await startServer([200])
    await putTo(server.url)(key, body, 2_000)
    const headers = server.requests[0]?.headers
    expect(headers?.['x-amz-checksum-sha256']).toBe(hash('sha256', body, 'base64'))
    expect(headers?.['x-amz-content-sha256']).toBe(hash('sha256', body))
    expect(headers?.authorization).toMatch(
      /SignedHeaders=[a-z0-9;-]*\bx-amz-checksum-sha256;x-amz-content-sha256\b/,
    )
  })

  test('goes to the host of the bucket, over TLS, where no other address is given', () => {
    const target = { bucket: 'shelf', region: 'ap-southeast-3', endpoint: undefined }
    expect(objectAddress(target, key).href).toBe(`https://shelf.s3.ap-southeast-3.amazonaws.com/${key}`)
  })
})

describe('what S3 does not take', () => {
  test('is put once more after a fault of its own, and only once', async () => {
    await using healing = await startServer([503, 200])
    await putTo(healing.url)(key, body, 2_000)
    expect(healing.requests).toHaveLength(2)
    await using failing = await startServer([503, 500, 200])
    await expect(putTo(failing.url)(key, body, 2_000)).rejects.toThrow(/^S3 answered 500$/)
    expect(failing.requests).toHaveLength(2)
  })

  test('is not put again when it is refused, and the refusal says nothing but its status', async () => {
    await using server = await startServer([403, 200])
    await expect(putTo(server.url)(key, body, 2_000)).rejects.toThrow(/^S3 answered 403$/)
    expect(server.requests).toHaveLength(1)
  })

  test('is given up when the time is over', async () => {
    await using server = await startServer([])
    const began = performance.now()
    await expect(putTo(server.url)(key, body, 50)).rejects.toThrow(/aborted/)
    expect(performance.now() - began).toBeLessThan(1_500)
    await expect(putTo(server.url)(key, body, -5)).rejects.toThrow(/aborted/)
  })

  test('is an error where nobody listens, or there are no credentials', async () => {
    await expect(putTo('http://127.0.0.1:9')(key, body, 2_000)).rejects.toThrow()
    const put = putTo('http://127.0.0.1:9', { AWS_ACCESS_KEY_ID: '' })
    await expect(put(key, body, 2_000)).rejects.toThrow()
  })
})
