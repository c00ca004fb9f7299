import { createHash, createHmac, sign } from 'node:crypto'
import type { Credentials, PartnerConfiguration } from '../../shared/partners/configuration.ts'

/** What came back, as far as it could be read; `lost` when the connection ended without an answer. */
export type SnapAnswer = {
  readonly http: number
  readonly headers: Headers
  readonly text: string
  /** Empty when the text is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>>
  /** `responseCode`, or an empty string. */
  readonly code: string
}

/** What a test does differently from a well-behaved client. */
export type Deviation = {
  readonly method?: string
  /** Replaces headers; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent instead of the compact JSON that is signed. */
  readonly sentBody?: string
  /** Signed into X-TIMESTAMP instead of the clock's time. */
  readonly timestamp?: string
  readonly signal?: AbortSignal
}

export type SnapTestClient = ReturnType<typeof createSnapTestClient>

/** Speaks SNAP BI to a partner by hand, so that a test can also speak it badly. Shares no code with ours. */
export function createSnapTestClient(deps: {
  readonly baseUrl: string
  readonly configuration: PartnerConfiguration
  readonly credentials: Credentials
  /** Epoch milliseconds. */
  readonly now: () => number
}) {
  const { baseUrl, configuration, credentials, now } = deps
  const { kind, pathPrefix, signatureEncoding, statusService } = configuration
  const isBank = kind === 'bank'
  let lastExternalId = 0
  let token = ''

  const timestampNow = () => `${new Date(now() + 25_200_000).toISOString().slice(0, 19)}+07:00`
  const rsa = (text: string) =>
    sign('sha256', Buffer.from(text), credentials.privateKey).toString(signatureEncoding)
  const hmac = (text: string) =>
    createHmac('sha512', credentials.clientSecret).update(text).digest(signatureEncoding)

  async function send(
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    deviation: Deviation,
  ): Promise<SnapAnswer | 'lost'> {
    const changed = Object.entries({ ...headers, ...deviation.headers })
    const sent = changed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    const method = deviation.method ?? 'POST'
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: Object.fromEntries(sent),
        ...(method === 'GET' ? {} : { body: deviation.sentBody ?? body }),
        signal: deviation.signal ?? null,
      })
      const text = await response.text()
      const json = objectIn(text)
      const code = typeof json.responseCode === 'string' ? json.responseCode : ''
      return { http: response.status, headers: response.headers, text, json, code }
    } catch {
      return 'lost'
    }
  }

  /** Asks for a token, and uses it from then on if there is one. */
  async function fetchToken(deviation: Deviation = {}): Promise<SnapAnswer | 'lost'> {
    const timestamp = deviation.timestamp ?? timestampNow()
    const headers = {
      'content-type': 'application/json',
      'x-client-key': credentials.clientKey,
      'x-timestamp': timestamp,
      'x-signature': rsa(`${credentials.clientKey}|${timestamp}`),
    }
    const body = JSON.stringify({ grantType: 'client_credentials' })
    const answer = await send(configuration.tokenPath, body, headers, deviation)
    if (answer !== 'lost' && typeof answer.json.accessToken === 'string') token = answer.json.accessToken
    return answer
  }

  /** Posts a signed request to a path after the partner's prefix. */
  function post(service: string, content: object, deviation: Deviation = {}): Promise<SnapAnswer | 'lost'> {
    const path = `${pathPrefix}${service}`
    const body = JSON.stringify(content)
    const timestamp = deviation.timestamp ?? timestampNow()
    const hash = createHash('sha256').update(body).digest('hex')
    const withToken = configuration.signature === 'hmac-with-token'
    const signed = ['POST', path, ...(withToken ? [token] : []), hash, timestamp].join(':')
    lastExternalId += 1
    const headers = {
      'content-type': 'application/json',
      ...(withToken && { authorization: `Bearer ${token}` }),
      'x-timestamp': timestamp,
      'x-signature': withToken ? hmac(signed) : rsa(signed),
      'x-partner-id': credentials.partnerId,
      'x-external-id': `${lastExternalId}`,
      'channel-id': credentials.channelId,
    }
    return send(path, body, headers, deviation)
  }

  const extra = configuration.additionalInfo && { additionalInfo: configuration.additionalInfo }
  const money = (amount: number) => ({ value: `${amount}.00`, currency: 'IDR' })

  /** A correct transfer's body. */
  function transferBody(partnerReferenceNo: string, number: string, amount: number) {
    const common = {
      partnerReferenceNo,
      amount: money(amount),
      transactionDate: '2020-09-18T10:00:00+07:00',
      ...extra,
    }
    if (!isBank) return { ...common, customerNumber: number, feeAmount: money(0) }
    return { ...common, beneficiaryAccountNo: number, sourceAccountNo: credentials.sourceAccount }
  }

  const transferPath = isBank ? '/transfer-intrabank' : '/emoney/topup'
  return {
    fetchToken,
    post,
    transferBody,
    transferPath,
    transfer: (reference: string, number: string, amount = 600_000, deviation: Deviation = {}) =>
      post(transferPath, transferBody(reference, number, amount), deviation),
    account: (number: string) =>
      isBank
        ? post('/account-inquiry-internal', { beneficiaryAccountNo: number, ...extra })
        : post('/emoney/account-inquiry', { customerNumber: number, amount: money(600_000), ...extra }),
    status: (originalPartnerReferenceNo: string) =>
      post(isBank || statusService === '36' ? '/transfer/status' : '/emoney/topup-status', {
        originalPartnerReferenceNo,
        serviceCode: isBank ? '17' : '38',
      }),
    balance: () => post('/balance-inquiry', { accountNo: credentials.sourceAccount }),
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {}
  } catch {
    return {}
  }
}
