import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { createArchive, type Line } from '../../shared/partners/archive.ts'
import { type PartnerName, partnerConfigurations } from '../../shared/partners/registry.ts'
import { createSnapPartner } from '../../shared/partners/snap/client.ts'
import { externalIdFrom } from '../../shared/partners/snap/external-id.ts'
import type { HttpResult } from '../../shared/partners/snap/http.ts'
import { bankTransfer, credentials, now, walletTransfer } from '../support/snap-partner.ts'

/** What the archive keeps of exchanges with a partner that answers as told. */

const names: readonly PartnerName[] = ['bni', 'gopay', 'linkaja', 'ovo']
const holder = 'BUDI SANTOSO'
const answered = (body: unknown, status = 200): HttpResult => ({
  result: 'answered',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const grant = answered({ responseCode: '2007300', accessToken: 'token-abc', expiresIn: '900' })
const reference = walletTransfer.partnerReferenceNo

/** A partner that gives every business request the same answer, and the archive that listens. */
function speakTo(name: PartnerName, answer: HttpResult) {
  const written: { key: string; lines: readonly Line[]; text: string }[] = []
  const archive = createArchive(name, async (key, body) => {
    const text = gunzipSync(body).toString()
    written.push({
      key,
      text,
      lines: text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    })
  })
  let random = 0
  const configuration = partnerConfigurations[name]
  const partner = createSnapPartner({
    configuration,
    credentials,
    externalId: () => externalIdFrom(new Uint8Array(14).fill(++random)),
    listen: archive.note,
    post: async (path) => (path === configuration.tokenPath ? grant : answer),
  })
  const transfer = configuration.kind === 'bank' ? bankTransfer : walletTransfer
  const account = { number: transfer.accountNumber, holderName: holder }
  const question = { partnerReferenceNo: reference, amount: transfer.amount, transactionDate: now }
  const keep = () => archive.keep('request-1', 2_000)
  return { partner, transfer, account, question, archive, written, keep }
}

describe.for(names)('what was said to %s', (name) => {
  test('is kept line by line in one object, with its service, codes, time and hash', async () => {
    const answer = { responseCode: '2003800', responseMessage: 'Successful', referenceNo: 'R-1' }
    const { partner, transfer, account, question, written, keep } = speakTo(name, answered(answer))
    await partner.verify(account, rupiah(600_000), now)
    const request = partner.transfer(transfer)
    await request.send(now)
    await partner.inquire(question, now)
    expect(await keep()).toBe('kept')
    const bank = name === 'bni'
    expect(written.map(({ key }) => key)).toEqual([`exchanges/${name}/2020-09-18/request-1.ndjson.gz`])
    const [verification, sent, asked] = written[0]?.lines ?? []
    expect([verification, sent, asked].map((line) => line?.service)).toEqual(
      bank ? ['15', '17', '36'] : ['37', '38', name === 'gopay' ? '36' : '39'],
    )
    expect(verification?.partnerReferenceNo).toMatch(/^\d{34}$/)
    expect(asked?.partnerReferenceNo).toBe(reference)
    expect(sent).toMatchObject({
      at: now,
      partner: name,
      partnerReferenceNo: reference,
      externalId: expect.stringMatching(/^\d{34}$/),
      result: 'answered',
      http: 200,
      code: '2003800',
      bodyHash: request.bodyHash,
      milliseconds: expect.any(Number),
      request: { partnerReferenceNo: reference, amount: { value: '600000.00', currency: 'IDR' } },
      answer: { responseCode: '2003800', responseMessage: 'Successful', others: 1 },
    })
    expect(sent?.request[bank ? 'beneficiaryAccountNo' : 'customerNumber']).toBe('*')
  })
})

/** Digits and letters, so that no separator hides what is between them. */
const bare = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '')

describe('whatever a partner answers, no name and no account number is kept', () => {
  const number = walletTransfer.accountNumber
  const other = '081398765432'
  const hostile: readonly (readonly [string, unknown])[] = [
    [
      'in the fields where they belong',
      { customerName: holder, customerNumber: number, sourceAccountNo: number },
    ],
    ['in the words of the message', { responseMessage: `Invalid Account ${number} of ${holder}` }],
    ['in a message without separators', { responseMessage: `Invalid/${holder.replace(' ', '/')}:${number}` }],
    ['in fields of other names', { x: holder, y: { z: [number, { holder }] }, msisdn: other }],
    ['as the names of fields', { [holder]: 1, [number]: { [other]: 1 }, __proto__: { [holder]: 1 } }],
    [
      'as references',
      { partnerReferenceNo: number, referenceNo: other, originalReferenceNo: holder, remark: holder },
    ],
    ['as a reference that looks like ours', { partnerReferenceNo: '6281200000001-I1-A1' }],
    ['as an amount', { amount: { value: other, currency: holder }, feeAmount: { value: `${number}.00` } }],
    ['as a number', { amount: { value: 81200000001 }, serviceCode: 81200000001 }],
    [
      'as codes, dates and states',
      { latestTransactionStatus: other, serviceCode: number, transactionDate: '0812-00-00T00:01' },
    ],
    ['as a code that is none', { responseCode: number, transactionDate: `${number}T00:00:00+07:00` }],
    [
      'deeper down',
      {
        additionalInfo: {
          resultMsg: holder,
          additionalInfo: { amount: { value: number, amount: { amount: other } } },
        },
      },
    ],
    ['in lists', [{ customerName: holder, customerNumber: number }]],
    ['without being JSON', `<html>${holder} ${number} ${other}</html>`],
    ['as a text', JSON.stringify(`${holder} ${number}`)],
  ]
  test.for(hostile.flatMap((one) => names.map((name) => [name, ...one] as const)))(
    '%s: %s',
    async ([name, , said]) => {
      const body =
        typeof said === 'object' && !Array.isArray(said) ? { responseCode: '2003800', ...said } : said
      const { partner, transfer, account, question, written, keep } = speakTo(name, answered(body))
      await partner.verify(account, rupiah(600_000), now)
      await partner.transfer(transfer).send(now)
      await partner.inquire(question, now)
      expect(await keep()).toBe('kept')
      const lines = written[0]?.lines ?? []
      expect(lines).toHaveLength(3)
      // Without what is our own: hashes, and numbers that are random.
      const text = bare(JSON.stringify(lines.map(({ request, answer }) => [request, answer])))
      const asked = bare(JSON.stringify(lines.map((line) => [line.partnerReferenceNo, line.code])))
      for (const secret of ['BUDI', 'SANTOSO', '81200000001', '316031099', '115476117', '81398765432'])
        expect([secret, text.includes(secret), asked.includes(secret)]).toEqual([secret, false, false])
    },
  )
})

describe('an answer that is none', () => {
  test.for(['not-connected', 'timeout', 'connection-lost', 'unreadable-answer'] as const)(
    '%s: the line says so and holds the request',
    async (result) => {
      const { partner, transfer, written, keep } = speakTo('ovo', { result })
      await partner.transfer(transfer).send(now)
      await keep()
      const [line] = written[0]?.lines ?? []
      expect(line).toMatchObject({ result, request: { customerNumber: '*', customerName: '*' } })
      expect(Object.keys(line ?? {})).not.toEqual(expect.arrayContaining(['http', 'code', 'answer']))
    },
  )

  test('both requests of one send are kept, when a fresh token was needed between them', async () => {
    const { partner, transfer, written, keep } = speakTo('ovo', answered({ responseCode: '4013801' }, 401))
    await partner.transfer(transfer).send(now)
    await keep()
    const lines = written[0]?.lines ?? []
    expect(lines.map(({ http, code }) => [http, code])).toEqual([
      [401, '4013801'],
      [401, '4013801'],
    ])
    expect(new Set(lines.map(({ externalId }) => externalId)).size).toBe(2)
  })
})

describe('the archive', () => {
  test('writes nothing when nothing was said, and nothing twice', async () => {
    const { partner, transfer, written, keep } = speakTo('ovo', answered({ responseCode: '2003800' }))
    expect(await keep()).toBe('nothing')
    await partner.transfer(transfer).send(now)
    expect([await keep(), await keep()]).toEqual(['kept', 'nothing'])
    expect(written).toHaveLength(1)
  })

  test('tells of a failure instead of throwing it, and forgets what it could not write', async () => {
    const failure = new Error('S3 answered 503')
    const failing = createArchive('ovo', () => Promise.reject(failure))
    const spoken = speakTo('ovo', answered({ responseCode: '2003800' }))
    const service = { code: '38', path: '/emoney/topup' }
    const answer = answered({ responseCode: '2003800' })
    const body = spoken.partner.transfer(spoken.transfer).body
    failing.note({ at: now, service, externalId: '1', body, answer, milliseconds: 5 })
    expect(await failing.keep('request-1', 100)).toEqual({ failed: failure })
    expect(await failing.keep('request-2', 100)).toBe('nothing')
  })
})
