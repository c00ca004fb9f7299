import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import { type RefusalReason, refusalReasons } from '../../../functions/intake/refusals.ts'
import { civilDate } from '../../../shared/domain/instant.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import {
  accountLinked,
  type Change,
  certificateIssued,
  type Envelope,
  publishers,
  surveyCompleted,
} from '../events.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const now = at('2020-09-18T10:00:01+07:00')
const deps = {
  ledger,
  publishers,
  partners: { gopay: 'wallet', bni: 'bank' } as const,
  shards: 2,
  scheme: scheme2020,
}
const take = (event: unknown, at = now) => takeIn(deps, JSON.stringify(event), at, 'intake/test')

let participants = 0
const newParticipant = () => `P-${++participants}`

type Wrong = (event: Envelope) => Envelope
const detail =
  (change: Change): Wrong =>
  (event) => ({ ...event, detail: { ...event.detail, ...change } })
const envelope =
  (change: Partial<Envelope>): Wrong =>
  (event) => ({ ...event, ...change })
const asRuangguru: Wrong = (event) => {
  const source = 'prakerja.platform.ruangguru'
  return envelope({ source, account: publishers[source] })(detail({ platform: 'ruangguru' })(event))
}

type Wrongs = Readonly<Partial<Record<RefusalReason, Wrong>>>
/** An event of each type that is known already, and every way in which it can be wrong. */
const wrongs: Readonly<Record<string, readonly [Envelope, Wrongs]>> = {
  CertificateIssued: [
    certificateIssued('P-KNOWN'),
    {
      malformed: detail({ trainingProvider: undefined }),
      unknown_platform: detail({ platform: 'shopee' }),
      wrong_publisher: envelope({ account: '999999999999' }),
      unknown_wave: detail({ wave: 12 }),
      platform_not_partner_in_wave: asRuangguru,
      outside_scheme: detail({ issuedAt: '2020-12-16T00:00:00+07:00' }),
      issued_in_future: detail({ issuedAt: '2020-09-18T10:05:02+07:00' }),
      certificate_conflict: detail({ certificateId: 'C-P-KNOWN', trainingId: 'T-0002' }),
      wave_conflict: detail({ certificateId: 'C-P-KNOWN-2', wave: 6 }),
    },
  ],
  SurveyCompleted: [
    surveyCompleted('P-KNOWN'),
    {
      malformed: detail({ survey: 4 }),
      wrong_publisher: envelope({ source: 'prakerja.platform.tokopedia', account: '100000000001' }),
      issued_in_future: detail({ completedAt: '2020-09-18T10:05:02+07:00' }),
      survey_conflict: detail({ completedAt: '2020-09-18T09:00:01+07:00' }),
    },
  ],
  PayoutAccountLinked: [
    accountLinked('P-KNOWN'),
    {
      malformed: detail({ holderName: '' }),
      wrong_publisher: envelope({ source: 'prakerja.other' }),
      unknown_partner: detail({ partner: 'dana' }),
      invalid_account_number: detail({ accountNumber: '0215550123' }),
      outside_scheme: detail({ linkedAt: '2021-03-05T00:00:00+07:00' }),
      issued_in_future: detail({ linkedAt: '2020-09-18T10:05:02+07:00' }),
    },
  ],
}

const quarantined = new Map<string, string>()
const order = Object.keys(refusalReasons)
const cases = Object.entries(wrongs).flatMap(([type, [event, each]]) => {
  const list = Object.entries(each).sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))
  const alone = list.map(([reason, wrong]) => ({ name: `${type}: ${reason}`, event, reason, wrong }))
  const pairs = alone.flatMap((first, index) =>
    alone.slice(index + 1).map((second) => ({
      ...first,
      name: `${first.name} before ${second.reason}`,
      wrong: (event: Envelope) => first.wrong(second.wrong(event)),
    })),
  )
  return [...alone, ...pairs]
})

describe('an event is quarantined for the first reason there is', () => {
  const takeAll = async () => {
    const taken = Object.values(wrongs).map(([event]) => take(event))
    return (await Promise.all(taken)).map(({ outcome }) => outcome)
  }
  beforeAll(async () => {
    expect(await takeAll()).toEqual(['accepted', 'accepted', 'accepted'])
  })

  test.for(cases)('$name', async ({ event, reason, wrong }) => {
    const refused = wrong(event)
    expect(await take(refused)).toEqual({ outcome: 'quarantined', reason })
    quarantined.set(JSON.stringify(refused), reason)
  })

  test('with which it is kept, whole', async () => {
    const kept = await ledger.quarantine.list(1_000)
    for (const [body, reason] of quarantined) {
      const hash = createHash('sha256').update(body).digest('hex')
      expect(kept.find((refused) => refused.hash === hash)).toMatchObject({ reason, body, at: now })
    }
  })

  test('and has no effect', async () => {
    expect(await takeAll()).toEqual(['duplicate', 'duplicate', 'duplicate'])
    expect(await ledger.accounts.read('P-KNOWN')).toHaveLength(1)
  })

  test('which covers every reason but an event type nobody knows', () => {
    const covered = new Set([...cases.map(({ reason }) => reason), 'unknown_event_type'])
    expect(order.filter((reason) => !covered.has(reason))).toEqual([])
  })

  test('a certificate of a scheme that this stage does not pay', async () => {
    const other = { ...scheme2020, name: 'prakerja-2021', waves: { first: 12, last: 22 } }
    const event = JSON.stringify(certificateIssued(newParticipant()))
    const taken = await takeIn({ ...deps, scheme: other }, event, now, 'intake/test')
    expect(taken).toEqual({ outcome: 'quarantined', reason: 'unknown_wave' })
  })

  test('an account that is linked after the last link of the stage’s scheme', async () => {
    const other = { ...scheme2020, lastLink: civilDate('2020-08-31') }
    const event = JSON.stringify(accountLinked(newParticipant()))
    const taken = await takeIn({ ...deps, scheme: other }, event, now, 'intake/test')
    expect(taken).toEqual({ outcome: 'quarantined', reason: 'outside_scheme' })
  })

  test.for<[string, Wrong, RefusalReason]>([
    ['an unknown type', envelope({ 'detail-type': 'CertificateRevoked' }), 'unknown_event_type'],
    ['a type in other letters', envelope({ 'detail-type': 'certificateissued' }), 'unknown_event_type'],
    ['a type that every object has', envelope({ 'detail-type': 'constructor' }), 'unknown_event_type'],
    ['an unknown type from nobody', envelope({ 'detail-type': 'X', source: 'x' }), 'unknown_event_type'],
    [
      'the source of an unknown platform',
      envelope({ source: 'prakerja.platform.shopee' }),
      'unknown_platform',
    ],
    ['a source that every object has', envelope({ source: 'constructor' }), 'wrong_publisher'],
    ['a platform that every object has', detail({ platform: 'constructor' }), 'unknown_platform'],
    [
      'the source of another platform',
      envelope({ source: 'prakerja.platform.bukalapak' }),
      'wrong_publisher',
    ],
    ['the account of another platform', envelope({ account: '100000000002' }), 'wrong_publisher'],
    ['the core as source', envelope({ source: 'prakerja.core' }), 'wrong_publisher'],
    ['a day before the scheme', detail({ issuedAt: '2020-02-27T23:59:59+07:00' }), 'outside_scheme'],
    ['the end of time', detail({ issuedAt: '9999-12-31T23:59:59Z' }), 'outside_scheme'],
    ['the beginning of time', detail({ issuedAt: '0000-01-01T00:00:00Z' }), 'outside_scheme'],
  ])('a certificate with %s', async ([, wrong, reason]) => {
    expect(await take(wrong(certificateIssued(newParticipant())))).toMatchObject({ reason })
  })

  test.for<[string, Change, RefusalReason]>([
    ['a partner that every object has', { partner: '__proto__' }, 'unknown_partner'],
    ['letters at a bank', { partner: 'bni', accountNumber: '01234S6789' }, 'invalid_account_number'],
    [
      'a wallet number at a bank',
      { partner: 'bni', accountNumber: '+6281234567890' },
      'invalid_account_number',
    ],
    ['a number too short for a bank', { partner: 'bni', accountNumber: '0123' }, 'invalid_account_number'],
    ['a number with a line break', { partner: 'bni', accountNumber: '0123456789\n' }, 'malformed'],
    ['digits of another script', { partner: 'bni', accountNumber: '٠١٢٣٤٥٦٧٨٩' }, 'invalid_account_number'],
    ['the end of time', { linkedAt: '9999-12-31T23:59:59Z' }, 'outside_scheme'],
  ])('an account with %s', async ([, change, reason]) => {
    expect(await take(accountLinked(newParticipant(), change))).toMatchObject({ reason })
  })
})

describe('what is just right is accepted', () => {
  test.for<[string, (participantId: string) => Envelope, string?]>([
    ['five minutes ahead', (id) => certificateIssued(id, { issuedAt: '2020-09-18T10:05:01+07:00' })],
    ['the first day', (id) => certificateIssued(id, { issuedAt: '2020-02-28T00:00:00+07:00' })],
    [
      'the last second of the last day for certificates',
      (id) => certificateIssued(id, { issuedAt: '2020-12-15T23:59:59.999+07:00' }),
      '2020-12-16T00:00:00+07:00',
    ],
    [
      'the last second of the last day for linking',
      (id) => accountLinked(id, { linkedAt: '2021-03-04T23:59:59+07:00' }),
      '2021-03-04T23:59:59+07:00',
    ],
    ['Ruangguru in wave 3', (id) => asRuangguru(certificateIssued(id, { wave: 3 }))],
    ['a field nobody knows', (id) => detail({ colour: 'red' })(surveyCompleted(id))],
    ['a bank account', (id) => accountLinked(id, { partner: 'bni', accountNumber: '00000' })],
    ['a number written apart', (id) => accountLinked(id, { accountNumber: '+62 812-3456-7890' })],
    ['another way to write the time', (id) => surveyCompleted(id, { completedAt: '2020-09-18 02:00Z' })],
  ])('%s', async ([, build, when]) => {
    const taken = await take(build(newParticipant()), when === undefined ? now : at(when))
    expect(taken).toMatchObject({ outcome: 'accepted' })
  })
})
