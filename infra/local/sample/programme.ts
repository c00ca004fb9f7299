import { epochMs, type Instant, instant, parseInstant } from '../../../shared/domain/instant.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import type { Random } from './random.ts'

/**
 * The programme of 2020 as far as a believable sample needs it. Times are epoch milliseconds.
 *
 * Waves: participants accepted and the day they were told. Waves 1 and 2:
 * https://www.itworks.id/28345/kemenkeu-ungkap-ruangguru-paling-banyak-dipilih-peserta-prakerja.html and
 * https://ekonomi.bisnis.com/read/20200416/9/1228282/ (told from 18 to 20 April). Wave 3: 680,000 in waves 1 to 3,
 * https://www.beritasatu.com/ekonomi/634939/. Waves 4 to 9: 800,000 each,
 * https://joglosemarnews.com/2020/09/buruan-daftar-gelombang-7-sudah-dibuka-program-kartu-prakerja-kemungkinan-tersisa-4-gelombang/.
 * Wave 10: what the quota of 5,597,183 left. Wave 11: 390,000. Days told of waves 4, 10 and 11:
 * https://www.kompas.com/tren/copy/2020/08/15/145506465/, Kompas of 5 October and
 * https://www.kompas.com/tren/read/2020/11/10/204343265/. The other days told are an assumption: a few days after
 * the wave's registration closed.
 */
export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** The instant of an ISO text with an offset, in epoch milliseconds. Throws on anything else. */
export function at(text: string): number {
  const moment = parseInstant(text)
  if (!moment) throw new RangeError(`not an instant: ${text}`)
  return epochMs(moment)
}
export const asInstant = (ms: number): Instant => instant(ms)

type Wave = { readonly wave: number; readonly accepted: number; readonly told: number }
export const waves: readonly Wave[] = [
  { wave: 1, accepted: 168_111, told: at('2020-04-20T09:00:00+07:00') },
  { wave: 2, accepted: 288_154, told: at('2020-04-28T09:00:00+07:00') },
  { wave: 3, accepted: 224_000, told: at('2020-05-05T09:00:00+07:00') },
  { wave: 4, accepted: 800_000, told: at('2020-08-16T09:00:00+07:00') },
  { wave: 5, accepted: 800_000, told: at('2020-08-21T09:00:00+07:00') },
  { wave: 6, accepted: 800_000, told: at('2020-09-03T09:00:00+07:00') },
  { wave: 7, accepted: 800_000, told: at('2020-09-10T09:00:00+07:00') },
  { wave: 8, accepted: 800_000, told: at('2020-09-17T09:00:00+07:00') },
  { wave: 9, accepted: 800_000, told: at('2020-09-25T09:00:00+07:00') },
  { wave: 10, accepted: 116_900, told: at('2020-10-02T09:00:00+07:00') },
  { wave: 11, accepted: 390_000, told: at('2020-11-10T18:00:00+07:00') },
]

/** A whole second from `first` to `last`, seldom at night; `first` when `last` is before it. */
export function momentBetween(first: number, last: number, random: Random): number {
  if (last <= first) return first
  const draws = Array.from({ length: 3 }, () => random.between(first / second, last / second) * second)
  const byDay = draws.find((moment) => new Date(moment + 7 * hour).getUTCHours() >= 6)
  return byDay ?? first
}

/** The last second of the last day on which a first certificate counts. */
export const lastCertificate = at(`${scheme2020.lastCertificate}T23:59:59+07:00`)
/** The last second in which a participant may link or change an account. */
export const lastLink = at(`${scheme2020.lastLink}T23:59:59+07:00`)
/**
 * The third survey opened on 17 November and all closed on 15 December:
 * https://liputan6.com/amp/4410378/ingin-dapat-rp-50-ribu-ayo-ikuti-survei-evaluasi-3-kartu-prakerja
 */
export const thirdSurveyOpens = at('2020-11-17T10:00:00+07:00')
export const surveysClose = at('2020-12-15T23:59:59+07:00')

/** Account numbers of the publishers: who may put which source on the bus. */
export const publisherAccounts = {
  core: '100000000000',
  tokopedia: '100000000001',
  bukalapak: '100000000002',
  'pijar-mahir': '100000000003',
  pintaria: '100000000004',
  'mau-belajar-apa': '100000000005',
  'sekolah-mu': '100000000006',
  sisnaker: '100000000007',
  ruangguru: '100000000008',
} as const
export type Platform = Exclude<keyof typeof publisherAccounts, 'core'>
export type Partner = 'bni' | 'gopay' | 'linkaja' | 'ovo'

/**
 * Waves 1 to 3: trainings bought per platform, Ministry of Finance, 19 May 2020, as printed at
 * https://www.itworks.id/28345/kemenkeu-ungkap-ruangguru-paling-banyak-dipilih-peserta-prakerja.html
 */
const soldUntilWave3: Readonly<Record<Platform, number>> = {
  ruangguru: 62_184,
  sisnaker: 11_169,
  bukalapak: 8_466,
  pintaria: 6_529,
  tokopedia: 6_356,
  'sekolah-mu': 6_337,
  'pijar-mahir': 3_206,
  'mau-belajar-apa': 2_665,
}
/** Waves 4 to 11, without Ruangguru: no published split was found, so these shares are an assumption. */
const assumedSinceWave4: Readonly<Partial<Record<Platform, number>>> = {
  tokopedia: 40,
  bukalapak: 21,
  'pijar-mahir': 13,
  pintaria: 10,
  'mau-belajar-apa': 6,
  'sekolah-mu': 6,
  sisnaker: 4,
}
export const platformShares = (wave: number): Readonly<Partial<Record<Platform, number>>> =>
  wave <= 3 ? soldUntilWave3 : assumedSinceWave4

/**
 * Three of four recipients chose a wallet (https://infobanknews.com/penyaluran-insentif-prakerja-bisa-lewat-dana);
 * the split among the three wallets is an assumption.
 */
export const partnerShares: Readonly<Record<Partner, number>> = { bni: 25, ovo: 30, gopay: 29, linkaja: 16 }
export const wallets: readonly Partner[] = ['gopay', 'linkaja', 'ovo']

/**
 * Who taught, on every platform but Ruangguru's own, where Skill Academy always does. The names are from
 * https://opera.liputan6.com/tekno/read/4511254/; the shares are an assumption.
 */
export const providerShares = {
  'skill-academy': 30,
  cakap: 20,
  'cyber-edu-inkor': 20,
  'baking-world': 16,
  'g-trust': 9,
  ruangguru: 5,
} as const

/** When the nightly run is, after midnight UTC. */
const nightly = 17 * hour - minute / 2
/**
 * When things are put on the bus. Platforms and the core publish together, every night at 23:59:30 in Jakarta;
 * the core goes on after the last certificates at a few fixed nights only. Both are an assumption, and they keep
 * the number of distinct instants, and so the time a simulated run takes, the same for any number of participants.
 */
const nightlyUntil = at('2020-12-20T16:59:30Z')
const lastCalls = ['2021-01-05', '2021-01-20', '2021-02-10', '2021-02-25', '2021-03-04', '2021-03-05'].map(
  (date) => at(`${date}T16:59:30Z`),
)
/** The first run after `moment`. Nothing is published after the last one, so that also takes what comes later. */
export function nextRun(moment: number): number {
  const night = Math.floor((moment - nightly) / day) * day + day + nightly
  if (night <= nightlyUntil) return night
  const call = lastCalls.find((candidate) => candidate > moment)
  return call ?? Math.max(...lastCalls)
}

/** Twelve moments at odd hours, some three weeks apart, at which a platform catches up on what it forgot. */
const oddMoments = Array.from(
  { length: 12 },
  (_, index) => at('2020-04-27T02:17:00Z') + index * (21 * day + 9 * hour + 23 * minute),
)
/** The first odd moment at least two days after `moment`; the last of them is after the last certificates. */
export function nextOddMoment(moment: number): number {
  const odd = oddMoments.find((candidate) => candidate >= moment + 2 * day)
  return odd ?? Math.max(...oddMoments)
}
