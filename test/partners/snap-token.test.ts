import { verify } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import type { ScriptedAnswer } from '../support/answering-server.ts'
import {
  now,
  publicKey,
  type ScriptedPartner,
  startScriptedPartner,
  walletTransfer,
} from '../support/snap-partner.ts'

const paid = { status: 200, body: { responseCode: '2003800', referenceNo: 'R1' } }
const invalidToken = {
  status: 401,
  body: { responseCode: '4013801', responseMessage: 'Invalid Token (B2B)' },
}
const grant = (nth: number, expiresIn: string | number = '900'): ScriptedAnswer => ({
  status: 200,
  body: { responseCode: '2007300', accessToken: `token-${nth}`, tokenType: 'Bearer', expiresIn },
})

let scripted: ScriptedPartner | undefined
afterEach(() => scripted?.server.close())

async function start(
  token: (nth: number) => ScriptedAnswer,
  answer: (nth: number) => ScriptedAnswer = () => paid,
): Promise<ScriptedPartner> {
  scripted = await startScriptedPartner((_, nth) => answer(nth), partnerConfigurations.ovo, token)
  return scripted
}
const send = ({ partner }: ScriptedPartner, at = now) => partner.transfer(walletTransfer).send(at)
const tokensSent = ({ business }: ScriptedPartner) => business().map(({ headers }) => headers.authorization)

test('a token is asked for by signature, and kept until a minute before it expires', async () => {
  const scripted = await start((nth) => grant(nth))
  await send(scripted)
  await send(scripted, plusSeconds(now, 839))
  await send(scripted, plusSeconds(now, 840))
  expect(tokensSent(scripted)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])

  const [asked] = scripted.tokenRequests()
  expect(JSON.parse(asked?.body ?? '')).toEqual({ grantType: 'client_credentials' })
  const {
    'x-client-key': clientKey,
    'x-timestamp': timestamp,
    'x-signature': signature,
  } = asked?.headers ?? {}
  expect([clientKey, timestamp]).toEqual(['PRAKERJA', '2020-09-18T10:00:01+07:00'])
  const signed = Buffer.from(`${clientKey}|${timestamp}`)
  expect(verify('sha256', signed, publicKey, Buffer.from(String(signature), 'base64'))).toBe(true)
})

test('an expiry may be a number', async () => {
  const scripted = await start((nth) => grant(nth, 120))
  await send(scripted)
  await send(scripted, plusSeconds(now, 59))
  await send(scripted, plusSeconds(now, 60))
  expect(scripted.tokenRequests()).toHaveLength(2)
})

test('calls at the same time share one request for a token', async () => {
  const scripted = await start((nth) => grant(nth))
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => send(scripted)))
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['paid', 'paid', 'paid', 'paid'])
  expect(scripted.tokenRequests()).toHaveLength(1)
})

describe('a refused token', () => {
  test('is replaced once; the same bytes go out again under a new external id', async () => {
    const scripted = await start(
      (nth) => grant(nth),
      (nth) => (nth === 1 ? invalidToken : paid),
    )
    expect((await send(scripted)).outcome).toBe('paid')
    expect(tokensSent(scripted)).toEqual(['Bearer token-1', 'Bearer token-2'])
    const [first, second] = scripted.business()
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['x-external-id']).not.toBe(first?.headers['x-external-id'])
  })

  test('that is refused again puts the payout off', async () => {
    const scripted = await start(
      (nth) => grant(nth),
      () => invalidToken,
    )
    expect(await send(scripted)).toMatchObject({ outcome: 'deferred', reason: 'credentials-refused' })
    expect(scripted.business()).toHaveLength(2)
  })

  test('is replaced for all who were refused by one request', async () => {
    const scripted = await start(
      (nth) => grant(nth),
      (nth) => (nth <= 2 ? invalidToken : paid),
    )
    const outcomes = await Promise.all([send(scripted), send(scripted)])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['paid', 'paid'])
    expect(scripted.tokenRequests()).toHaveLength(2)
  })

  test('is not replaced on the word of an answer to another service', async () => {
    const answer = { status: 401, body: { responseCode: '4011701' } }
    const scripted = await start(
      (nth) => grant(nth),
      () => answer,
    )
    expect(await send(scripted)).toMatchObject({ outcome: 'unknown', cause: 'answer-mismatch' })
    expect(scripted.business()).toHaveLength(1)
  })
})

describe('without a token nothing is sent, and that is known', () => {
  test.for([
    [{ status: 401, body: { responseCode: '4017300' } }, 'credentials-refused'],
    [{ status: 400, body: { responseCode: '4007301' } }, 'credentials-refused'],
    [{ status: 429, body: { responseCode: '4297300' } }, 'rate-limited'],
    [{ status: 503, body: '<html>' }, 'not-connected'],
    [{ status: 200, body: '<html>' }, 'not-connected'],
    [{ status: 200, body: { accessToken: 'two\r\nlines', expiresIn: '900' } }, 'not-connected'],
    [{ status: 200, body: { accessToken: 'token', expiresIn: -1 } }, 'not-connected'],
    [{ status: 200, body: { accessToken: 'token', expiresIn: 1e15 } }, 'not-connected'],
    ['reset', 'not-connected'],
    ['truncate', 'not-connected'],
  ] as const)('token service %j: %s', async ([answer, reason]) => {
    const scripted = await start(() => answer)
    expect(await send(scripted)).toMatchObject({ outcome: 'deferred', reason, evidence: {} })
    expect(scripted.business()).toEqual([])
  })

  test('a failure is not kept', async () => {
    const scripted = await start((nth) => (nth === 1 ? 'reset' : grant(nth)))
    expect((await send(scripted)).outcome).toBe('deferred')
    expect((await send(scripted)).outcome).toBe('paid')
  })
})
