import { type Certificate, certificateIssued, type Publication } from './envelope.ts'
import type { TrainingOddity } from './oddities.ts'
import {
  at,
  day,
  hour,
  lastCertificate,
  momentBetween,
  nextOddMoment,
  nextRun,
  platformShares,
  providerShares,
  second,
  waves,
} from './programme.ts'
import type { Random } from './random.ts'

/** A participant's certificates: the first as issued, when it is published, and all that is published. */
export type Trained = {
  readonly first: Certificate
  readonly firstPublishedAt: number
  /** When the participant was told of having been accepted. */
  readonly told: number
  readonly publications: readonly Publication[]
}

type Request = {
  readonly participantId: string
  readonly oddity: TrainingOddity | undefined
  /** The first certificate may not be published sooner than this after its issue, in milliseconds. */
  readonly heldBack: number
  readonly random: Random
}

const monthEnds = [
  { date: '2020-05-31', waves: [1, 2, 3] },
  { date: '2020-07-31', waves: [2, 3] },
  { date: '2020-08-31', waves: [4, 5] },
  { date: '2020-10-31', waves: [6, 7, 8, 9] },
  { date: '2020-11-30', waves: [9, 10, 11] },
]

function waveOf(candidates: readonly number[], random: Random): { wave: number; told: number } {
  const possible = waves.filter(({ wave }) => candidates.includes(wave))
  const shares = Object.fromEntries(possible.map(({ wave, accepted }) => [String(wave), accepted]))
  const drawn = random.weighted(shares)
  return possible.find(({ wave }) => String(wave) === drawn) ?? random.pick(possible)
}

const midnightBefore = (moment: number): number => Math.floor((moment + 7 * hour) / day) * day - 7 * hour

/** The first certificate's moment: from three days after being told, most within a month, all within eighty days. */
function usualIssue(told: number, random: Random): number {
  const earliest = told + 3 * day
  const span = Math.min(75 * day, lastCertificate - earliest)
  const drawn = earliest + Math.floor((span * random.next() ** 2) / second) * second
  return Math.min(momentBetween(drawn, drawn + day, random), lastCertificate)
}

/** Which wave accepted the participant, and when the first certificate is issued. */
function beginning(oddity: TrainingOddity | undefined, random: Random) {
  if (oddity === 'month-end') {
    const end = random.pick(monthEnds)
    const morning = at(`${end.date}T06:00:00+07:00`)
    return { ...waveOf(end.waves, random), issuedAt: momentBetween(morning, morning + 17 * hour, random) }
  }
  if (oddity === 'last-second') return { ...waveOf([10, 11], random), issuedAt: lastCertificate }
  const everyWave = waves.map(({ wave }) => wave)
  const accepted =
    oddity === 'skill-academy-on-tokopedia'
      ? waveOf(everyWave.slice(3), random)
      : waveOf(oddity === 'wave-conflict' ? [4] : everyWave, random)
  const usual = usualIssue(accepted.told, random)
  if (oddity !== 'around-midnight') return { ...accepted, issuedAt: usual }
  return { ...accepted, issuedAt: midnightBefore(usual) + random.pick([-30, -1, 0, 29]) * second }
}

function training(wave: number, random: Random) {
  const platform = random.weighted(platformShares(wave))
  const trainingProvider = platform === 'ruangguru' ? 'skill-academy' : random.weighted(providerShares)
  return { platform, trainingProvider, trainingId: `${trainingProvider}-${random.between(101, 399)}` }
}

/** The certificates that follow the first one, in order of issue. */
function followers(first: Certificate, oddity: TrainingOddity | undefined, random: Random): Certificate[] {
  const follow = (previous: Certificate, number: number, days: number): Certificate => ({
    ...previous,
    ...training(first.wave, random),
    certificateId: first.certificateId.replace(/1$/, String(number)),
    issuedAt: momentBetween(
      Math.min(previous.issuedAt + hour, lastCertificate),
      Math.min(previous.issuedAt + days * day, lastCertificate),
      random,
    ),
  })
  if (oddity === 'second-training') return [follow(first, 2, 30)]
  if (oddity === 'later-certificate-first') return [follow(first, 2, 6)]
  if (oddity === 'wave-conflict') return [{ ...follow(first, 2, 10), platform: 'tokopedia', wave: 6 }]
  if (oddity !== 'third-training') return []
  const next = follow(first, 2, 30)
  return [next, follow(next, 3, 30)]
}

/** When the first certificate is published: the night after its issue, unless something delays it. */
function firstPublication(
  { oddity, heldBack, random }: Request,
  first: Certificate,
  next?: Certificate,
): number {
  const run = nextRun(first.issuedAt + heldBack)
  if (oddity === 'published-at-odd-hour') return nextOddMoment(first.issuedAt)
  if (oddity !== 'later-certificate-first' || !next) return run
  return Math.max(run, nextRun(nextRun(next.issuedAt) + random.between(0, 4) * day))
}

export function train(request: Request): Trained {
  const { participantId, oddity, random } = request
  const { wave, told, issuedAt } = beginning(oddity, random)
  const certificateId = participantId.replace('P', 'C').concat('-1')
  const onTokopedia = { platform: 'tokopedia', trainingProvider: 'skill-academy' } as const
  const first: Certificate = {
    certificateId,
    participantId,
    wave,
    ...training(wave, random),
    ...(oddity === 'skill-academy-on-tokopedia' && onTokopedia),
    issuedAt,
  }
  const later = followers(first, oddity, random)
  const firstPublishedAt = firstPublication(request, first, later[0])
  const published = later.map((certificate) => ({ certificate, publishedAt: nextRun(certificate.issuedAt) }))
  if (oddity === 'wave-conflict') {
    for (const conflict of published)
      conflict.publishedAt = nextRun(Math.max(conflict.publishedAt, firstPublishedAt))
  }
  if (oddity === 'certificate-conflict') {
    const other = { trainingId: `${first.trainingProvider}-400`, issuedAt: issuedAt - day }
    published.push({ certificate: { ...first, ...other }, publishedAt: nextRun(firstPublishedAt + day) })
  }
  const publications = [{ certificate: first, publishedAt: firstPublishedAt }, ...published].map(
    ({ certificate, publishedAt }) => certificateIssued(certificate, { id: random.uuid(), publishedAt }),
  )
  return { first, firstPublishedAt, told, publications }
}
