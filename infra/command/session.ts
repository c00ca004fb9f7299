import type { Route } from '../../shared/api/route.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { spreadsheetOf } from './csv.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import type { Paint } from './paint.ts'
import { describeProblem } from './problem.ts'
import type { Request, Transport } from './transport.ts'
import { isStopped, type Plan, printable, type Session, type Stopped, type View } from './verb.ts'

/** Where a command says what it has to say. */
export type Voice = {
  /** The answer. */
  out(text: string): void
  /** Everything else, a line at a time. */
  err(line: string): void
  /** How far it has come; nothing where nobody watches. */
  progress(text: string): void
  readonly paint: Paint
  /** The answer as JSON. */
  readonly json: boolean
}

type Answered = { readonly body: unknown; readonly at: Instant }

/** Sends one request; what is no answer of success has been said when it returns. */
async function exchange(
  { transport, voice }: Surroundings,
  route: Route,
  request: Request,
): Promise<Answered | Stopped> {
  const reply = await transport.send(route, request)
  const { key } = request
  if ('unsent' in reply) voice.err(reply.unsent)
  else if ('lost' in reply) {
    voice.err(reply.lost)
    if (key !== undefined) voice.err(`Whether it was carried out is not known; ${findOut(key)}`)
  } else {
    const { status, body, at } = reply
    if (status >= 200 && status < 300) return { body, at }
    if (voice.json) voice.out(JSON.stringify(body))
    voice.err(describeProblem(route, status, printable(body)))
    if (key !== undefined && status >= 500) voice.err(`To go on with it: ${findOut(key)}`)
  }
  return { stopped: exitCodes.refused }
}

/** A repetition under the same key is answered as the first was, or goes on where that was left. */
const findOut = (key: string): string => `give the same command with --key ${key}, and nothing is done twice`

function strange(voice: Voice, { method, path }: Route): Stopped {
  const advice = 'is its address right, and is it as new as this command line?'
  voice.err(`What the API answered to ${method} ${path} is not what it promises: ${advice}`)
  return { stopped: exitCodes.refused }
}

type Surroundings = { readonly transport: Transport; readonly voice: Voice }

const onlyPartners = {
  unsent: 'Nothing was handed in: on AWS only partners put statements into their bucket',
}

/** What a plan may do while it completes its answer. */
const createSession = (surroundings: Surroundings, stays: boolean): Session => ({
  stays: stays || surroundings.transport.whileOpen,
  pass: surroundings.transport.pass,
  async deliver(key, path) {
    const { transport } = surroundings
    const delivered = transport.deliver ? await transport.deliver(key, path) : onlyPartners
    if (delivered === 'delivered') return undefined
    surroundings.voice.err(delivered.unsent)
    return { stopped: exitCodes.refused }
  },
  progress: surroundings.voice.progress,
  print: surroundings.voice.out,
  say: surroundings.voice.err,
  async ask(route, request) {
    const reply = await exchange(surroundings, route, request)
    if (isStopped(reply)) return reply
    const read = route.answer.safeParse(reply.body)
    return read.success ? read.data : strange(surroundings.voice, route)
  },
})

/** How a request is sent, and how its answer is wanted. */
export type Sending = Pick<View, 'command'> & {
  readonly key: string
  readonly stays: boolean
  readonly csv: boolean
}

/**
 * Sends what a verb has planned and prints what comes of it, or why nothing does. `key`: the Idempotency-Key, should it
 * be a POST. `stays`: until what was started is done.
 */
export async function carryOut(
  plan: Plan,
  surroundings: Surroundings,
  { key, stays, csv: asCsv, command }: Sending,
): Promise<ExitCode> {
  const { voice } = surroundings
  const { route } = plan
  const reply = await exchange(
    surroundings,
    route,
    route.method === 'POST' ? { ...plan.request, key } : plan.request,
  )
  if (isStopped(reply)) return reply.stopped
  const finished = await plan.finish(reply.body, createSession(surroundings, stays))
  if (finished === undefined) return strange(voice, route).stopped
  if (isStopped(finished)) return finished.stopped
  const {
    lines,
    csv = [],
    hints = [],
    code = exitCodes.done,
  } = finished.show({ now: reply.at, paint: voice.paint, command })
  if (voice.json) voice.out(JSON.stringify(finished.json))
  else if (asCsv) voice.out(spreadsheetOf(csv))
  else if (lines.length > 0) voice.out(lines.join('\n'))
  for (const hint of hints) voice.err(hint)
  return code
}
