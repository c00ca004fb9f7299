import type { Credentials, PartnerConfiguration } from './configuration.ts'
import { credentialsSchema } from './credentials.ts'
import type { Partner } from './partner.ts'
import { createSnapPartner } from './snap/client.ts'
import type { Exchanged } from './snap/exchange.ts'
import { parseJson } from './snap/json.ts'

/** Throws a sentence that names the partner and the fields that are wrong, never a value. */
function parseCredentials(partner: string, secret: string): Credentials {
  const parsed = credentialsSchema.safeParse(parseJson(secret))
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'secret'}: ${message}`)
  throw new Error(`the secret of ${partner} is not usable: ${fields.join('; ')}`)
}

/**
 * The partner as its secret now says. The same connection, with its token, is kept for as long as the secret stays the
 * same; a rotated secret makes a new one. `listen` is told of every business request, see `ExchangeDependencies`.
 */
export function createConnection(
  name: string,
  configuration: PartnerConfiguration,
  readSecret: () => Promise<string>,
  externalId: () => string,
  listen: (exchanged: Exchanged) => void,
): () => Promise<Partner> {
  let current: { readonly secret: string; readonly partner: Partner } | undefined
  return async () => {
    const secret = await readSecret()
    if (current?.secret === secret) return current.partner
    const credentials = parseCredentials(name, secret)
    const partner = createSnapPartner({ configuration, credentials, externalId, listen })
    current = { secret, partner }
    return partner
  }
}
