import type { KeyObject } from 'node:crypto'
import * as z from 'zod'
import { type Instant, jakartaTimestamp, plusSeconds } from '../../domain/instant.ts'
import type { DeferralReason } from '../../domain/outcome.ts'
import { parseJson } from '../../json.ts'
import type { HttpResult, Post } from './http.ts'
import { type SignatureEncoding, signTokenRequest } from './signature.ts'

/**
 * Access tokens, service 73 (https://apidevportal.bi.go.id/snap/api-services/keamanan). Nothing is paid
 * without one, so a token that is not to be had is a deferral, never an unknown outcome.
 */
export type TokenGrant =
  | { readonly granted: true; readonly token: string; readonly renewFrom: Instant }
  | { readonly granted: false; readonly reason: DeferralReason }

export type Tokens = {
  /** The token in use; a new one from a minute before the old one expires. */
  current(now: Instant, waitMs: number): Promise<TokenGrant>
  /** A token other than `stale`, which the partner refused; fetched unless somebody has already done so. */
  renew(stale: string, now: Instant, waitMs: number): Promise<TokenGrant>
}

/** Keeps one token; callers who need a new one at the same time share one request for it. */
export function createTokens(fetch: (now: Instant, waitMs: number) => Promise<TokenGrant>): Tokens {
  let kept: TokenGrant | undefined
  let fetching: Promise<TokenGrant> | undefined

  const fetchOnce = (now: Instant, waitMs: number): Promise<TokenGrant> => {
    fetching ??= fetch(now, waitMs)
      .then((grant) => {
        kept = grant
        return grant
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }
  return {
    current: async (now, waitMs) => (kept?.granted && now < kept.renewFrom ? kept : fetchOnce(now, waitMs)),
    renew: async (stale, now, waitMs) =>
      kept?.granted && kept.token !== stale ? kept : fetchOnce(now, waitMs),
  }
}

const renewBeforeExpirySeconds = 60

const tokenAnswer = z.object({
  accessToken: z.string().regex(/^[\x21-\x7e]{1,2048}$/),
  /** Seconds; the standard says text, some partners send a number. */
  expiresIn: z.union([
    z.number().int().min(0).max(999_999_999),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
})

export type TokenRequester = {
  readonly post: Post
  readonly path: string
  readonly clientKey: string
  readonly privateKey: KeyObject
  readonly encoding: SignatureEncoding
}

/** One request for a token. */
export const createTokenFetch =
  ({ post, path, clientKey, privateKey, encoding }: TokenRequester) =>
  async (now: Instant, waitMs: number): Promise<TokenGrant> => {
    const timestamp = jakartaTimestamp(now)
    const headers = {
      'X-CLIENT-KEY': clientKey,
      'X-TIMESTAMP': timestamp,
      'X-SIGNATURE': signTokenRequest(clientKey, timestamp, privateKey, encoding),
    }
    const body = JSON.stringify({ grantType: 'client_credentials' })
    return readGrant(await post(path, headers, body, waitMs), now)
  }

function readGrant(answer: HttpResult, now: Instant): TokenGrant {
  if (answer.result !== 'answered') return { granted: false, reason: 'not-connected' }
  if (answer.status !== 200) return { granted: false, reason: refusal(answer.status) }
  const parsed = tokenAnswer.safeParse(parseJson(answer.body))
  if (!parsed.success) return { granted: false, reason: 'not-connected' }
  const { accessToken, expiresIn } = parsed.data
  return {
    granted: true,
    token: accessToken,
    renewFrom: plusSeconds(now, expiresIn - renewBeforeExpirySeconds),
  }
}

function refusal(status: number): DeferralReason {
  if (status === 429) return 'rate-limited'
  return status >= 400 && status < 500 ? 'credentials-refused' : 'not-connected'
}
