import * as z from 'zod'

/** RFC 9457, as `application/problem+json`. https://www.rfc-editor.org/rfc/rfc9457 */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
})

/** What cannot be done: what, where, and what to do about it. Its status says whose fault it is. */
export type Refused = { readonly problem: z.output<typeof problem> }

/** https://www.rfc-editor.org/rfc/rfc9110#section-15 */
const titles = {
  /** The request cannot be read. */
  400: 'Bad Request',
  /** The caller may not do this. */
  403: 'Forbidden',
  404: 'Not Found',
  /** It contradicts what has been decided or asked for before. */
  409: 'Conflict',
  /** The rules say no. */
  422: 'Unprocessable Content',
  /** Ours. */
  500: 'Internal Server Error',
} as const
export type ProblemStatus = keyof typeof titles

/** A problem that needs no further type: its status and its detail say everything. */
export const refuse = (status: ProblemStatus, detail: string): Refused => ({
  problem: { type: 'about:blank', title: titles[status], status, detail },
})

export const isRefused = (value: object): value is Refused => 'problem' in value

/** The same words whatever went wrong: an error's own text is for the log. */
export const oursToMend = refuse(
  500,
  'This is a failure of ours. Nothing is done by halves: send the same request with the same Idempotency-Key again.',
)

/** A payout of which nothing is known until its journal is whole. What was asked about others with it may be asked alone. */
export const damaged = (payout: string): Refused =>
  refuse(
    422,
    `The journal of ${payout} is damaged: nobody can tell what became of it, and nothing is done about it. See the article journal-tampered in infra/RUNBOOK.md. Name the other payouts one by one, or withdraw the proposal; once its journal is whole, give the same command again.`,
  )

type Issue = z.core.$ZodIssue

/** Alternatives are told apart as far as somebody has got: the one with the fewest complaints is what was meant. */
function flatten(issues: readonly Issue[], above: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path]
    const branches = issue.code === 'invalid_union' ? issue.errors : []
    const nearest = branches.toSorted((first, second) => first.length - second.length)[0]
    if (nearest && nearest.length > 0) return flatten(nearest, path)
    return [`${path.map(String).join('.') || 'the whole'}: ${issue.message}`]
  })
}

/** Which field is wrong and what was expected of it; never the value, which might be anything. */
export const complaintsOf = (part: 'path' | 'query' | 'body', error: z.ZodError): Refused =>
  refuse(400, `The ${part} cannot be read. ${flatten(error.issues).join('; ')}`)
