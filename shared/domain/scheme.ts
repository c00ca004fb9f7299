import { type CivilDate, civilDate, type Instant, plusDays, startOfDay } from './instant.ts'
import { instalmentOf, type Kind, kindOf, type Payout, payouts } from './payout.ts'
import { multiply, type Rupiah, rupiah, sum } from './rupiah.ts'

/** A stretch of days in which nothing is paid, and what becomes of payouts whose date falls into it. */
export type Blackout = {
  /** First day without payments. */
  readonly from: CivilDate
  /** First day with payments again. */
  readonly until: CivilDate
  /** Payouts dated `from`..`datedTo` are paid early, spread by shard over the days `opensFrom`..`opensTo`. */
  readonly early: { readonly datedTo: CivilDate; readonly opensFrom: CivilDate; readonly opensTo: CivilDate }
}

/** The money rules of a range of waves, as data. Days are Jakarta's and inclusive unless said otherwise. */
export type Scheme = {
  readonly name: string
  readonly waves: { readonly first: number; readonly last: number }
  /** Rupiah of one payout of each kind. */
  readonly amount: Readonly<Record<Kind, Rupiah>>
  /** How many payouts of each kind. */
  readonly instalments: Readonly<Record<Kind, number>>
  readonly monthsBetweenIncentives: number
  /** The decree (SK-PKP) each component is paid under. */
  readonly decree: Readonly<Record<Kind, string>>
  readonly firstCertificate: CivilDate
  readonly lastCertificate: CivilDate
  readonly lastLink: CivilDate
  readonly lastPayment: CivilDate
  readonly blackouts: readonly Blackout[]
  readonly budget: Rupiah
  readonly participantCap: number
}

/**
 * Kartu Prakerja 2020. Amounts: https://ekonomi.bisnis.com/read/20200402/9/1221568/ · first day: Perpres
 * 36/2020, signed 28 February 2020 · last certificate and the year-end blackout:
 * https://kaltim.tribunnews.com/2020/12/04/penjelasan-soal-insentif-prakerja-ditunda-15-desember-2020-5-januari-2021-lekas-isi-survei-prakerja
 * · last link and last payment: https://www.kompas.com/tren/read/2021/03/03/071500665/ · budget and participants:
 * https://ekonomi.bisnis.com/read/20200402/9/1221568/. The months between incentives are counted from the
 * certificate's day (our decision: no public source gives the interval). The decrees' numbers are not public;
 * these names stand for them.
 */
export const scheme2020 = {
  name: 'prakerja-2020',
  waves: { first: 1, last: 11 },
  amount: { incentive: rupiah(600_000), survey: rupiah(50_000) },
  instalments: { incentive: 4, survey: 3 },
  monthsBetweenIncentives: 1,
  decree: { incentive: 'SK-PKP-2020-INCENTIVE', survey: 'SK-PKP-2020-SURVEY' },
  firstCertificate: civilDate('2020-02-28'),
  lastCertificate: civilDate('2020-12-15'),
  lastLink: civilDate('2021-03-04'),
  lastPayment: civilDate('2021-03-05'),
  blackouts: [
    {
      from: civilDate('2020-12-15'),
      until: civilDate('2021-01-05'),
      early: {
        datedTo: civilDate('2020-12-31'),
        opensFrom: civilDate('2020-12-07'),
        opensTo: civilDate('2020-12-14'),
      },
    },
  ],
  budget: rupiah(20_000_000_000_000),
  participantCap: 5_600_000,
} as const satisfies Scheme

const known = [scheme2020] as const
export const schemes: readonly Scheme[] = known
/** What stages and the journal call a scheme. */
export type SchemeName = (typeof known)[number]['name']

export const schemeOfWave = (wave: number): Scheme | undefined =>
  schemes.find(({ waves }) => wave >= waves.first && wave <= waves.last)

/** Throws when no scheme has that name: a stored name is always one of ours. */
export function schemeNamed(name: string): Scheme {
  const scheme = schemes.find((candidate) => candidate.name === name)
  if (!scheme) throw new Error(`no scheme is named ${name}`)
  return scheme
}

export const payoutsOf = (scheme: Scheme): readonly Payout[] =>
  payouts.filter((payout) => instalmentOf(payout) <= scheme.instalments[kindOf(payout)])

export const amountOf = (scheme: Scheme, payout: Payout): Rupiah => scheme.amount[kindOf(payout)]

/** What one participant is owed under a component, in rupiah. */
export const componentTotal = (scheme: Scheme, kind: Kind): Rupiah =>
  multiply(scheme.amount[kind], scheme.instalments[kind])

/** The most one participant can ever be paid: Rp2,550,000 in 2020. */
export const participantCeiling = (scheme: Scheme): Rupiah =>
  sum([componentTotal(scheme, 'incentive'), componentTotal(scheme, 'survey')])

/** What contradicts itself in a scheme's data, in words; empty when nothing does. */
export function checkScheme(scheme: Scheme): string[] {
  const problems: string[] = []
  const say = (wrong: boolean, problem: string) => wrong && problems.push(`scheme ${scheme.name}: ${problem}`)
  say(scheme.waves.first > scheme.waves.last, 'waves end before they begin')
  say(scheme.firstCertificate > scheme.lastCertificate, 'lastCertificate is before firstCertificate')
  say(scheme.lastCertificate > scheme.lastPayment, 'lastPayment is before lastCertificate')
  say(scheme.lastLink > scheme.lastPayment, 'lastPayment is before lastLink')
  say(
    participantCeiling(scheme) * scheme.participantCap > scheme.budget,
    'budget is less than participantCap participants can be owed',
  )
  for (const { from, until, early } of scheme.blackouts) {
    say(from >= until, `blackout of ${from} ends before it begins`)
    say(early.opensFrom > early.opensTo, `early opening before ${from} ends before it begins`)
    say(early.opensTo >= from, `early opening reaches into the blackout of ${from}`)
    say(early.datedTo < from || early.datedTo >= until, `early dates lie outside the blackout of ${from}`)
  }
  return problems
}

/** What follows from a scheme's data alone: worked out once for each, since every look at a payout asks for it. */
export function derivedFrom<Derived extends object | string>(derive: (scheme: Scheme) => Derived) {
  const known = new WeakMap<Scheme, Derived>()
  return (scheme: Scheme): Derived => {
    const derived = known.get(scheme) ?? derive(scheme)
    known.set(scheme, derived)
    return derived
  }
}

/** The instant from which nothing is paid any more: 00:00 in Jakarta on the day after the last payment. */
export const endOfPayments = derivedFrom(({ lastPayment }): Instant => startOfDay(plusDays(lastPayment, 1)))

const contradictions = schemes.flatMap(checkScheme)
if (contradictions.length > 0) throw new Error(`unsound scheme data: ${contradictions.join('; ')}`)
