import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import * as z from 'zod'
import type { PayoutEvent } from '../../shared/domain/entry.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { listen } from './answering-server.ts'

/** A function's request to DynamoDB on its way: `PutItem`, and its input in DynamoDB's JSON. */
export type Passing = { readonly operation: string; readonly input: unknown }

export type Interruption = {
  /** The first request that this holds for is the one. */
  readonly at: (passing: Passing) => boolean
  /** Before the engine sees it; instead, so that it never does; or when it was applied and its answer is still here. */
  readonly moment: 'before' | 'instead' | 'after'
  readonly act: () => unknown
}

export type Interrupted = {
  /** Whether the request has come, and `act` has been done. */
  reached(): boolean
  /** Settles as `act` does. */
  readonly done: Promise<void>
}

/** A proxy between the functions and the engine, where a test can do something at the worst moment. */
export type Tap = {
  readonly endpoint: string
  /** The engine that it leads to; to be called before the first request. */
  leadTo(engine: string): void
  /** Waits for one request. */
  interrupt(interruption: Interruption): Interrupted
  stop(): Promise<void>
}

type Waiting = Interruption & { readonly finish: () => void; readonly fail: (error: unknown) => void }

export async function startTap(): Promise<Tap> {
  let engine: string | undefined
  let waiting: Waiting[] = []

  /** Does what was to be done at this moment of this request, and says whether there was anything. */
  async function interrupted(passing: Passing, moment: Interruption['moment']): Promise<boolean> {
    const due = waiting.filter((one) => one.moment === moment && one.at(passing))
    waiting = waiting.filter((one) => !due.includes(one))
    for (const { act, finish, fail } of due) await Promise.resolve().then(act).then(finish, fail)
    return due.length > 0
  }

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (engine === undefined) throw new Error('the tap leads nowhere yet')
    const body = await bodyOf(incoming)
    const passing = passingOf(incoming, body)
    await interrupted(passing, 'before')
    if (await interrupted(passing, 'instead')) return void response.destroy()
    const answer = await forward(engine, incoming, body)
    await interrupted(passing, 'after')
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy())
  })
  return {
    endpoint: `http://127.0.0.1:${await listen(server)}`,
    leadTo: (address) => {
      engine = address
    },
    interrupt(interruption) {
      const { promise: done, resolve, reject: fail } = Promise.withResolvers<void>()
      let reached = false
      const finish = () => {
        reached = true
        resolve()
      }
      waiting.push({ ...interruption, finish, fail })
      return { done, reached: () => reached }
    },
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

const textSchema = z.object({ S: z.string() })
const putSchema = z.object({
  Item: z.object({
    pk: textSchema,
    sk: textSchema,
    state: textSchema.optional(),
    event: z.object({ M: z.object({ type: textSchema }) }).optional(),
  }),
})

/** What a request puts, if it puts one item: its key, a row's state, an entry's type. */
export function putOf({ operation, input }: Passing) {
  const item = operation === 'PutItem' ? putSchema.safeParse(input).data?.Item : undefined
  return item && { pk: item.pk.S, sk: item.sk.S, state: item.state?.S, event: item.event?.M.type.S }
}

type Owner = { readonly id: string }

/** The put of an entry of that type about a person. */
export const entry =
  ({ id }: Owner, type: PayoutEvent['type']): Interruption['at'] =>
  (passing) => {
    const put = putOf(passing)
    return put?.pk === id && put.event === type
  }

/** The put of a person's row with that state. */
export const row =
  ({ id }: Owner, state: StateName): Interruption['at'] =>
  (passing) => {
    const put = putOf(passing)
    return put?.pk === id && put.state === state
  }
