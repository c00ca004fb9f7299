import { describe, expect, it } from 'vitest'
import type { Claim, Entry, PayoutEvent } from '../../shared/domain/entry.ts'
import type { Evidence } from '../../shared/domain/outcome.ts'
import { at } from '../domain/examples.ts'
import { misconduct } from './conduct.ts'
import { claim as first } from './examples.ts'

/** OVO recognises no reference for as long as it takes to settle; of Dana nothing is known. */
const windows = {
  bni: { settleWindowSeconds: 300, idempotencyWindowSeconds: 3_600 },
  ovo: { settleWindowSeconds: 300, idempotencyWindowSeconds: 0 },
}
const today = (time: string) => at(`2020-11-10T${time}+07:00`)

/** What somebody writes at a time of that day. */
type Step = readonly [time: string, by: string, event: PayoutEvent]

const entryOf = ([time, by, event]: Step, index: number): Entry => ({
  owner: 'P-1',
  subject: 'incentive-1',
  seq: index + 1,
  at: today(time),
  by,
  event,
  postings: [],
  previousHash: '',
})
const broken = (before: readonly Step[], step: Step) =>
  misconduct(before.map(entryOf), entryOf(step, before.length), windows)
const checksOf = (before: readonly Step[], step: Step) => broken(before, step).map(({ check }) => check)

const claim = (change: Partial<Claim> = {}): Claim => ({ ...first, ...change })
const evidence = {}
const unknown: PayoutEvent = { type: 'unknown', attempt: 1, cause: 'timeout', evidence }
const ended: PayoutEvent = { type: 'unknown', attempt: 1, cause: 'claim-term-ended', evidence }
const pending: PayoutEvent = { type: 'pending', attempt: 1, evidence }
const resent: PayoutEvent = { type: 'resent', attempt: 1, until: today('00:12:30'), evidence }
const rejected: PayoutEvent = { type: 'rejected', attempt: 1, reason: 'account-blocked', evidence }
const putOff = (attempt = 1): PayoutEvent => ({
  type: 'deferred',
  attempt,
  reason: 'daily-limit',
  notBefore: today('06:00:00'),
  evidence,
})
const refused: PayoutEvent = {
  type: 'refused',
  partner: 'ovo',
  accountVersion: 'v2',
  reason: 'account-unknown',
  evidence,
}
const returned = (proof: Evidence): PayoutEvent => ({ type: 'returned', attempt: 1, evidence: proof })
const retried: PayoutEvent = { type: 'retried', reason: 'repaired' }

const sent: Step = ['00:00:00', 'pay/1', claim()]
const lost: Step = ['00:02:30', 'inquire/2', ended]
const again: Step = ['00:10:00', 'inquire/3', resent]
const lostAgain: Step = ['00:12:30', 'inquire/4', ended]

describe('a claim', () => {
  const held: Step = ['01:00:00', 'operator/2', { type: 'held', reason: 'checked' }]
  const released: Step = ['02:00:00', 'operator/3', { type: 'hold-released', reason: 'fine' }]
  const cancelled: Step = ['03:00:00', 'operator/4', { type: 'cancelled', reason: 'asked' }]
  const surfaced: Step = ['04:00:00', 'inquire/5', { type: 'surfaced', attempt: 1, evidence }]
  it.each<[string, readonly Step[], readonly string[]]>([
    ['of what nobody holds', [], []],
    ['of what is held', [held], ['held']],
    ['of what was held', [held, released], []],
    ['of what is held again', [held, released, held], ['held']],
    ['of what is cancelled', [cancelled], ['cancelled']],
    ['of what was cancelled, and turned out to be paid', [cancelled, surfaced], []],
    ['of what is cancelled since', [surfaced, cancelled], ['cancelled']],
    ['of what is cancelled on hold', [held, cancelled], ['held', 'cancelled']],
  ])('%s', (_, before, checks) => {
    expect(checksOf(before, ['05:00:00', 'pay/6', claim({ attempt: 2 })])).toEqual(checks)
  })

  const byStatement: Step = ['00:01:00', 'reconcile/2', returned({ document: 'bni 17' })]
  const byAnswer: Step = ['00:01:00', 'inquire/2', returned({ status: '04' })]
  it.each<[string, readonly Step[], readonly string[]]>([
    ['a statement', [byStatement], ['returned']],
    ['the partner', [byAnswer], []],
    ['a statement, before it was retried', [byStatement, ['01:00:00', 'operator/3', retried]], []],
    [
      'a statement, and once more after it was retried',
      [['00:00:30', 'operator/3', retried], byStatement],
      ['returned'],
    ],
    ['a statement, before it was rejected', [byStatement, ['01:00:00', 'pay/3', rejected]], []],
    ['a statement, before an account was refused', [byStatement, ['01:00:00', 'pay/3', refused]], []],
  ])('of what has come back by the word of %s', (_, before, checks) => {
    expect(checksOf([sent, ...before], ['07:00:00', 'pay/4', claim({ attempt: 2 })])).toEqual(checks)
  })

  const deferred: Step = ['00:00:01', 'pay/1', putOff()]
  const elsewhere: readonly Step[] = [
    sent,
    ['00:00:01', 'pay/1', rejected],
    ['01:00:00', 'pay/2', claim({ attempt: 2, accountVersion: 'v2' })],
    ['01:00:01', 'pay/2', putOff(2)],
  ]
  it.each<[string, readonly Step[], string, string, readonly string[]]>([
    ['too soon', [sent, deferred], '05:59:49', 'v1', ['deferral']],
    ['by a clock that has been set back', [sent, deferred], '05:59:50', 'v1', []],
    ['to another account', [sent, deferred], '05:59:49', 'v2', []],
    ['to the account that it was put off for', elsewhere, '05:59:49', 'v2', ['deferral']],
    ['to an account from before', elsewhere, '05:59:49', 'v1', []],
    ['once it was retried', [sent, deferred, ['01:00:00', 'operator/3', retried]], '05:59:49', 'v1', []],
    ['once it was rejected', [sent, deferred, ['01:00:00', 'pay/3', rejected]], '05:59:49', 'v1', []],
    ['once an account was refused', [sent, deferred, ['01:00:00', 'pay/3', refused]], '05:59:49', 'v1', []],
    [
      'once it has come back',
      [sent, deferred, ['01:00:00', 'inquire/3', returned({})]],
      '05:59:49',
      'v1',
      [],
    ],
  ])('of what was put off, %s', (_, before, time, accountVersion, checks) => {
    expect(checksOf(before, [time, 'pay/4', claim({ attempt: 3, accountVersion })])).toEqual(checks)
  })
})

describe('a claim is given up', () => {
  it.each<[string, readonly Step[], string, readonly string[]]>([
    ['before its term ends', [sent], '00:02:19', ['expiry']],
    ['by a clock that has been set back', [sent], '00:02:20', []],
    ['before the term of its second send ends', [sent, lost, again], '00:12:19', ['expiry']],
    ['after its second send', [sent, lost, again], '00:12:20', []],
  ])('%s', (_, before, time, checks) => expect(checksOf(before, [time, 'inquire/9', ended])).toEqual(checks))

  it('only once its term ends, but what else is unknown is written before', () => {
    expect(checksOf([sent], ['00:00:10', 'pay/1', unknown])).toEqual([])
  })
})

describe.each<[string, PayoutEvent]>([
  ['pending', pending],
  ['unknown', unknown],
  ['rejected', rejected],
  ['deferred', putOff()],
])('that it is %s is written', (_, event) => {
  const hold: Step = ['00:00:01', 'operator/2', { type: 'held', reason: 'checked' }]
  it.each<[string, readonly Step[], string, readonly string[]]>([
    ['by the sender', [sent], 'pay/1', []],
    ['by another who pays', [sent], 'pay/2', ['settlement']],
    ['by another who asks', [sent], 'inquire/2', ['settlement']],
    ['by whoever has sent again', [sent, lost, again], 'inquire/3', []],
    ['by the sender when another has sent again', [sent, lost, again], 'pay/1', ['settlement']],
    ['by another who asks when it was sent again', [sent, lost, again], 'inquire/4', ['settlement']],
    ['by whoever asks, once nobody sends', [sent, lost], 'inquire/3', []],
    ['by the sender, once nobody sends', [sent, lost], 'pay/1', ['settlement']],
    ['by the sender, behind another entry', [sent, hold], 'pay/1', ['settlement']],
    ['by whoever pays, before anything is sent', [], 'pay/1', ['settlement']],
  ])('%s', (_, before, by, checks) => expect(checksOf(before, ['00:13:00', by, event])).toEqual(checks))
})

it('proof of payment is written by whoever has it', () => {
  expect(checksOf([sent], ['00:01:00', 'inquire/2', { type: 'disbursed', attempt: 1, evidence }])).toEqual([])
})

describe('a reference is sent again', () => {
  const settled = 'before its first send has settled'
  const forgotten = 'may not recognise'
  const answered = (event: PayoutEvent): Step => ['00:05:00', 'inquire/3', event]
  const because = (cause: 'duplicate-reference' | 'inconsistent-request') =>
    answered({ type: 'unknown', attempt: 1, cause, evidence })
  const atPartner = (partner: string): readonly Step[] => [['00:00:00', 'pay/1', claim({ partner })], lost]
  const earlier: readonly Step[] = [sent, ['00:00:01', 'pay/1', pending], ['00:08:00', 'inquire/2', rejected]]
  const later: readonly Step[] = [
    ['01:00:00', 'pay/3', claim({ attempt: 2, until: today('01:02:30') })],
    ['01:02:30', 'inquire/4', { ...ended, attempt: 2 }],
  ]
  it.each<[string, readonly Step[], string, readonly string[]]>([
    ['that nobody has claimed', [], '00:10:00', ['without a claim']],
    ['of another attempt than was claimed', later, '01:10:00', ['without a claim']],
    ['before it has settled', [sent, lost], '00:07:19', [settled]],
    ['by a clock that has been set back', [sent, lost], '00:07:20', []],
    ['before its second send has settled', [sent, lost, again, lostAgain], '00:17:19', [settled]],
    ['for the third time', [sent, lost, again, lostAgain], '00:17:20', []],
    ['when its partner may have forgotten it', [sent, lost], '01:00:00', [forgotten]],
    ['while its partner recognises it', [sent, lost], '00:59:59', []],
    [
      'when its partner may have forgotten its claim',
      [sent, lost, again, lostAgain],
      '01:00:00',
      [forgotten],
    ],
    ['at a partner that recognises none', atPartner('ovo'), '00:07:30', [forgotten]],
    ['at a partner that nothing is known of', atPartner('dana'), '00:07:30', [forgotten]],
    ['that is pending', [sent, lost, answered(pending)], '00:10:00', ['although bni knows it']],
    [
      'that is a duplicate',
      [sent, lost, because('duplicate-reference')],
      '00:10:00',
      ['although bni knows it'],
    ],
    ['that differs', [sent, lost, because('inconsistent-request')], '00:10:00', ['although bni knows it']],
    ['of which nothing was heard', [sent, lost, answered(unknown)], '00:10:00', []],
  ])('%s', (_, before, time, details) => {
    const problems = details.map((detail) => ({ check: 'resend', detail: expect.stringContaining(detail) }))
    expect(broken(before, [time, 'inquire/5', resent])).toMatchObject(problems)
  })

  it('whatever became of another attempt', () => {
    const second: PayoutEvent = { type: 'resent', attempt: 2, until: today('01:12:30'), evidence }
    expect(broken([...earlier, ...later], ['01:10:00', 'inquire/5', second])).toEqual([])
  })
})

describe('an attempt is closed', () => {
  const failed = (
    reason: 'failed-at-partner' | 'cancelled-at-partner' | 'attested-not-paid',
  ): PayoutEvent => ({
    type: 'rejected',
    attempt: 1,
    reason,
    evidence,
  })
  const disbursed = (proof: Evidence): PayoutEvent => ({ type: 'disbursed', attempt: 1, evidence: proof })
  const answers: readonly (readonly [string, PayoutEvent])[] = [
    ['the answer that it has failed', failed('failed-at-partner')],
    ['the answer that it was cancelled', failed('cancelled-at-partner')],
    ['the answer that it has come back', disbursed({ status: '04' })],
  ]
  const documents: readonly (readonly [string, PayoutEvent])[] = [
    ['the document that it is not paid', failed('attested-not-paid')],
    ['the document that it is paid', disbursed({ document: 'letter' })],
  ]
  const atOther = (partner: string): readonly Step[] => [['00:00:00', 'pay/1', claim({ partner })], lost]
  const twice: readonly Step[] = [sent, lost, again, lostAgain]
  const late: readonly Step[] = [
    sent,
    lost,
    ['00:50:00', 'inquire/3', { type: 'resent', attempt: 1, until: today('00:57:30'), evidence }],
    ['00:57:30', 'inquire/4', ended],
  ]
  const closes = (event: PayoutEvent, before: readonly Step[], time: string) =>
    checksOf(before, [time, 'operator/9', event])

  describe.each(answers)('by %s', (_, event) => {
    it.each<[string, readonly Step[], string, readonly string[]]>([
      ['without a claim', [], '05:00:00', ['ending']],
      ['before it has settled', [sent, lost], '00:07:19', ['ending']],
      ['once it has settled', [sent, lost], '00:07:20', []],
      ['before its second send has settled', twice, '00:17:19', ['ending']],
      ['once its second send has settled', twice, '00:17:20', []],
      ['before its term ends at a partner that nothing is known of', atOther('dana'), '00:02:19', ['ending']],
      ['once its term ends at a partner that nothing is known of', atOther('dana'), '00:02:30', []],
    ])('%s', (_, before, time, checks) => expect(closes(event, before, time)).toEqual(checks))
  })

  describe.each(documents)('by %s', (_, event) => {
    it.each<[string, readonly Step[], string, readonly string[]]>([
      ['without a claim', [], '05:00:00', ['ending']],
      ['while it may be sent again', [sent, lost], '00:59:49', ['ending']],
      ['once it may not be sent again', [sent, lost], '00:59:50', []],
      ['while it may be sent a third time', twice, '00:59:49', ['ending']],
      ['once it may not be sent a third time', twice, '00:59:50', []],
      ['before its last send has settled', late, '01:02:19', ['ending']],
      ['once its last send has settled', late, '01:02:20', []],
      ['where nothing is sent again, before it has settled', atOther('ovo'), '00:07:19', ['ending']],
      ['where nothing is sent again, once it has settled', atOther('ovo'), '00:07:20', []],
    ])('%s', (_, before, time, checks) => expect(closes(event, before, time)).toEqual(checks))
  })

  it.each<[string, string, PayoutEvent]>([
    ['by proof of payment', 'inquire/3', disbursed({ status: '00' })],
    ['by a statement', 'reconcile/3', disbursed({ document: 'bni 17' })],
    ['by what the sender was told', 'inquire/3', rejected],
  ])('%s, whenever it comes', (_, by, event) => {
    expect(checksOf([sent, lost], ['00:02:31', by, event])).toEqual([])
  })
})
