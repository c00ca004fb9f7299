import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { Server } from 'node:net'

/** A request as it arrived. */
export type Received = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type ScriptedAnswer =
  /** An answer; a body that is neither text nor bytes is written as JSON. */
  | { readonly status: number; readonly body: unknown }
  /** Ways of not answering: the socket closed at once; in the middle of the answer; no word at all; no HTTP. */
  | 'reset'
  | 'truncate'
  | 'silence'
  | 'gibberish'

export type AnsweringServer = {
  readonly url: string
  readonly port: number
  readonly requests: readonly Received[]
  close(): Promise<void>
}

/** Starts a server on a free local port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

/** A server on a free port that answers by a function and remembers what it was asked. */
export async function startAnsweringServer(
  answer: (request: Received) => ScriptedAnswer,
): Promise<AnsweringServer> {
  const requests: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const received = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    requests.push(received)
    give(answer(received), response)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function give(answer: ScriptedAnswer, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'reset') return void response.socket?.resetAndDestroy()
  if (answer === 'gibberish') return void response.socket?.end('SMTP ready\r\n\r\n')
  if (answer === 'truncate') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 })
    response.write('{"responseCode":"20038', () => response.socket?.destroy())
    return
  }
  const { status, body } = answer
  const isWritten = typeof body === 'string' || body instanceof Uint8Array
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(isWritten ? body : JSON.stringify(body))
}
