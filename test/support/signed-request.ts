import { createHmac, hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/**
 * The Authorization header that a request to S3 must have, computed from the request as it arrived and the rules alone;
 * shares no code with what signs. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function authorizationOf(
  { method, path, headers, body }: SignedRequest,
  accessKey: string,
  secretKey: string,
) {
  const names = /SignedHeaders=([a-z0-9;-]+)/.exec(headers.authorization ?? '')?.[1] ?? ''
  const time = `${headers['x-amz-date']}`
  const scope = `${time.slice(0, 8)}/ap-southeast-3/s3/aws4_request`
  const canonical = names.split(';').map((name) => `${name}:${headers[name]}\n`)
  const request = [method, path, '', canonical.join(''), names, hash('sha256', body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, scope, hash('sha256', request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretKey}`)
  const signature = hmac(key, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`
}
