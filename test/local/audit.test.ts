import { describe, expect, it } from 'vitest'
import { audit } from '../../infra/local/audit/audit.ts'
import { partnerBreaks } from '../../infra/local/audit/books.ts'
import { participantId } from '../domain/examples.ts'
import { bodies, debit, soundProgramme } from './audited.ts'

type Sound = ReturnType<typeof soundProgramme>

describe('a sound programme', () => {
  const { figures, problems } = audit(soundProgramme().programme)

  it('has no problem', () => {
    expect(problems).toEqual([])
    expect(figures).toMatchObject({ doublePaid: 0, lost: 0, booksBalance: true })
  })

  it('has every event in one place', () => {
    expect(figures.events).toEqual({
      received: 4,
      accepted: 3,
      duplicate: 0,
      quarantined: { malformed: 1 },
    })
  })

  it('counts payouts by state and failures by reason', () => {
    expect(figures.entitlements).toBe(1)
    expect(figures.payouts).toMatchObject({
      paid: 2,
      unknown: 1,
      failed: 1,
      scheduled: 1,
      waiting: 2,
      held: 0,
    })
    expect(figures.failed).toEqual({ 'account-dormant': 1 })
  })

  it('knows where every rupiah is', () => {
    expect(figures.rupiah).toEqual({
      accrued: 2_550_000,
      payable: 1_300_000,
      inTransit: 600_000,
      paid: 650_000,
      cancelled: 0,
      overpaid: 0,
    })
    expect(figures.partners).toEqual({
      gopay: { paid: 2, rupiah: 650_000, partnerBookPaid: 2, partnerBookRupiah: 650_000 },
      ovo: { paid: 0, rupiah: 0, partnerBookPaid: 0, partnerBookRupiah: 0 },
    })
  })
})

describe('events', () => {
  const figuresOf = (...published: string[]) => audit({ ...soundProgramme().programme, published }).figures

  it('count once, and as duplicates from then on', () => {
    const spelledOtherwise = bodies.account.replace('0812-0000-001', '+628120000001')
    expect(figuresOf(bodies.account, spelledOtherwise, bodies.account).events).toMatchObject({
      accepted: 1,
      duplicate: 2,
    })
    expect(figuresOf(bodies.refused, bodies.refused).events).toMatchObject({
      duplicate: 1,
      quarantined: { malformed: 1 },
    })
  })

  it.each([
    ['another account', bodies.account.replace('0812-0000-001', '0812-0000-002')],
    ['another survey', bodies.survey.replace('"survey":1', '"survey":2')],
    ['other content under a known certificate id', bodies.certificate.replace('T-0001', 'T-0002')],
    ['nothing we know', '{}'],
  ])('without a trace are lost: %s', (_, body) => {
    expect(figuresOf(body)).toMatchObject({ lost: 1, events: { received: 1, accepted: 0, duplicate: 0 } })
  })
})

describe('what an audit finds', () => {
  const extra = 'P-00017-I1-A2'
  const cases: [string, (sound: Sound) => void, object, RegExp][] = [
    [
      'a payout credited twice under two references',
      ({ gopay }) => debit(gopay, extra, 600_000),
      { doublePaid: 1, booksBalance: false },
      /paid twice: P-00017 incentive-1/,
    ],
    [
      'money for somebody who is owed nothing',
      ({ gopay }) => debit(gopay, 'P-00099-I1-A1', 600_000),
      { doublePaid: 1, booksBalance: false },
      /P-00099-I1-A1: only gopay knows of it/,
    ],
    [
      'a failed attempt that the partner has paid',
      ({ gopay }) => debit(gopay, 'P-00017-I3-A1', 600_000),
      { doublePaid: 0, booksBalance: false },
      /P-00017-I3-A1: 0 by our books, 600000 by those of gopay/,
    ],
    [
      'a row in no list that should be in one',
      ({ participant: { rows } }) => {
        const row = rows.get('incentive-4')
        if (!row) return
        const { list: _, at: __, ...hidden } = row
        rows.set('incentive-4', hidden)
      },
      { lost: 1, booksBalance: true },
      /incentive-4 is scheduled in list none, should be scheduled in list open#gopay#/,
    ],
    [
      'a payout without a row',
      ({ participant }) => participant.rows.delete('survey-3'),
      { lost: 1, booksBalance: true },
      /survey-3 has no row/,
    ],
    [
      'an entry that was changed',
      ({ participant }) => {
        const chain = participant.chains.get('incentive-1') ?? []
        const [claim] = chain
        if (claim) chain[0] = { ...claim, by: 'somebody' }
      },
      { booksBalance: false },
      /P-00017 incentive-1: entry 2 does not continue the one before/,
    ],
    [
      'a claim without its postings',
      ({ participant }) => {
        const chain = participant.chains.get('incentive-4') ?? []
        const [claim] = participant.chains.get('incentive-3') ?? []
        if (claim) chain.push({ ...claim, subject: 'incentive-4', postings: [] })
      },
      { booksBalance: false },
      /in-transit\/gopay/,
    ],
  ]

  it.each(cases)('%s', (_, spoil, figures, words) => {
    const sound = soundProgramme()
    spoil(sound)
    const found = audit(sound.programme)
    expect(found.figures).toMatchObject(figures)
    expect(found.problems.join('\n')).toMatch(words)
  })

  it.each([
    ['given up, which stays paid', 'written-off', 600_000, []],
    ['recovered', 'recovered', 0, []],
    [
      'recovered, as we say',
      'recovered',
      600_000,
      ['P-00017-I3-A1: 0 by our books, 600000 by those of gopay'],
    ],
  ] as const)('and of money that was paid twice and is %s', (_, ending, theirs, found) => {
    const { programme, gopay } = soundProgramme()
    if (theirs > 0) debit(gopay, 'P-00017-I3-A1', theirs)
    const payouts = audit(programme).payouts.map((payout) => ({
      ...payout,
      standing: {
        ...payout.standing,
        attempts: payout.standing.attempts.map((attempt) =>
          attempt.status === 'rejected' ? { ...attempt, status: 'returned' as const, ending } : attempt,
        ),
      },
    }))
    expect(partnerBreaks(programme.books, payouts)).toEqual(found)
  })

  it('but not what is open: nobody knows yet', () => {
    const { programme, gopay } = soundProgramme()
    debit(gopay, `${participantId}-I2-A1`, 600_000)
    expect(audit(programme).problems).toEqual([])
  })
})
