import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { externalIdFrom } from '../../shared/partners/snap/external-id.ts'
import {
  minify,
  sha256,
  signTokenRequest,
  signWithKey,
  signWithToken,
} from '../../shared/partners/snap/signature.ts'

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

/** A key for nothing but this; the signatures are openssl's, which has no chance in them either (PKCS#1 v1.5):
 *  `printf TEXT | openssl dgst -sha256 -sign signing-key.pem | base64` */
const signingKey = createPrivateKey(readFileSync(new URL('signing-key.pem', import.meta.url)))
const ofRequest =
  'YaGh7lti2yx4uiu3B0GKFsAGyhBKl6PsZM1A+XJ+rjFoHf1jOplyRv7wUVwE0VqR6QCxLypREmzYGG6ZbTkhgSgWDKlouF2O' +
  'LVd+I0mE8J91wNni2A2GTPHIw92vMny/J8vaGa8PVak1iE4IPHhQp6aQN22jxtwrl7KGkn1o2Iat3ZKgGmPl7rj76YQtiIft' +
  'ZRa1M4WakBYYDZ7t5KC2cl1p2tCEB3P7P2tOaMFi7CpJOcq40d8SbtiJDF72Woxy856Tultb2HiJpdSDlhrjbOB6k4rhoUOY' +
  '57qs3e2p3fUI8Wu+L1TE4OXjQD8njripJFFxZLMgv45WtYvTry2A0Q=='
const ofTokenRequest =
  'YTOB1CwdueGlhAuSfjDEJR5Y6LIT85QPzAgD0FYMQ2U/NaKK+vNVVxO8lvXeCPQnvd8eGd/R9DjM8GvgN43ZbzWXTxlGinKv' +
  'OJAJiCeAbOhN6AD2rvMmVC7MQVqBwcVeb53JK5ihQQeppgoUsV+YxlXmUPvKpLTDwpJz+DNXoPsxTSm0LaUFLN+y3oBH18yI' +
  'paZxzkEWu+BOTL95j05HG0SiQGQRUMCdATAVhYqSyCjBmhQ5WXHtGPHHhpql5rWydghNK6cmiTBJHsi75FARrYW86DFxKVx/' +
  '4D5Eg1CoAsZNEdvtnrQ0m14swn2mzr6nutQwZ6HFIYcFR3xeG0Fmkg=='

test('type 2 is the signature that openssl gave, over text without a token', () => {
  expect(signWithKey(request, signingKey, 'base64')).toBe(ofRequest)
  expect(signWithKey(request, signingKey, 'hex')).toBe(Buffer.from(ofRequest, 'base64').toString('hex'))
})

test('a token request is signed as by openssl, over client key and time', () => {
  expect(signTokenRequest('PRAKERJA', request.timestamp, signingKey, 'base64')).toBe(ofTokenRequest)
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
