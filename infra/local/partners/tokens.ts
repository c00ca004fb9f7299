import { randomUUID } from 'node:crypto'

/** SNAP's own example of `expiresIn`. A new token leaves the older ones valid: the standard does not say. */
export const tokenSeconds = 900

export type Tokens = {
  issue(): string
  valid(token: string): boolean
  /** Ends every token issued so far. */
  revoke(): void
}

export function createTokens({ now }: { readonly now: () => number }): Tokens {
  const expiry = new Map<string, number>()
  return {
    issue() {
      for (const [token, at] of expiry) if (at <= now()) expiry.delete(token)
      const token = randomUUID()
      expiry.set(token, now() + tokenSeconds * 1000)
      return token
    },
    valid: (token) => (expiry.get(token) ?? 0) > now(),
    revoke: () => expiry.clear(),
  }
}
