import type { Route } from '../../shared/api/route.ts'
import type { Instant } from '../../shared/domain/instant.ts'

/** One request to the operations API; all of it has been read by the route's schemas. */
export type Request = {
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The `Idempotency-Key` of a POST. */
  readonly key?: string
}

export type Reply =
  | {
      readonly status: number
      /** JSON, or the text of what is none. */
      readonly body: unknown
      /** The time over there: ages are counted from it. */
      readonly at: Instant
    }
  /** Nothing was sent, and why, in one sentence. */
  | { readonly unsent: string }
  /** No answer, and why. Whether the request has arrived is not known. */
  | { readonly lost: string }

/** The way to the API. */
export type Transport = {
  /** Whether jobs only go on while the command runs. */
  readonly whileOpen: boolean
  /** Whose data this is, for people; absent where their command names the API. */
  readonly where?: string
  send(route: Route, request: Request): Promise<Reply>
  /** Puts a file on this machine where partners put their statements, under this key. Absent where only partners may. */
  deliver?(key: string, path: string): Promise<'delivered' | { readonly unsent: string }>
  /** Lets a moment pass, so that a job can go on. */
  pass(): Promise<void>
  /** Leaves nothing running and nothing open. */
  close(): Promise<void>
}

/** The route's path with its parameters in their places, and the query behind it. */
export function pathOf({ path }: Pick<Route, 'path'>, { parameters = {} }: Request): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''))
}
