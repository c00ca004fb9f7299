import { describe, expect, it } from 'vitest'
import { printed } from './operator.ts'

/** What people see of payouts. It is noon of 12 October 2020 in Jakarta. */

const total = (count: number, oldest?: string, atLeast = false) => ({
  count,
  rupiah: count * 600_000,
  atLeast,
  ...(oldest !== undefined && { oldest }),
})
const lane = {
  due: total(0),
  later: total(3_100),
  inFlight: total(0),
  pending: total(2, '2020-10-12T11:30:00+07:00'),
  unknown: total(12, '2020-10-12T08:00:00+07:00'),
  failed: total(0),
  held: total(0),
  available: 20_000_000_000,
  paused: {},
  lastRelease: '2020-10-12T11:59:00+07:00',
}
const pause = { reason: 'operator', since: '2020-10-11T12:00:00+07:00', by: 'ops/ani' }
const wanted = {
  ...pause,
  note: 'GoPay maintenance until Monday',
  confirmed: '2020-10-12T09:00:00+07:00',
}
const payout = {
  participantId: 'P-00017',
  payout: 'incentive-2',
  kind: 'incentive',
  amount: 600_000,
  wave: 4,
  state: 'failed',
  since: '2020-10-01T10:00:00+07:00',
  partner: 'bni',
  lastFour: '4321',
  attempt: 1,
}
it('status shows every lane, and what is wrong below', async () => {
  const status = {
    at: '2020-10-12T12:00:00+07:00',
    waiting: total(120, '2020-05-01T00:00:00+07:00'),
    held: total(3, '2020-10-10T00:00:00+07:00'),
    partners: {
      bni: {
        ...lane,
        due: total(1_204, '2020-10-09T00:00:00+07:00', true),
        inFlight: total(8, '2020-10-12T11:59:58+07:00'),
        failed: total(45, '2020-10-02T00:00:00+07:00'),
        held: total(2, '2020-10-10T00:00:00+07:00'),
      },
      gopay: { ...lane, paused: { incentive: wanted, survey: wanted } },
      linkaja: { ...lane, canary: { incentive: 5, survey: 3 } },
      ovo: {
        ...lane,
        due: total(5, '2020-10-12T11:59:30+07:00'),
        available: 0,
        paused: { survey: pause },
        canary: { incentive: 5 },
      },
    },
    deadLetters: { 'local-pay-bni-dead-letters': 3 },
  }
  expect(await printed(['status'], status)).toMatchInlineSnapshot(`
    "2020-10-12 12:00 in Jakarta

    LANE        DUE          RUPIAH  OLDEST  LATER             FLOAT  RELEASED  DOOR
    bni      1,204+  Rp722,400,000+  3 days  3,100  Rp20,000,000,000  1 minute  open
    gopay         0             Rp0          3,100  Rp20,000,000,000  1 minute  paused
    linkaja       0             Rp0          3,100  Rp20,000,000,000  1 minute  canary for incentive, 5 left; canary for survey, 3 left
    ovo           5     Rp3,000,000  now     3,100               Rp0  1 minute  paused for survey; canary for incentive, 5 left

    LANE     IN FLIGHT  OLDEST  PENDING  OLDEST      UNKNOWN  OLDEST   FAILED  OLDEST   HELD  OLDEST
    bni              8  now           2  30 minutes       12  4 hours      45  10 days     2  2 days
    gopay            0                2  30 minutes       12  4 hours       0              0
    linkaja          0                2  30 minutes       12  4 hours       0              0
    ovo              0                2  30 minutes       12  4 hours       0              0

    ELSEWHERE                  PAYOUTS        RUPIAH  OLDEST
    waiting for an account         120  Rp72,000,000  164 days
    held, at whatever partner        3   Rp1,800,000  2 days

    gopay is paused for incentive and survey payouts since 2020-10-11 12:00 (1 day) by ops/ani: operator, wanted again 2020-10-12 09:00 (3 hours): GoPay maintenance until Monday
    ovo is paused for survey payouts since 2020-10-11 12:00 (1 day) by ops/ani: operator

    local-pay-bni-dead-letters holds 3 messages
    ! What is in the dead-letter queues: npm run ops -- dlq
    = 0"
  `)
})

describe('a list', () => {
  it('shows what failed, why, and whose move it is', async () => {
    const payouts = [
      { ...payout, reason: 'account-dormant', remedy: 'participant' },
      {
        ...payout,
        payout: 'survey-1',
        amount: 50_000,
        state: 'returned',
        since: '2020-10-12T11:20:00+07:00',
        remedy: 'operator',
      },
    ]
    const answer = { payouts, page: { count: 2, rupiah: 650_000 }, next: 'c2' }
    expect(await printed(['failed', '--partner', 'bni', '--limit', '2'], answer)).toMatchInlineSnapshot(`
      "PAYOUT                  AMOUNT  WAVE  PARTNER  ACCOUNT  ATTEMPT  STATE     REASON           MOVE         SINCE                    AGE
      P-00017/incentive-2  Rp600,000     4  bni      …4321          1  failed    account-dormant  participant  2020-10-01 10:00     11 days
      P-00017/survey-1      Rp50,000     4  bni      …4321          1  returned                   operator     2020-10-12 11:20  40 minutes
      2 payouts, Rp650,000, and there are more
      ! All of them: npm run ops -- failed --partner bni --all
      ! The next page: npm run ops -- failed --partner bni --limit 2 --cursor c2
      = 0"
    `)
  })

  it('shows when a partner is asked again', async () => {
    const answer = {
      payouts: [{ ...payout, state: 'unknown', at: '2020-10-12T15:30:00+07:00' }],
      page: { count: 1, rupiah: 600_000 },
    }
    expect(await printed(['unknown'], answer)).toMatchInlineSnapshot(`
      "PAYOUT                  AMOUNT  WAVE  PARTNER  ACCOUNT  ATTEMPT  STATE    SINCE                 AGE  ASKED AGAIN
      P-00017/incentive-2  Rp600,000     4  bni      …4321          1  unknown  2020-10-01 10:00  11 days  in 3 hours
      1 payout, Rp600,000
      = 0"
    `)
  })

  it('says that it is empty', async () => {
    const answer = { payouts: [], page: { count: 0, rupiah: 0 } }
    expect(await printed(['waiting', '--wave', '4'], answer)).toMatchInlineSnapshot(`
      "no payout is waiting for an account (--wave 4)
      = 0"
    `)
  })
})

describe('show', () => {
  const reference = 'P-00017-I2-A1'
  const participant = {
    participantId: 'P-00017',
    wave: 4,
    scheme: '2020',
    certificate: {
      certificateId: 'C-17',
      issuedAt: '2020-09-01T08:00:00+07:00',
      platform: 'tokopedia',
      trainingProvider: 'skill-academy',
    },
    accounts: [
      {
        partner: 'bni',
        lastFour: '4321',
        linkedAt: '2020-09-01T09:00:00+07:00',
        verification: 'verified',
        shared: true,
      },
    ],
    payouts: [
      {
        ...payout,
        reason: 'account-dormant',
        attempts: [
          {
            attempt: 1,
            reference,
            partner: 'bni',
            lastFour: '4321',
            status: 'rejected',
            since: payout.since,
            sends: 1,
          },
        ],
        next: 'It goes on by itself once the participant has linked another account.',
        move: 'participant',
      },
      {
        ...payout,
        payout: 'incentive-3',
        state: 'scheduled',
        since: '2020-11-01T00:00:00+07:00',
        attempts: [],
        next: 'Sent from 2020-11-01 on through bni.',
        move: 'system',
      },
    ],
    timeline: [
      { at: '2020-09-01T08:00:00+07:00', what: 'certificate issued', detail: 'C-17 on tokopedia' },
      {
        at: '2020-10-01T10:00:00+07:00',
        what: 'being sent',
        detail: 'Rp600,000 to bni …4321',
        by: 'pay',
        payout: 'incentive-2',
        reference,
      },
      {
        at: '2020-10-01T10:00:02+07:00',
        what: 'failed',
        detail: 'account-dormant; code 4031618, HTTP 403',
        by: 'pay/73e4f5e4-49c8-45a0-bb47-ba27e81a527c',
        payout: 'incentive-2',
        reference,
      },
      {
        at: '2020-10-02T10:00:00+07:00',
        what: 'held',
        detail: 'ticket 4711',
        by: 'ops/ani',
        payout: 'incentive-2',
      },
    ],
  }

  it('tells a participant whole', async () => {
    expect(await printed(['show', 'P-00017'], participant)).toMatchInlineSnapshot(`
      "P-00017  wave 4, scheme 2020
      certificate C-17 of skill-academy at tokopedia, issued 2020-09-01 08:00

      ACCOUNT    LINKED            VERIFICATION  NOTE
      bni …4321  2020-09-01 09:00  verified      linked by another participant, too

      PAYOUT          AMOUNT  STATE      REASON           SINCE                    AGE  MOVE         NEXT
      incentive-2  Rp600,000  failed     account-dormant  2020-10-01 10:00     11 days  participant  It goes on by itself once the participant has linked another account.
      incentive-3  Rp600,000  scheduled                   2020-11-01 00:00  in 19 days  system       Sent from 2020-11-01 on through bni.

      REFERENCE      TO         STATUS    SINCE             SENDS
      P-00017-I2-A1  bni …4321  rejected  2020-10-01 10:00      1

      WHEN (WIB)           PAYOUT       WHAT                REFERENCE      DETAIL                                   BY
      2020-09-01 08:00:00               certificate issued                 C-17 on tokopedia
      2020-10-01 10:00:00  incentive-2  being sent          P-00017-I2-A1  Rp600,000 to bni …4321                   pay
      2020-10-01 10:00:02  incentive-2  failed              P-00017-I2-A1  account-dormant; code 4031618, HTTP 403  pay
      2020-10-02 10:00:00  incentive-2  held                               ticket 4711                              ops/ani
      = 0"
    `)
  })

  it('tells one attempt by its reference', async () => {
    expect(await printed(['show', reference], participant)).toMatchInlineSnapshot(`
      "P-00017  wave 4, scheme 2020
      certificate C-17 of skill-academy at tokopedia, issued 2020-09-01 08:00

      ACCOUNT    LINKED            VERIFICATION  NOTE
      bni …4321  2020-09-01 09:00  verified      linked by another participant, too

      PAYOUT          AMOUNT  STATE   REASON           SINCE                 AGE  MOVE         NEXT
      incentive-2  Rp600,000  failed  account-dormant  2020-10-01 10:00  11 days  participant  It goes on by itself once the participant has linked another account.

      REFERENCE      TO         STATUS    SINCE             SENDS
      P-00017-I2-A1  bni …4321  rejected  2020-10-01 10:00      1

      WHEN (WIB)           PAYOUT       WHAT        REFERENCE      DETAIL                                   BY
      2020-10-01 10:00:00  incentive-2  being sent  P-00017-I2-A1  Rp600,000 to bni …4321                   pay
      2020-10-01 10:00:02  incentive-2  failed      P-00017-I2-A1  account-dormant; code 4031618, HTTP 403  pay
      = 0"
    `)
  })

  it('tells what statements say of an attempt whose outcome is unknown', async () => {
    const [first] = participant.payouts
    const attempts = first?.attempts.map((each) => ({
      ...each,
      status: 'unknown',
      statements: 'it lacks a day',
    }))
    const shown = await printed(['show', reference], { ...participant, payouts: [{ ...first, attempts }] })
    expect(shown).toContain('SENDS  STATEMENTS')
    expect(shown).toContain('    1  it lacks a day')
  })

  it('says that an attempt was never made', async () => {
    expect(await printed(['show', 'P-00017-I2-A2'], participant)).toMatchInlineSnapshot(`
      "P-00017-I2-A2 was never sent
      = 1"
    `)
  })
})
