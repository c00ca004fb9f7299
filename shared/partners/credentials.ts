import { createPrivateKey, type KeyObject } from 'node:crypto'
import * as z from 'zod'
import type { Credentials } from './configuration.ts'

/** Text that may stand in an HTTP header. */
const headerText = z.string().regex(/^[\x21-\x7e]+$/)

function rsaKeyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}

/** Parsed once: a key that was used before signs several times as fast. */
const privateKey = z.string().transform((pem, context) => {
  const key = rsaKeyIn(pem)
  if (key) return key
  context.addIssue({ code: 'custom', message: 'is not the PEM of an RSA private key' })
  return z.NEVER
})

/**
 * Parses a partner's secret; without a `partnerId` in it, the client key is that, too. Its complaints name fields and
 * never repeat a value.
 */
export const credentialsSchema: z.ZodType<Credentials> = z
  .object({
    clientKey: headerText.max(36),
    // SNAP's length of X-PARTNER-ID, https://apidevportal.bi.go.id/snap/api-services/keamanan.
    partnerId: headerText.max(36).optional(),
    clientSecret: z.string().min(1),
    privateKey,
    channelId: headerText,
    // SNAP's shortest field for it, the balance inquiry's.
    sourceAccount: z.string().regex(/^[0-9A-Za-z-]{1,16}$/),
  })
  .transform((secret) => ({ ...secret, partnerId: secret.partnerId ?? secret.clientKey }))
