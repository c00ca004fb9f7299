import type * as z from 'zod'
import { exchange } from '../../infra/command/http.ts'
import type { Request } from '../../infra/command/transport.ts'
import { callerHeaders } from '../../infra/local/api.ts'
import type { Programme } from '../../infra/local/programme.ts'
import type { Role } from '../../shared/api/roles.ts'
import type { Route } from '../../shared/api/route.ts'

/** `took` in milliseconds; `lost`: no answer, or another one than the route promises, as it came. */
type Asked<Answer> =
  | { readonly took: number; readonly answer: Answer; readonly bytes: number }
  | { readonly took: number; readonly lost: string }
type Person = { readonly role: Role; readonly name: string }

/** Asks the stand-in of the HTTP API as somebody in a role; what came back, and how long it took. */
export async function ask<Answer>(
  { stack }: Programme,
  route: Route & { readonly answer: z.ZodType<Answer> },
  person: Person,
  request: Request = {},
): Promise<Asked<Answer>> {
  const since = performance.now()
  const reply = await exchange(new URL(stack.api ?? ''), route, request, async ({ headers }) => ({
    ...headers,
    ...callerHeaders(person),
  }))
  const took = performance.now() - since
  if (!('status' in reply) || reply.status !== 200) return { took, lost: JSON.stringify(reply) }
  return { took, answer: route.answer.parse(reply.body), bytes: JSON.stringify(reply.body).length }
}

/** The same, where there has to be an answer. */
export async function answerTo<Answer>(...asked: Parameters<typeof ask<Answer>>) {
  const reply = await ask(...asked)
  if ('lost' in reply) throw new Error(`${asked[1].method} ${asked[1].path}: ${reply.lost}`)
  return reply
}
