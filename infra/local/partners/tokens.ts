import { randomUUID } from 'node:crypto'

/** How long a token is valid: SNAP's own example of `expiresIn`. */
export const tokenSeconds = 900

export type Tokens = {
  /** How long each is valid. */
  readonly seconds: number
  /** A new token leaves the older ones valid: the standard does not say. */
  issue(): string
  valid(token: string): boolean
  /** Ends every token issued so far. */
  revoke(): void
}

/** `now`: epoch milliseconds. */
export function createTokens({
  now,
  seconds,
}: Pick<Tokens, 'seconds'> & { readonly now: () => number }): Tokens {
  const expiry = new Map<string, number>()
  return {
    seconds,
    issue() {
      for (const [token, at] of expiry) if (at <= now()) expiry.delete(token)
      const token = randomUUID()
      expiry.set(token, now() + seconds * 1000)
      return token
    },
    valid: (token) => (expiry.get(token) ?? 0) > now(),
    revoke: () => expiry.clear(),
  }
}
