import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'

/** Checks signatures in exactly the type and encoding agreed with our side. */
export type Signatures = {
  /** SHA256withRSA with our side's key; the token request's. */
  signedWithKey(text: string, signature: string): boolean
  /** The type agreed for every other request: HMAC_SHA512 with the client's secret, or SHA256withRSA. */
  signed(text: string, signature: string): boolean
}

export function createSignatures(deps: {
  readonly configuration: Pick<PartnerConfiguration, 'signature' | 'signatureEncoding'>
  readonly credentials: Pick<Credentials, 'clientSecret' | 'privateKey'>
}): Signatures {
  const { configuration, credentials } = deps
  const publicKey = createPublicKey(credentials.privateKey)

  /** Empty when the text is in another encoding: Node would decode what it can of it. */
  function decoded(signature: string): Buffer {
    const bytes = Buffer.from(signature, configuration.signatureEncoding)
    return bytes.toString(configuration.signatureEncoding) === signature ? bytes : Buffer.alloc(0)
  }

  const signedWithKey = (text: string, signature: string): boolean =>
    verify('sha256', Buffer.from(text), publicKey, decoded(signature))

  function signedWithSecret(text: string, signature: string): boolean {
    const expected = createHmac('sha512', credentials.clientSecret).update(text).digest()
    const given = decoded(signature)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

  const signed = configuration.signature === 'rsa-without-token' ? signedWithKey : signedWithSecret
  return { signedWithKey, signed }
}
