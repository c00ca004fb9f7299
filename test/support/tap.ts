import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type Server } from 'node:http'
import * as z from 'zod'
import { listen } from './answering-server.ts'

/** A function's request to DynamoDB on its way: `PutItem`, and its input in DynamoDB's JSON. */
export type Passing = { readonly operation: string; readonly input: unknown }

export type Interruption = {
  /** The first request that this holds for is the one. */
  readonly at: (passing: Passing) => boolean
  /** Before the engine sees it, or when it was applied and its answer is still here. */
  readonly moment: 'before' | 'after'
  readonly act: () => unknown
}

/** A proxy between the functions and the engine, where a test can do something at the worst moment. */
export type Tap = {
  readonly endpoint: string
  /** The engine that it leads to; to be called before the first request. */
  leadTo(engine: string): void
  /**
   * Waits for one request. If its sender has died of `act`, a request that was stopped before the engine never gets
   * there. Resolves once `act` has been done.
   */
  interrupt(interruption: Interruption): Promise<void>
  stop(): Promise<void>
}

type Waiting = Interruption & { readonly done: (acted: Promise<unknown>) => void }

export async function startTap(): Promise<Tap> {
  let engine: string | undefined
  let waiting: Waiting[] = []

  /** Takes off whoever has waited for this request at this moment, and acts. */
  async function reach(passing: Passing, moment: Interruption['moment']): Promise<void> {
    const due = waiting.filter((one) => one.moment === moment && one.at(passing))
    waiting = waiting.filter((one) => !due.includes(one))
    for (const { act, done } of due) {
      const acted = Promise.resolve(act())
      done(acted)
      await acted
    }
  }

  const server = createServer(async (incoming, response) => {
    if (engine === undefined) return void response.destroy()
    const body = await bodyOf(incoming)
    const passing = passingOf(incoming, body)
    await reach(passing, 'before')
    if (response.destroyed) return
    const answer = await forward(engine, incoming, body)
    await reach(passing, 'after')
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  return {
    endpoint: `http://127.0.0.1:${await listen(server)}`,
    leadTo: (address) => {
      engine = address
    },
    interrupt: (interruption) =>
      new Promise((resolve, reject) => {
        const done = (acted: Promise<unknown>) => void acted.then(() => resolve(), reject)
        waiting.push({ ...interruption, done })
      }),
    stop: () => close(server),
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const target = z.string().transform((text) => text.slice(text.indexOf('.') + 1))

const passingOf = ({ headers }: IncomingMessage, body: Buffer): Passing => ({
  operation: target.parse(headers['x-amz-target']),
  input: JSON.parse(body.toString()),
})

type Answer = { readonly status: number; readonly headers: OutgoingHttpHeaders; readonly body: Buffer }

function forward(engine: string, { method, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(engine, { method, headers }, (answer) => {
      const whole = (text: Buffer) =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: text })
      bodyOf(answer).then(whole, reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const putSchema = z.object({
  Item: z.object({
    pk: z.object({ S: z.string() }),
    sk: z.object({ S: z.string() }),
    event: z.object({ M: z.object({ type: z.object({ S: z.string() }) }) }).optional(),
  }),
})

/** The item that a request puts, if it puts one: whose, its sort key, and the type of an entry. */
export function putOf({ operation, input }: Passing): { pk: string; sk: string; event?: string } | undefined {
  const item = operation === 'PutItem' ? putSchema.safeParse(input).data?.Item : undefined
  if (!item) return undefined
  return { pk: item.pk.S, sk: item.sk.S, ...(item.event && { event: item.event.M.type.S }) }
}
