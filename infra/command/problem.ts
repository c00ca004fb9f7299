import { problem } from '../../shared/api/problem.ts'
import type { Route } from '../../shared/api/route.ts'

/** Refusals, in a sentence with what to do. */

/** What to do where the system itself was not reached, so that it has said nothing. */
const advice: Readonly<Record<number, (route: Route) => string>> = {
  401: () => 'sign in again',
  403: ({ role }) => `it takes the role ${role}; --profile chooses the session, and on this machine --role`,
  404: () => 'see whether this is the address of the API',
  429: () => 'there were too many requests: try again in a moment',
}

/** What an answer with an error status says. */
export function describeProblem(route: Route, status: number, body: unknown): string {
  const read = problem.safeParse(body)
  if (read.success) return read.data.detail
  const what = advice[status]?.(route) ?? 'try again, and if that stays so look at its logs'
  return `The API answered ${status} without a reason: ${what}`
}
