import { createPrivateKey } from 'node:crypto'
import * as z from 'zod'
import type { Credentials } from './configuration.ts'

/** Text that may stand in an HTTP header. */
const headerText = z.string().regex(/^[\x21-\x7e]+$/)

const isPrivateKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

/** Parses a partner's secret. Its complaints name fields and never repeat a value. */
export const credentialsSchema: z.ZodType<Credentials> = z.object({
  clientKey: headerText.max(36),
  clientSecret: z.string().min(1),
  privateKey: z.string().refine(isPrivateKey, 'is not the PEM of an RSA private key'),
  channelId: headerText,
  // SNAP's shortest field for it, the balance inquiry's.
  sourceAccount: z.string().regex(/^[0-9A-Za-z-]{1,16}$/),
})
