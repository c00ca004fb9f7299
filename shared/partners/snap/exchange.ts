import { type Instant, jakartaTimestamp } from '../../domain/instant.ts'
import type { Evidence, UnknownCause } from '../../domain/outcome.ts'
import { parseJson } from '../../json.ts'
import type { Credentials, PartnerConfiguration } from '../configuration.ts'
import { type Meaning, meaningOf } from './codes.ts'
import type { HttpResult, Post } from './http.ts'
import { envelope, type Service } from './messages.ts'
import { signWithKey, signWithToken } from './signature.ts'
import { createTokenFetch, createTokens, type TokenGrant } from './token.ts'

/** What one business request came to, silence included. */
export type Answer = {
  readonly meaning: Meaning
  /** The answer's JSON object; empty when there is none. */
  readonly fields: unknown
  readonly evidence: Evidence
}

/** One business request: the body goes out byte for byte, signed, with an X-EXTERNAL-ID of its own. */
export type Exchange = (service: Service, body: string, now: Instant) => Promise<Answer>

/** A business request as it went out, and what came of it. Holds names and account numbers. */
export type Exchanged = {
  readonly at: Instant
  readonly service: Service
  readonly externalId: string
  /** The request's. */
  readonly body: string
  readonly answer: HttpResult
  /** From the request's beginning to the answer's end. */
  readonly milliseconds: number
}

export type ExchangeDependencies = {
  readonly configuration: PartnerConfiguration
  readonly credentials: Credentials
  /** A numeric text of at most 36 characters, new each time. */
  readonly externalId: () => string
  /** Told of every business request once it has ended. Must not throw: the answer would be lost. */
  readonly listen?: (exchanged: Exchanged) => void
  /** Carries the requests. */
  readonly post: Post
}

/** A token may take this part of what is left of the call's deadline; the rest is the business request's. */
const tokenShare = 0.5

/**
 * Signed requests to one partner, each ending within the call's deadline. A refused token is replaced once and
 * the request sent again: the partner has not looked at the first one.
 */
export function createExchange({
  configuration,
  credentials,
  externalId,
  listen = () => {},
  post,
}: ExchangeDependencies): Exchange {
  const { signatureEncoding: encoding, callDeadlineSeconds } = configuration
  const { privateKey } = credentials
  const tokens = createTokens(
    createTokenFetch({
      post,
      path: configuration.tokenPath,
      clientKey: credentials.clientKey,
      privateKey,
      encoding,
    }),
  )

  async function send(
    service: Service,
    body: string,
    now: Instant,
    waitMs: number,
    token?: string,
  ): Promise<Answer> {
    const path = `${configuration.pathPrefix}${service.path}`
    const timestamp = jakartaTimestamp(now)
    const request = { path, body, timestamp }
    const id = externalId()
    const headers = {
      'X-TIMESTAMP': timestamp,
      'X-PARTNER-ID': credentials.partnerId,
      'X-EXTERNAL-ID': id,
      'CHANNEL-ID': credentials.channelId,
      ...(token === undefined
        ? { 'X-SIGNATURE': signWithKey(request, privateKey, encoding) }
        : {
            Authorization: `Bearer ${token}`,
            'X-SIGNATURE': signWithToken(request, token, credentials.clientSecret, encoding),
          }),
    }
    const began = performance.now()
    const answer = await post(path, headers, body, waitMs)
    const milliseconds = Math.round(performance.now() - began)
    listen({ at: now, service, externalId: id, body, answer, milliseconds })
    return readAnswer(answer, service, configuration, id)
  }

  return async (service, body, now) => {
    const waitMs = callDeadlineSeconds * 1000
    if (configuration.signature === 'rsa-without-token') return send(service, body, now, waitMs)
    const end = performance.now() + waitMs
    const left = () => end - performance.now()
    const first = await tokens.current(now, waitMs * tokenShare)
    if (!first.granted) return withoutToken(first)
    const answer = await send(service, body, now, left(), first.token)
    if (!asksForToken(answer)) return answer
    const second = await tokens.renew(first.token, now, left() * tokenShare)
    return second.granted ? send(service, body, now, left(), second.token) : withoutToken(second)
  }
}

/** Invalid Token, Token Not Found: a fresh one may be all it takes. */
const asksForToken = ({ meaning, evidence }: Answer): boolean =>
  meaning.means === 'deferred' && /^401\d\d0[13]$/.test(evidence.code ?? '')

const withoutToken = ({ reason }: TokenGrant & { granted: false }): Answer => ({
  meaning: { means: 'deferred', reason },
  fields: {},
  evidence: {},
})

/**
 * Reads as much of an answer as every service's has. A response code must repeat the HTTP status and the
 * service asked, or the answer is somebody else's.
 */
export function readAnswer(
  answer: HttpResult,
  service: Service,
  configuration: Pick<PartnerConfiguration, 'kind' | 'codes'>,
  externalId: string,
): Answer {
  const unknown = (cause: UnknownCause, evidence: Evidence): Answer => ({
    meaning: { means: 'unknown', cause },
    fields: {},
    evidence,
  })
  if (answer.result === 'not-connected')
    return { meaning: { means: 'deferred', reason: 'not-connected' }, fields: {}, evidence: {} }
  if (answer.result !== 'answered') return unknown(answer.result, { externalId })

  const { status: http } = answer
  const fields = parseJson(answer.body)
  const parsed = envelope.safeParse(fields)
  if (!parsed.success)
    return unknown(http >= 500 ? 'server-error' : 'unreadable-answer', { http, externalId })

  const { responseCode: code, responseMessage: message, additionalInfo } = parsed.data
  const evidence = { code, http, externalId }
  if (code.slice(0, 3) !== String(http) || code.slice(3, 5) !== service.code)
    return unknown('answer-mismatch', evidence)
  return {
    meaning: meaningOf({ code, message, detail: additionalInfo?.resultMsg }, configuration),
    fields,
    evidence,
  }
}
