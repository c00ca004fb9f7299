import * as z from 'zod'
import { parseJson } from '../json.ts'
import { BrokenChain, sha256Of } from '../ledger/chain.ts'
import { log } from '../runtime/log.ts'
import { damaged, isRefused, refuse } from './problem.ts'
import { type ApiRequest, idempotencyKey } from './request.ts'
import type { Requests } from './requests.ts'
import { type Caller, permits } from './roles.ts'
import type { Routes } from './route.ts'
import { matchRoute } from './router.ts'
import type { Command, Look, Parts, Step } from './step.ts'

export type ServeDependencies = {
  readonly routes: Routes
  /** One for every route. */
  readonly steps: Readonly<Record<string, Step>>
  /** For an API that takes commands. */
  readonly register?: Requests
}
/** What one invocation knows of itself. */
export type Invocation = Look & { readonly invocation: string }
/** `route` is absent where there is none. */
export type Served = { readonly route?: string; readonly status: number; readonly body: object }

const keptAnswer = z.object({ status: z.number(), body: z.looseObject({}) })

/** Whoever sends a longer body than any command needs is not heard to the end. */
const bodyBytesMax = 1_000_000

const toServed = (route: string, answer: object): Served =>
  isRefused(answer)
    ? { route, status: answer.problem.status, body: answer.problem }
    : { route, status: 200, body: answer }

function bodyOf({ body = '', isBase64Encoded }: ApiRequest): unknown {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
  return text.length > bodyBytesMax ? undefined : parseJson(text)
}

const notPermitted = ({ name, role }: Caller, needed: string) =>
  refuse(
    403,
    name === undefined
      ? `This takes the role ${needed}. Whoever calls without a session of one of this stage's roles may only look.`
      : `This takes the role ${needed}, and this session has the role ${role}. Assume the other role.`,
  )

/**
 * Answers one request. In the order in which refusals win: no such route, not permitted, unreadable, without a key or
 * under a key that stands for another request, and whatever the step itself refuses. A command that was answered
 * before is not carried out again; one that was cut off is, and finds what it has done. One that has met a damaged
 * journal counts as cut off: it may be given again once that is whole.
 */
export async function serve(
  deps: ServeDependencies,
  caller: Caller,
  request: ApiRequest,
  invocation: Invocation,
): Promise<Served> {
  const { rawPath, headers, queryStringParameters: query = {} } = request
  const { method } = request.requestContext.http
  const match = matchRoute(deps.routes, method, rawPath)
  const step = match && deps.steps[match.name]
  if (!step) return { status: 404, body: refuse(404, `There is no route ${method} on this path.`).problem }
  const { name } = match
  const { role } = match.route
  if (!permits(caller, role)) return toServed(name, notPermitted(caller, role))
  const parts = { parameters: match.parameters, query, body: bodyOf(request) }
  try {
    if ('writes' in step) {
      const key = headers['idempotency-key']
      return await command(deps, { name, step, parts, caller, key, invocation })
    }
    const prepared = step.reads(parts)
    return toServed(name, isRefused(prepared) ? prepared : await prepared(invocation))
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error
    log.error('a damaged journal', error)
    return toServed(name, damaged(error.payout))
  }
}

type Commanded = {
  readonly name: string
  readonly step: Extract<Step, { writes: unknown }>
  readonly parts: Parts
  readonly caller: Caller
  readonly key: string | undefined
  readonly invocation: Invocation
}

/** Takes a command in, carries it out and keeps its answer, so that the same command again gets the same answer. */
async function command(
  { register }: ServeDependencies,
  { name, step, parts, caller, key, invocation }: Commanded,
): Promise<Served> {
  if (!register) throw new Error(`${name} takes commands, and nothing keeps them`)
  const prepared = step.writes(parts)
  if (isRefused(prepared)) return toServed(name, prepared)
  const known = idempotencyKey.safeParse(key)
  if (!known.success) {
    return toServed(
      name,
      refuse(400, 'The header Idempotency-Key is missing, or not 8 to 64 of A-Z, a-z, 0-9 and hyphen.'),
    )
  }
  const person = { role: caller.role, name: z.string().parse(caller.name) }
  const bodyHash = sha256Of({ name, ...parts })
  const accepted = await register.accept({
    person: person.name,
    key: known.data,
    bodyHash,
    at: invocation.now,
  })
  if (accepted === 'other-body') {
    return toServed(
      name,
      refuse(409, 'This Idempotency-Key stands for another request of yours. Take a new one.'),
    )
  }
  if (accepted !== 'new' && accepted.answer !== undefined) {
    return { route: name, ...keptAnswer.parse(parseJson(accepted.answer)) }
  }
  const again = accepted !== 'new'
  const asked = again ? accepted.at : invocation.now
  const context: Command = { ...invocation, person, key: known.data, again, asked }
  const served = toServed(name, await prepared(context))
  const { status, body } = served
  await register.answer(person.name, known.data, JSON.stringify({ status, body }))
  return served
}
