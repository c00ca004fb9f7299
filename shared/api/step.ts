import * as z from 'zod'
import type { Instant } from '../domain/instant.ts'
import { complaintsOf, type Refused } from './problem.ts'
import type { Person } from './roles.ts'

/** A request's parts before they are read. */
export type Parts = { readonly parameters: unknown; readonly query: unknown; readonly body: unknown }

/** When a request is answered, and whether there is time for another portion of its work. */
export type Look = { readonly now: Instant; readonly timeLeft: () => boolean }

/** Who commands what is carried out, when, and under which key of their own. */
export type Command = Look & {
  readonly person: Person
  readonly key: string
  /** Unique to the invocation. */
  readonly invocation: string
  /** The same command was taken in before, and nobody knows how far it came. */
  readonly again: boolean
  /** When it was taken in first. */
  readonly asked: Instant
}

/** Reads the parts; gives what is left to do. */
type Prepare<Context> = (parts: Parts) => Refused | ((context: Context) => Promise<object>)

/** What a route does: it reads, or it carries a command out. Both come to the route's answer or to a problem. */
export type Step = { readonly reads: Prepare<Look> } | { readonly writes: Prepare<Command> }

/** Stands in for the parts that a route does not take. */
export const plain = { parameters: z.object({}), query: z.strictObject({}), body: z.unknown() }

type Taken<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> = {
  readonly parameters: P
  readonly query: Q
  readonly body: B
  readonly answer: A
}
type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  readonly parameters: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
}
type Take<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType, Context> = (
  input: Input<P, Q, B>,
  context: Context,
) => Promise<(z.input<A> & object) | Refused>

function prepared<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
  Context,
>(route: Taken<P, Q, B, A>, take: Take<P, Q, B, A, Context>): Prepare<Context> {
  return (parts) => {
    const parameters = route.parameters.safeParse(parts.parameters)
    if (!parameters.success) return complaintsOf('path', parameters.error)
    const query = route.query.safeParse(parts.query)
    if (!query.success) return complaintsOf('query', query.error)
    const body = route.body.safeParse(parts.body)
    if (!body.success) return complaintsOf('body', body.error)
    const input = { parameters: parameters.data, query: query.data, body: body.data }
    return (context) => take(input, context)
  }
}

/** The step of a route that only looks. */
export const reads = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Taken<P, Q, B, A>,
  take: Take<P, Q, B, A, Look>,
): Step => ({ reads: prepared(route, take) })

/** The step of a route that changes something. */
export const writes = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Taken<P, Q, B, A>,
  take: Take<P, Q, B, A, Command>,
): Step => ({ writes: prepared(route, take) })
