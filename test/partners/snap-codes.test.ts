import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { namesAgree } from '../../shared/domain/names.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { meaningOf } from '../../shared/partners/snap/codes.ts'
import { readAnswer } from '../../shared/partners/snap/exchange.ts'
import { type Service, servicesOf } from '../../shared/partners/snap/messages.ts'
import { inquiryOutcome, transferOutcome, verification } from '../../shared/partners/snap/outcomes.ts'
import { now, walletTransfer } from '../support/snap-partner.ts'

const say = (code: string, kind: 'bank' | 'wallet', message = '') => {
  const meaning = meaningOf({ code, message, detail: undefined }, { kind })
  if ('reason' in meaning) return `${meaning.means} ${meaning.reason}`
  return 'cause' in meaning ? `${meaning.means} ${meaning.cause}` : meaning.means
}

describe('a response code means', () => {
  test.for([
    ['2003800', 'success'],
    ['2023800', 'pending'],
    ['4003800', 'rejected request-refused'],
    ['4003801', 'rejected request-refused'],
    ['4003802', 'rejected request-refused'],
    ['4013800', 'deferred credentials-refused'],
    ['4013801', 'deferred credentials-refused'],
    ['4013802', 'unknown unlisted-code'],
    ['4013803', 'deferred credentials-refused'],
    ['4033800', 'unknown ambiguous-code'],
    ['4033801', 'rejected merchant-refused'],
    ['4033802', 'rejected amount-over-limit'],
    ['4033803', 'rejected suspected-fraud'],
    ['4033804', 'deferred daily-limit'],
    ['4033805', 'rejected account-abnormal'],
    ['4033806', 'deferred cut-off'],
    ['4033807', 'rejected account-blocked'],
    ['4033808', 'rejected account-blocked'],
    ['4033809', 'rejected account-dormant'],
    ['4033810', 'unknown unlisted-code'],
    ['4033814', 'deferred float-empty'],
    ['4033816', 'deferred partner-suspended'],
    ['4033817', 'unknown unlisted-code'],
    ['4033818', 'rejected account-inactive'],
    ['4033819', 'rejected merchant-refused'],
    ['4033820', 'deferred daily-limit'],
    ['4033823', 'deferred daily-limit'],
    ['4043800', 'unknown ambiguous-code'],
    ['4043801', 'not-found'],
    ['4043802', 'rejected routing-unavailable'],
    ['4043803', 'rejected routing-unavailable'],
    ['4043804', 'unknown ambiguous-code'],
    ['4043805', 'unknown unlisted-code'],
    ['4043808', 'rejected merchant-refused'],
    ['4043809', 'rejected merchant-refused'],
    ['4043811', 'rejected account-unknown'],
    ['4043813', 'rejected request-refused'],
    ['4043816', 'rejected merchant-refused'],
    ['4043818', 'unknown inconsistent-request'],
    ['4053800', 'rejected request-refused'],
    ['4053801', 'rejected request-refused'],
    ['4093800', 'unknown ambiguous-code'],
    ['4093801', 'unknown duplicate-reference'],
    ['4293800', 'deferred rate-limited'],
    ['5003800', 'unknown server-error'],
    ['5003801', 'unknown server-error'],
    ['5003802', 'unknown server-error'],
    ['5043800', 'unknown server-error'],
    ['2003801', 'unknown unlisted-code'],
    ['4993899', 'unknown unlisted-code'],
  ] as const)('%s: %s, to bank and wallet', ([code, meaning]) => {
    expect(say(code, 'bank')).toBe(meaning)
    expect(say(code, 'wallet')).toBe(meaning)
  })

  test('403xx15 is the holder’s to repair in a wallet, ours at a bank', () => {
    expect(say('4033815', 'wallet')).toBe('rejected wallet-not-upgraded')
    expect(say('4031715', 'bank')).toBe('rejected merchant-refused')
  })

  test.for(['beneficiaryAccountNo', 'customerNumber'])('a malformed %s is the participant’s', (field) => {
    expect(say('4003801', 'wallet', `Invalid Field Format {${field}}`)).toBe('rejected account-unknown')
  })

  test('a partner’s own exception wins, by code or by code and detail', () => {
    const codes = {
      '4001501': 'account-inactive',
      '4033805 PAYEE_USER_NOT_EXIST': 'account-unknown',
    } as const
    const mean = (code: string, detail?: string) =>
      meaningOf(
        { code, message: 'Invalid Field Format beneficiaryAccountNo', detail },
        { kind: 'bank', codes },
      )
    expect(mean('4001501')).toEqual({ means: 'rejected', reason: 'account-inactive' })
    expect(mean('4033805', 'PAYEE_USER_NOT_EXIST')).toEqual({ means: 'rejected', reason: 'account-unknown' })
    expect(mean('4033805', 'OTHER')).toEqual({ means: 'rejected', reason: 'account-abnormal' })
  })

  test.for([
    ['Invalid Field Format X-TIMESTAMP', 'request-refused'],
    ['Invalid Field Format [X-TIMESTAMP]', 'request-refused'],
    ['invalid field format {partnerReferenceNo}', 'request-refused'],
    ['Invalid Mandatory Field X-EXTERNAL-ID', 'request-refused'],
    ['Invalid Field Format {beneficiaryAccountNo}', 'account-inactive'],
    ['Invalid Field Format', 'account-inactive'],
    ['Inactive Account', 'account-inactive'],
    ['', 'account-inactive'],
    [undefined, 'account-inactive'],
  ] as const)('4001501 with the message %j, at BNI: %s', ([message, reason]) => {
    const answer = { code: '4001501', message, detail: undefined }
    expect(meaningOf(answer, partnerConfigurations.bni)).toEqual({
      means: 'rejected',
      reason,
    })
  })

  test('every code there can be: only 200xx00 is success, and 5xx is never a rejection', () => {
    const codes = Array.from({ length: 500 * 100 }, (_, index) => {
      const kase = `${index % 100}`.padStart(2, '0')
      return `${100 + Math.floor(index / 100)}38${kase}`
    })
    const meanings = codes.map((code) => say(code, 'wallet'))
    expect(codes.filter((_, index) => meanings[index] === 'success')).toEqual(['2003800'])
    const server = meanings.filter((_, index) => /^[15]/.test(codes[index] ?? ''))
    expect(new Set(server)).toEqual(new Set(['unknown server-error', 'unknown unlisted-code']))
  })
})

describe('whatever a partner answers', () => {
  const ours = { responseCode: '2003800', partnerReferenceNo: 'P-00017-I1-A1', referenceNo: 'R1' }
  const anyCode = fc.oneof(
    fc.stringMatching(/^[2-5]\d\d(38|39|37|17|73)\d\d$/),
    fc.constantFrom('2003800', '2003900', '2003700', '4033805', '', '38', null, 2003800),
  )
  const anyBody = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom('', 'null', '[]', '"2003800"', '<html>Bad Gateway</html>', '['.repeat(60_000)),
    fc
      .record(
        {
          responseCode: anyCode,
          responseMessage: fc.jsonValue(),
          partnerReferenceNo: fc.oneof(fc.constant(ours.partnerReferenceNo), fc.jsonValue()),
          referenceNo: fc.oneof(fc.string(), fc.jsonValue()),
          amount: fc.oneof(fc.record({ value: fc.string(), currency: fc.string() }), fc.jsonValue()),
          latestTransactionStatus: fc.oneof(fc.constantFrom('00', '03', '06', '99'), fc.jsonValue()),
          customerName: fc.jsonValue(),
          additionalInfo: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((body) => JSON.stringify(body)),
  )
  const { account, transfer, status } = servicesOf(partnerConfigurations.ovo)
  const read = (service: Service, http: number, body: string) =>
    readAnswer({ result: 'answered', status: http, body }, service, partnerConfigurations.ovo, '1')

  const anyHttp = fc.oneof(fc.constantFrom(200, 200, 202, 403), fc.integer({ min: 100, max: 599 }))

  test('a transfer has an outcome, and is paid only by an answer that says so and is ours', () => {
    fc.assert(
      fc.property(anyHttp, anyBody, (http, body) => {
        const { outcome, evidence } = transferOutcome(read(transfer, http, body), walletTransfer, now)
        expect(JSON.stringify(evidence).length).toBeLessThan(600)
        if (outcome !== 'paid') return
        const answer = JSON.parse(body)
        expect([http, answer.responseCode]).toEqual([200, '2003800'])
        expect(answer.partnerReferenceNo || ours.partnerReferenceNo).toBe(ours.partnerReferenceNo)
      }),
      { numRuns: 500 },
    )
  })

  test('so has an inquiry, and its proofs need the status', () => {
    fc.assert(
      fc.property(anyHttp, anyBody, (http, body) => {
        const { outcome } = inquiryOutcome(read(status, http, body), walletTransfer)
        if (outcome === 'paid') expect(JSON.parse(body).latestTransactionStatus).toBe('00')
        if (outcome === 'failed') expect(JSON.parse(body).latestTransactionStatus).toBe('06')
      }),
      { numRuns: 500 },
    )
  })

  test('so has an account inquiry, and it verifies no other name', () => {
    const { accountNumber: number, verifiedName: holderName, amount } = walletTransfer
    fc.assert(
      fc.property(anyHttp, anyBody, (http, body) => {
        const { outcome } = verification(read(account, http, body), { number, holderName }, amount)
        if (outcome === 'verified') expect(namesAgree(holderName, JSON.parse(body).customerName)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
