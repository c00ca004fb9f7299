import { describe, expect, it } from 'vitest'
import { describeReport, isSound, type Report } from '../../infra/local/report.ts'
import { at } from '../domain/examples.ts'

const report: Report = {
  events: { received: 4_844, accepted: 4_800, duplicate: 40, quarantined: { malformed: 3, unknown_wave: 1 } },
  entitlements: 1_000,
  payouts: { waiting: 0, scheduled: 0, failed: 12, paid: 6_988 },
  failed: { 'wallet-not-upgraded': 10, 'float-empty': 2 },
  rupiah: {
    accrued: 2_550_000_000,
    payable: 7_200_000,
    inTransit: 0,
    paid: 2_542_800_000,
    cancelled: 0,
    overpaid: 0,
  },
  partners: {
    bni: { paid: 1_000, rupiah: 400_000_000, partnerBookPaid: 1_000, partnerBookRupiah: 400_000_000 },
    ovo: { paid: 5_988, rupiah: 2_142_800_000, partnerBookPaid: 5_987, partnerBookRupiah: 2_142_200_000 },
  },
  doublePaid: 0,
  lost: 0,
  booksBalance: true,
  writeUnitsPerPayout: 9.04,
  payoutsPerSecond: 250.1,
  seconds: 27.9,
}

describe('the report', () => {
  it('is a page that people can read', () => {
    expect(`\n${describeReport(report, 17)}\n`).toBe(`
Events
  received                    4,844
  accepted                    4,800
  duplicate                      40
  quarantined                     4
    malformed                     3
    unknown_wave                  1
  dated later, not published     17

Payouts: 7,000 under 1,000 entitlements
  failed     12
  paid    6,988

Failed and not paid since: why, how many, whose move
  wallet-not-upgraded  10  participant
  float-empty           2  operator

Rupiah
  accrued                        Rp2,550,000,000
  paid                           Rp2,542,800,000
  in transit                                 Rp0
  payable                            Rp7,200,000
  cancelled, back in the budget              Rp0
  overpaid, to be recovered                  Rp0

Partners
        paid     by our books   paid  by the partner's
  bni  1,000    Rp400,000,000  1,000     Rp400,000,000
  ovo  5,988  Rp2,142,800,000  5,987   Rp2,142,200,000

Promises
  paid twice           0
  lost                 0
  the books balance  yes

9.04 write units per payout · 250.1 payouts per second · 27.9 seconds
`)
  })

  it('says how far back its events go, where that is not the beginning', () => {
    const since = describeReport({ ...report, eventsSince: at('2020-11-15T23:59:59+07:00') }, 0)
    expect(since.split('\n')[0]).toBe('Events after 2020-11-15')
  })

  it.each([
    [{}, true],
    [{ doublePaid: 1 }, false],
    [{ lost: 1 }, false],
    [{ booksBalance: false }, false],
  ])('is sound when its promises are kept: %j', (change, sound) => {
    expect(isSound({ ...report, ...change })).toBe(sound)
  })
})
