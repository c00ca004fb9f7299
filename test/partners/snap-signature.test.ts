import { verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { externalIdFrom } from '../../shared/partners/snap/external-id.ts'
import {
  minify,
  sha256,
  signTokenRequest,
  signWithKey,
  signWithToken,
} from '../../shared/partners/snap/signature.ts'
import { privateKey, publicKey } from '../support/snap-partner.ts'

const request = {
  path: '/v1.0/emoney/topup',
  timestamp: '2020-09-18T10:00:01+07:00',
  body: JSON.stringify({
    partnerReferenceNo: 'PRAKERJA-0001-I1-A1',
    customerNumber: '6281200000001',
    customerName: 'BUDI SANTOSO',
    amount: { value: '600000.00', currency: 'IDR' },
    feeAmount: { value: '0.00', currency: 'IDR' },
    transactionDate: '2020-09-18T10:00:00+07:00',
  }),
}
const bodyHash = '90762cc6cb7ca31f21801421027191423ae1bd214d8ec16f9ca97629ed757899'
const hmac = '23EHmZSJJgnUszJ+phi07g8zxWZkhmfeID2NxYdEim70D1bV5TlqSTZJFqz29BKrPHVx96CZWDaUO3FmkI/60Q=='

describe('type 1', () => {
  const sign = (body: string, encoding: 'base64' | 'hex') =>
    signWithToken({ ...request, body }, 'token-abc', 'secret-of-simulator', encoding)

  test('matches a vector that openssl gave too', () => {
    expect(sha256(request.body)).toBe(bodyHash)
    expect(sign(request.body, 'base64')).toBe(hmac)
  })
  test('may be written in hex', () => {
    expect(sign(request.body, 'hex')).toBe(Buffer.from(hmac, 'base64').toString('hex'))
  })
  test('is of the minified body', () => {
    expect(sign(JSON.stringify(JSON.parse(request.body), null, 2), 'base64')).toBe(hmac)
  })
})

test('type 2 is verified by our public key, over text without a token', () => {
  const signature = Buffer.from(signWithKey(request, privateKey, 'hex'), 'hex')
  const text = `POST:/v1.0/emoney/topup:${bodyHash}:2020-09-18T10:00:01+07:00`
  expect(verify('sha256', Buffer.from(text), publicKey, signature)).toBe(true)
})

test('a token request signs client key and time', () => {
  const signature = signTokenRequest('PRAKERJA', request.timestamp, privateKey, 'base64')
  const text = Buffer.from('PRAKERJA|2020-09-18T10:00:01+07:00')
  expect(verify('sha256', text, publicKey, Buffer.from(signature, 'base64'))).toBe(true)
})

test.for([
  ['{ "a" : 1 ,\r\n\t"b" : [ 1.50 , true ] }', '{"a":1,"b":[1.50,true]}'],
  ['{"name":"Budi  \\" , Santoso"}', '{"name":"Budi  \\" , Santoso"}'],
  ['{"slash": "a\\\\" , "b": "\\u00e9"}', '{"slash":"a\\\\","b":"\\u00e9"}'],
  ['{"unended": "a b', '{"unended":"a b'],
  ['', ''],
] as const)('%j is minified to %j', ([json, minified]) => {
  expect(minify(json)).toBe(minified)
})

test('an external id is 34 digits whatever the random bytes', () => {
  expect(externalIdFrom(new Uint8Array(14))).toBe('0'.repeat(34))
  expect(externalIdFrom(new Uint8Array(14).fill(255))).toBe(`${2n ** 112n - 1n}`)
  expect(externalIdFrom(new Uint8Array(14).fill(255))).toHaveLength(34)
})
