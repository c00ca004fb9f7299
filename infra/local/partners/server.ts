import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { send } from './answers.ts'
import type { Service } from './services.ts'

export type PartnerServer = {
  readonly baseUrl: string
  /** Requests that have arrived and are not answered. */
  openAnswers(): number
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>
}

const bodyBytesMax = 65_536
/** For a request that reaches no service. */
const noService = '00'

/** Serves on a free port of 127.0.0.1; `now` is in epoch milliseconds. */
export async function startServer(options: {
  readonly services: readonly Service[]
  readonly now: () => number
}): Promise<PartnerServer> {
  const { now } = options
  const services = new Map(options.services.map((service) => [service.path, service]))
  let open = 0

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (body === undefined) return
    const { method = '', url: path = '', headers } = request
    const service = services.get(path.split('?', 1)[0] ?? '')
    if (service === undefined) return send(response, noService, { case: '40400' }, now())
    if (method !== 'POST') return send(response, service.code, { case: '40500' }, now())
    const reply = await service.handle({ method, path, headers, body })
    send(response, service.code, reply, now())
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
