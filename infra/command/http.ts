import { buildQueryString } from '@smithy/core/protocols'
import type { Route } from '../../shared/api/route.ts'
import { instant } from '../../shared/domain/instant.ts'
import { pathOf, type Reply, type Request } from './transport.ts'

/** One exchange with the API over HTTP. */

/** What is about to be sent, before anybody has vouched for it. */
export type Unsigned = {
  readonly method: Route['method']
  readonly url: URL
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
/** Adds the headers that say who is asking. */
export type Sign = (request: Unsigned) => Promise<Readonly<Record<string, string>>>

/** API Gateway waits 30 s for its function (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const deadlineMs = 35_000

function unsigned(base: URL, route: Route, request: Request): Unsigned {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}${pathOf(route, request)}`
  const { query = {}, body, key } = request
  // Written as a signature demands it, with %20 for a space and %27 for an apostrophe.
  url.search = buildQueryString({ ...query })
  return {
    method: route.method,
    url,
    query,
    headers: {
      host: url.host,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function attempt(request: Unsigned, sign: Sign): Promise<Reply> {
  const { method, url, body } = request
  const answer = await fetch(url, {
    method,
    headers: await sign(request),
    redirect: 'error',
    signal: AbortSignal.timeout(deadlineMs),
    ...(body !== undefined && { body }),
  })
  const date = Date.parse(answer.headers.get('date') ?? '')
  const at = instant(Number.isNaN(date) ? Date.now() : date)
  return { status: answer.status, body: parse(await answer.text()), at }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}

/**
 * Sends one request, and once more, under the same key and newly signed, when the connection fails or breaks: whatever
 * the first has done is not done again.
 */
export async function exchange(base: URL, route: Route, request: Request, sign: Sign): Promise<Reply> {
  const whole = unsigned(base, route, request)
  let cause = ''
  for (let tries = 0; tries < 2; tries++) {
    try {
      return await attempt(whole, sign)
    } catch (error) {
      cause = causeOf(error)
    }
  }
  return { lost: `No answer from ${base.host}, tried twice (${cause})` }
}
