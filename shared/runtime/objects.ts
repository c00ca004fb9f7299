import { hash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { fromEnv } from '@aws-sdk/credential-provider-env'
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'

export type ObjectTarget = {
  readonly bucket: string
  readonly region: string
  /** Where S3 is, if not at AWS' own address. */
  readonly endpoint: string | undefined
}

/** A request without an answer may have been lost, and to put the same object twice does no harm. They share the time. */
const attempts = 2

/** The address of an object: of a server of our own its path, at AWS the bucket's own host.
 *  https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
export const objectAddress = ({ bucket, region, endpoint }: ObjectTarget, key: string): URL =>
  endpoint === undefined
    ? new URL(`https://${bucket}.s3.${region}.amazonaws.com/${key}`)
    : new URL(`/${bucket}/${key}`, endpoint)

/** Sends it all at once; the status of the answer, whose words nobody needs. */
function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'PUT', headers, signal })
    outgoing.on('error', reject)
    outgoing.once('response', (incoming) => {
      // What breaks off has ended, too; without a listener Node would throw.
      incoming.on('error', () => {})
      incoming.once('close', () => resolve(incoming.statusCode ?? 0))
      incoming.resume()
    })
    outgoing.end(body)
  })
}

/**
 * Puts gzipped objects into one bucket and does nothing else, for functions that S3's client would make a quarter larger:
 * signs with what every client brings along. Keys hold nothing that a URL would have to escape. Rejects when it is not
 * done after so many milliseconds, or S3 refuses, with a sentence that says neither key nor content.
 */
export function createObjectPut(
  target: ObjectTarget,
): (key: string, body: Uint8Array, withinMs: number) => Promise<void> {
  const signer = new SignatureV4({
    service: 's3',
    region: target.region,
    credentials: fromEnv(),
    sha256: Sha256,
    uriEscapePath: false,
  })

  async function putOnce(url: URL, body: Uint8Array, signal: AbortSignal): Promise<number> {
    const { protocol, hostname, port, pathname: path, host } = url
    // A bucket with a lock takes nothing without a checksum.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    const headers = {
      host,
      'content-type': 'application/gzip',
      'content-length': `${body.length}`,
      'x-amz-checksum-sha256': hash('sha256', body, 'base64'),
    }
    const signed = await signer.sign({
      method: 'PUT',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path,
      query: {},
      headers,
      body,
    })
    return send(url, signed.headers, body, signal)
  }

  return async (key, body, withinMs) => {
    const url = objectAddress(target, key)
    const eachMs = Math.max(0, Math.floor(withinMs / attempts))
    let failure: unknown
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        const status = await putOnce(url, body, AbortSignal.timeout(eachMs))
        if (status === 200) return
        failure = new Error(`S3 answered ${status}`)
        if (status < 500) break
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}
