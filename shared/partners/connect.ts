import { parseJson } from '../json.ts'
import type { Credentials } from './configuration.ts'
import { credentialsSchema } from './credentials.ts'
import type { Partner } from './partner.ts'
import { createSnapPartner } from './snap/client.ts'
import type { ExchangeDependencies } from './snap/exchange.ts'

/** Throws a sentence that names the partner and the fields that are wrong, never a value. */
function parseCredentials(partner: string, secret: string): Credentials {
  const parsed = credentialsSchema.safeParse(parseJson(secret))
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'secret'}: ${message}`)
  throw new Error(`the secret of ${partner} is not usable: ${fields.join('; ')}`)
}

/** What a partner's client needs, and where its secret is read. */
export type ConnectionDependencies = Omit<ExchangeDependencies, 'credentials'> & {
  readonly partnerName: string
  readonly readSecret: () => Promise<string>
}

/**
 * The partner as its secret now says. The same connection, with its token, is kept for as long as the secret stays the
 * same; a rotated secret makes a new one.
 */
export function createConnection({
  partnerName,
  readSecret,
  ...dependencies
}: ConnectionDependencies): () => Promise<Partner> {
  let current: { readonly secret: string; readonly partner: Partner } | undefined
  return async () => {
    const secret = await readSecret()
    if (current?.secret === secret) return current.partner
    const credentials = parseCredentials(partnerName, secret)
    const partner = createSnapPartner({ ...dependencies, credentials })
    current = { secret, partner }
    return partner
  }
}
