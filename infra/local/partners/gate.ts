import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { instant, jakartaDate } from '../../../shared/domain/instant.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Answer } from './answers.ts'
import { createSignatures } from './signatures.ts'
import type { Tokens } from './tokens.ts'

/** A request as it came over the wire; `path` is the full relative path with its query. */
export type WireRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Let in, with what later steps need to know of it. */
export type Admission = {
  readonly externalId: string
  /** Lower-case hex sha256 of the minified body. */
  readonly bodyHash: string
}

/**
 * Who may speak to the partner: SNAP's mandatory headers, timestamp, token, signature and X-EXTERNAL-ID, in
 * that order (the standard fixes none). https://apidevportal.bi.go.id/snap/api-services/keamanan
 */
export type Gate = {
  /** For the token service; the answer is the refusal, `undefined` lets in. */
  admitTokenRequest(request: WireRequest): Answer | undefined
  admit(request: WireRequest): Admission | Answer
}

const skewMs = 5 * 60_000
/** `+07:00` only: SNAP asks for local time, and partners who say so refuse `Z`. */
const jakartaForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/
const tokenHeaders = ['content-type', 'x-client-key', 'x-timestamp', 'x-signature']
const requestHeaders = [
  'content-type',
  'x-timestamp',
  'x-signature',
  'x-partner-id',
  'x-external-id',
  'channel-id',
]

export function createGate(deps: {
  readonly configuration: Pick<PartnerConfiguration, 'signature' | 'signatureEncoding'>
  readonly credentials: Credentials
  readonly tokens: Tokens
  readonly now: () => number
}): Gate {
  const { configuration, credentials, tokens, now } = deps
  const { signedWithKey, signed } = createSignatures({ configuration, credentials })
  const externalIds = createDailyIds(now)
  const withToken = configuration.signature === 'hmac-with-token'

  function wrongToken(headers: IncomingHttpHeaders): Answer | undefined {
    if (!withToken) return undefined
    const token = bearerToken(headers)
    if (token === '') return { case: '40103' }
    return tokens.valid(token) ? undefined : { case: '40101' }
  }

  function wrongSender({ method, path, headers }: WireRequest, bodyHash: string): Answer | undefined {
    if (header(headers, 'x-partner-id') !== credentials.partnerId) return unauthorized('Unknown Partner')
    if (header(headers, 'channel-id') !== credentials.channelId) return unauthorized('Unknown Channel')
    const token = withToken ? [bearerToken(headers)] : []
    const text = [method, path, ...token, bodyHash, header(headers, 'x-timestamp')].join(':')
    return signed(text, header(headers, 'x-signature')) ? undefined : unauthorized('Invalid Signature')
  }

  function wrongExternalId(externalId: string): Answer | undefined {
    if (!/^\d{1,36}$/.test(externalId)) return { case: '40001', detail: 'X-EXTERNAL-ID' }
    return externalIds.claim(externalId) ? undefined : { case: '40900' }
  }

  return {
    admitTokenRequest({ headers }) {
      const early = missingHeader(headers, tokenHeaders) ?? wrongTimestamp(headers, now())
      if (early !== undefined) return early
      const clientKey = header(headers, 'x-client-key')
      if (clientKey !== credentials.clientKey) return unauthorized('Unknown Client')
      const text = `${clientKey}|${header(headers, 'x-timestamp')}`
      const valid = signedWithKey(text, header(headers, 'x-signature'))
      return valid ? undefined : unauthorized('Invalid Signature')
    },
    admit(request) {
      const { headers } = request
      const bodyHash = hash('sha256', minified(request.body), 'hex')
      const externalId = header(headers, 'x-external-id')
      return (
        missingHeader(headers, requestHeaders) ??
        wrongTimestamp(headers, now()) ??
        wrongToken(headers) ??
        wrongSender(request, bodyHash) ??
        wrongExternalId(externalId) ?? { externalId, bodyHash }
      )
    },
  }
}

/**
 * JSON without the white space between its tokens. Key order, escapes and the text of numbers stay as they
 * came: parsing and writing again would change what was signed.
 */
export const minified = (json: string): string => json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/gs, '$1')

function wrongTimestamp(headers: IncomingHttpHeaders, now: number): Answer | undefined {
  const text = header(headers, 'x-timestamp')
  const skew = Math.abs(new Date(text).getTime() - now)
  if (jakartaForm.test(text) && skew <= skewMs) return undefined
  return { case: '40001', detail: 'X-TIMESTAMP' }
}

const unauthorized = (reason: string): Answer => ({ case: '40100', detail: reason })

const header = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

const bearerToken = (headers: IncomingHttpHeaders): string =>
  /^Bearer (\S+)$/.exec(header(headers, 'authorization'))?.[1] ?? ''

function missingHeader(headers: IncomingHttpHeaders, names: readonly string[]): Answer | undefined {
  const missing = names.find((name) => header(headers, name) === '')
  if (missing !== undefined) return { case: '40002', detail: missing.toUpperCase() }
  const isJson = header(headers, 'content-type').startsWith('application/json')
  return isJson ? undefined : { case: '40001', detail: 'CONTENT-TYPE' }
}

/** Identifiers that may be used once in a Jakarta day. */
function createDailyIds(now: () => number): { claim(id: string): boolean } {
  let day = ''
  let used = new Set<string>()
  return {
    claim(id) {
      const today = jakartaDate(instant(now()))
      if (today !== day) {
        day = today
        used = new Set()
      }
      if (used.has(id)) return false
      used.add(id)
      return true
    },
  }
}
