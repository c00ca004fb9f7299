import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { WireReply } from './answers.ts'
import type { AnswerWire } from './routing.ts'

export type PartnerServer = {
  readonly baseUrl: string
  /** Requests that have arrived and are not answered. */
  openAnswers(): number
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>
}

const bodyBytesMax = 65_536
/** No client of ours waits this long (10 s is the longest deadline), so a held one has given up by then. */
const heldMs = 15_000

/** Serves on a free port of 127.0.0.1. */
export async function startServer(answer: AnswerWire): Promise<PartnerServer> {
  let open = 0

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (body === undefined) return
    const { method = '', url: path = '', headers } = request
    send(response, await answer({ method, path, headers, body }))
  }

  const server = createServer((request, response) => {
    open += 1
    response.once('close', () => {
      open -= 1
    })
    void respond(request, response)
  })
  // An idle connection cut by real time would be a fault that nobody asked for.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    openAnswers: () => open,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** `lost` cuts the connection; `held` leaves it open for longer than a client waits. */
function send(response: ServerResponse, reply: WireReply): void {
  if (reply === 'lost') {
    response.destroy()
    return
  }
  if (reply === 'held') {
    const timer = setTimeout(() => response.destroy(), heldMs)
    response.once('close', () => clearTimeout(timer))
    return
  }
  response.writeHead(reply.status, reply.headers)
  response.end(reply.body)
}

/** `undefined` when the client goes away, or sends more than any SNAP request needs and is cut off. */
function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bodyBytesMax) request.destroy()
      else chunks.push(chunk)
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', () => resolve(undefined))
    request.once('close', () => resolve(undefined))
  })
}
