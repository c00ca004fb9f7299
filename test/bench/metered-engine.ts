import { createServer, type IncomingMessage, request } from 'node:http'
import * as z from 'zod'
import { listen } from '../support/answering-server.ts'

/** What an engine has been asked for since it was started. */
export type Consumption = {
  readonly requests: number
  /** As the engine counts them: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html */
  readonly readUnits: number
  readonly writeUnits: number
}

const capacity = z.object({ CapacityUnits: z.number() })
const answered = z.object({ ConsumedCapacity: z.union([capacity, z.array(capacity)]).optional() })
const input = z.record(z.string(), z.unknown())

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A way to DynamoDB that has every answer say what it cost, and adds that up. */
export async function startMeteredEngine() {
  let engine: string | undefined
  const total = { requests: 0, readUnits: 0, writeUnits: 0 }

  function count(operation: string, answer: string): void {
    const { ConsumedCapacity = [] } = answered.parse(JSON.parse(answer))
    const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0)
    total.requests += 1
    if (/Get|Query|Scan/.test(operation)) total.readUnits += units
    else total.writeUnits += units
  }

  const server = createServer(async (incoming, response) => {
    if (engine === undefined) throw new Error('the engine is not known yet')
    const asked = input.parse(JSON.parse(await textOf(incoming)))
    const body = JSON.stringify({ ...asked, ReturnConsumedCapacity: 'TOTAL' })
    const headers = { ...incoming.headers, 'content-length': Buffer.byteLength(body) }
    const outgoing = request(engine, { method: 'POST', headers }, async (answer) => {
      const text = await textOf(answer)
      count(String(incoming.headers['x-amz-target']), text)
      response.writeHead(answer.statusCode ?? 502, answer.headers).end(text)
    })
    outgoing.on('error', () => response.destroy())
    outgoing.end(body)
  })
  return {
    endpoint: `http://127.0.0.1:${await listen(server)}`,
    /** To be called before the first request. */
    leadTo: (address: string) => {
      engine = address
    },
    consumption: (): Consumption => ({ ...total }),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
