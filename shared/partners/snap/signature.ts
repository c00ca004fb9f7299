import { createHmac, hash, type KeyObject, sign } from 'node:crypto'

/**
 * SNAP's signatures (https://apidevportal.bi.go.id/snap/api-services/keamanan). Every service used here is a
 * POST, so the method is not an argument.
 */

/** How a signature is written in its header. The standard does not say: its samples are hex, most partners' base64. */
export type SignatureEncoding = 'base64' | 'hex'

export type SignedRequest = {
  /** The full relative path, prefix and query included. */
  readonly path: string
  readonly body: string
  /** X-TIMESTAMP, as sent. */
  readonly timestamp: string
}

/** A JSON text without the white space between its tokens. Strings, key order and number texts stay as they are. */
export const minify = (json: string): string => json.replace(/("[^"\\]*(?:\\.[^"\\]*)*"?)|[ \t\r\n]+/gs, '$1')

/** Lower-case hex sha256 of a text's UTF-8. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex')

/** Type 1: HMAC_SHA512 with the client secret, over a text that holds the access token (without `Bearer`). */
export function signWithToken(
  { path, body, timestamp }: SignedRequest,
  accessToken: string,
  clientSecret: string,
  encoding: SignatureEncoding,
): string {
  const text = `POST:${path}:${accessToken}:${sha256(minify(body))}:${timestamp}`
  return createHmac('sha512', clientSecret).update(text).digest(encoding)
}

/** Type 2: SHA256withRSA (PKCS#1 v1.5) with our private key; no token. */
export function signWithKey(
  { path, body, timestamp }: SignedRequest,
  privateKey: KeyObject,
  encoding: SignatureEncoding,
): string {
  return signText(`POST:${path}:${sha256(minify(body))}:${timestamp}`, privateKey, encoding)
}

/** The signature by which we ask for an access token: SHA256withRSA over client key and time. */
export const signTokenRequest = (
  clientKey: string,
  timestamp: string,
  privateKey: KeyObject,
  encoding: SignatureEncoding,
): string => signText(`${clientKey}|${timestamp}`, privateKey, encoding)

const signText = (text: string, privateKey: KeyObject, encoding: SignatureEncoding): string =>
  sign('sha256', Buffer.from(text), privateKey).toString(encoding)
