import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { urlToHttpOptions } from 'node:url'

/** What one POST came to. Only `not-connected` proves that the partner saw nothing of it. */
export type HttpResult =
  | { readonly result: 'answered'; readonly status: number; readonly body: string }
  /** No connection was opened, so not one byte of the request was written. */
  | { readonly result: 'not-connected' }
  /** The request may have arrived; its answer did not, or not whole. */
  | { readonly result: 'timeout' | 'connection-lost' | 'unreadable-answer' }

/** One POST of a JSON body, never repeated; ends after `waitMs` at the latest. Never throws. */
export type Post = (
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  waitMs: number,
) => Promise<HttpResult>

/** SNAP's answers take some hundred bytes, but for the pages of a bank statement, of which it leaves the size open. */
const answerBytesMax = 1024 ** 2

/**
 * POSTs to one server, e.g. `https://api.partner.example`. Every request opens its own connection: a kept one may
 * have died while a function was frozen, and a POST on a dead socket is an unknown outcome. TLS is 1.3, as the standard
 * demands (https://apidevportal.bi.go.id/snap/api-services/keamanan); sessions are resumed.
 */
export function createPost(endpoint: string): Post {
  const url = new URL(endpoint)
  const secure = url.protocol === 'https:'
  const { hostname, port } = urlToHttpOptions(url)
  const agent = secure
    ? new HttpsAgent({ keepAlive: false, minVersion: 'TLSv1.3' })
    : new HttpAgent({ keepAlive: false })
  const request = secure ? httpsRequest : httpRequest
  const opened = secure ? 'secureConnect' : 'connect'

  return async (path, headers, body, waitMs) => {
    if (waitMs <= 0) return { result: 'not-connected' }
    const length = Buffer.byteLength(body)
    const outgoing = request({
      method: 'POST',
      hostname,
      port,
      path,
      agent,
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': length },
    })
    return settled(outgoing, opened, body, waitMs)
  }
}

/** Writes the request once its connection is open, and not before: then an unopened one has certainly sent nothing. */
function settled(
  outgoing: ClientRequest,
  opened: 'connect' | 'secureConnect',
  body: string,
  waitMs: number,
): Promise<HttpResult> {
  return new Promise((resolve) => {
    let written = false
    let broken: 'connection-lost' | 'timeout' | 'unreadable-answer' = 'connection-lost'
    const breakOff = (cause: typeof broken) => {
      broken = cause
      outgoing.destroy()
    }
    const timer = setTimeout(breakOff, waitMs, 'timeout')
    outgoing.once('socket', (socket) =>
      socket.once(opened, () => {
        written = true
        outgoing.end(body)
      }),
    )
    outgoing.once('response', (incoming) => {
      const whole = (text: string) =>
        resolve({ result: 'answered', status: incoming.statusCode ?? 0, body: text })
      readAnswer(incoming, whole, () => breakOff('unreadable-answer'))
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('HPE_')) broken = 'unreadable-answer'
    })
    outgoing.once('close', () => {
      clearTimeout(timer)
      resolve({ result: written ? broken : 'not-connected' })
    })
  })
}

function readAnswer(incoming: IncomingMessage, whole: (text: string) => void, tooLong: () => void): void {
  const chunks: Buffer[] = []
  let length = 0
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > answerBytesMax) tooLong()
    else chunks.push(chunk)
  })
  incoming.once('end', () => {
    if (incoming.complete && length <= answerBytesMax) whole(Buffer.concat(chunks).toString())
  })
  // The request's own `close` says what a broken answer comes to; without a listener Node would throw.
  incoming.on('error', () => {})
}
