import { type BehaviourNumber, behaviourNumbers } from '../../infra/local/partners/behaviours.ts'
import { partnerNames, stages } from '../../infra/stages.ts'
import {
  civilDate,
  epochMs,
  type Instant,
  jakartaDate,
  plusDays,
  plusMonths,
  plusSeconds,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { parsePhone } from '../../shared/domain/phone.ts'
import { type Rupiah, rupiah } from '../../shared/domain/rupiah.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import { type PartnerName, partnerConfigurations } from '../../shared/partners/registry.ts'
import { delivery } from '../functions/events.ts'
import { type Deed, drawDeeds } from './deeds.ts'
import { drawRates, type Rates } from './faults.ts'
import { createRandom, type Random } from './random.ts'

/** All that happens to a run from outside, drawn before it begins. Times are epoch milliseconds. */
export type World = {
  readonly participants: readonly string[]
  readonly startAt: number
  readonly endAt: number
  readonly arrivals: readonly Arrival[]
  readonly holders: readonly Holder[]
  readonly operations: readonly Deed[]
  readonly floats: Readonly<Record<PartnerName, Rupiah>>
  readonly configurations: Readonly<Record<PartnerName, PartnerConfiguration>>
  /** How long partners' tokens are valid. */
  readonly tokenSeconds: number
  readonly rates: Rates
  /** Of every work list. */
  readonly shards: number
  /** How often an acknowledged message comes again, a message is late, a worker's clock is off, and a stopped worker wakes up. */
  readonly duplicateRate: number
  readonly lateRate: number
  readonly skewRate: number
  readonly zombieRate: number
  /** How often a schedule's tick is late, and how often it comes twice. */
  readonly tickRate: number
}
/** An event reaches its queue. */
export type Arrival = {
  readonly at: number
  readonly queue: 'intake' | 'intake-accounts'
  readonly body: string
}
export type Holder = {
  readonly partner: PartnerName
  readonly number: string
  readonly name: string
  readonly behaviour?: BehaviourNumber
}
/** What this does, a deed does to any transfer that was refused. */
const notDrawn: readonly BehaviourNumber[] = ['22']
/** These leave something open for ever, which costs questions until the end: an attempt, or what a bank says of an account. */
const endless: readonly BehaviourNumber[] = ['05', '07', '27', '33', '35', '40']
const drawn = behaviourNumbers.filter((number) => !notDrawn.includes(number) && !endless.includes(number))
/** What is sent first is lost, and sent again. */
const losing: readonly BehaviourNumber[] = ['05', '07']
const { publishers } = stages.local
const day = 86_400_000
/** So that the third and fourth incentives meet the year-end blackout and the last days of the scheme. */
const firstDay = civilDate('2020-11-10')
const blackoutAt = startOfDay(civilDate('2020-12-15'))
/** Whatever arrives, arrives before the scheme is closed. */
const lastArrival = epochMs(startOfDay(civilDate('2021-03-04')))
const lastMoment = epochMs(startOfDay(civilDate('2021-03-12')))
export const amountToppedUp = rupiah(30_000_000)
/** More than a participant is ever owed. */
const enoughForOne = 5_000_000

type Linked = { readonly partner: PartnerName; readonly accountNumber: string; readonly holderName: string }
type Draw = {
  readonly random: Random
  /** How often the partner of an account misbehaves, and loses what is sent first. */
  readonly oddRate: number
  readonly lossRate: number
  readonly arrivals: Arrival[]
  readonly holders: Map<string, Holder>
  readonly linked: Linked[]
}

const envelope = (type: string, source: keyof typeof publishers, detail: object): string =>
  JSON.stringify({ ...delivery, 'detail-type': type, source, account: publishers[source], detail })

/** An event arrives some time after it happened (or `exactly` then, in epoch milliseconds), and sometimes again. */
function arrive(
  { random, arrivals }: Draw,
  queue: Arrival['queue'],
  happenedAt: Instant,
  body: string,
  exactly?: number,
): void {
  const late = random.chance(0.2) ? random.integer(0, 20 * 24) * 3_600_000 : random.integer(0, 300) * 1_000
  const at = exactly ?? epochMs(happenedAt) + late
  arrivals.push({ at, queue, body })
  if (random.chance(0.15)) arrivals.push({ at: at + random.pick([0, 1_000, day]), queue, body })
}

function drawCertificates(draw: Draw, participantId: string, issuedAt: Instant): void {
  const { random } = draw
  const issue = (name: string, at: Instant, exactly?: number) =>
    arrive(
      draw,
      'intake',
      at,
      envelope('CertificateIssued', 'prakerja.platform.tokopedia', {
        certificateId: `C-${participantId}-${name}`,
        participantId,
        wave: 5,
        platform: 'tokopedia',
        trainingProvider: 'skill-academy',
        trainingId: name,
        issuedAt: at,
      }),
      exactly,
    )
  // Trainings that end together: workers that know nothing of each other decide which one was first.
  const together = random.chance(0.2) ? epochMs(issuedAt) + 600_000 : undefined
  // Or so late that nothing else arrives after it.
  const last = random.chance(0.1) ? epochMs(issuedAt) + random.integer(85, 95) * day : undefined
  issue('first', issuedAt, random.chance(0.5) ? together : last)
  if (random.chance(0.15)) issue('later', plusSeconds(issuedAt, random.integer(1, 40) * 86_400))
  if (random.chance(0.1)) issue('earlier', plusSeconds(issuedAt, -random.integer(1, 5) * 86_400))
  if (together !== undefined)
    for (const name of ['second', 'third'])
      issue(name, plusSeconds(issuedAt, random.integer(-300, 60)), together)
}

const isWallet = (partner: PartnerName) => partnerConfigurations[partner].kind === 'wallet'
const numberAt = (partner: PartnerName, accountNumber: string) =>
  isWallet(partner) ? (parsePhone(accountNumber) ?? accountNumber) : accountNumber

/** One of the few accounts of a participant; who changes it often stays with the partner. */
function drawNumber(random: Random, index: number, before: PartnerName | undefined): Linked {
  const partner = before && random.chance(0.5) ? before : random.pick(partnerNames)
  const digits = String(index * 100 + random.integer(0, 3)).padStart(8, '0')
  const letter = (number: number) => String.fromCharCode(65 + (number % 26))
  const holderName = `Peserta ${letter(index)}${letter(Math.floor(index / 26))}`
  return { partner, accountNumber: `${isWallet(partner) ? '0812' : '11'}${digits}`, holderName }
}

function drawBehaviour({ random, oddRate, lossRate }: Draw, moves: boolean): BehaviourNumber | undefined {
  if (moves && random.chance(lossRate)) return random.pick(losing)
  if (!random.chance(oddRate)) return undefined
  return random.pick(random.chance(0.06) ? endless : drawn)
}

type Owner = {
  readonly participantId: string
  readonly index: number
  /** Where an account of theirs was linked last. */
  readonly before: PartnerName | undefined
  /** They will link another one, perhaps because nothing arrives. */
  readonly moves: boolean
}

/** Says where the account is. */
function drawAccount(
  draw: Draw,
  { participantId, index, before, moves }: Owner,
  linkedAt: Instant,
): PartnerName {
  const { random, holders, linked } = draw
  // Now and then somebody else's account.
  const shared = linked.length > 0 && random.chance(0.04) ? random.pick(linked) : undefined
  const { partner, accountNumber, holderName } = shared ?? drawNumber(random, index, before)
  linked.push({ partner, accountNumber, holderName })
  arrive(
    draw,
    'intake-accounts',
    linkedAt,
    envelope('PayoutAccountLinked', 'prakerja.core', {
      participantId,
      partner,
      accountNumber,
      holderName,
      linkedAt,
    }),
  )
  const number = numberAt(partner, accountNumber)
  const key = `${partner} ${number}`
  if (holders.has(key)) return partner
  const behaviour = drawBehaviour(draw, moves)
  holders.set(key, { partner, number, name: holderName, ...(behaviour && { behaviour }) })
  return partner
}
/** About when the certificate is issued; or so late that all there is leaves in the last hours before the blackout. */
const drawFirstLink = (random: Random, issuedAt: Instant): Instant =>
  random.chance(0.1)
    ? plusSeconds(blackoutAt, -random.integer(60, random.pick([600, 7_200])))
    : plusSeconds(issuedAt, random.integer(-3, 2) * 86_400)

/** At any time, or while an attempt at the account before is open. */
function drawRelink(random: Random, issuedAt: Instant): Instant {
  const due = startOfDay(plusMonths(jakartaDate(issuedAt), random.integer(1, 3)))
  return random.chance(0.5)
    ? plusSeconds(due, random.integer(0, 1_200))
    : plusSeconds(issuedAt, random.integer(3, 120) * 86_400)
}

function drawParticipant(draw: Draw, index: number): string {
  const { random } = draw
  const participantId = `P-${index}`
  const issuedAt = plusSeconds(
    startOfDay(plusDays(firstDay, random.integer(0, 3))),
    random.integer(0, 86_399),
  )
  drawCertificates(draw, participantId, issuedAt)
  const links = random.pick([1, 1, 1, 1, 1, 2, 2, 3, 0])
  let before: PartnerName | undefined
  for (let link = 0; link < links; link++) {
    const linkedAt = link === 0 ? drawFirstLink(random, issuedAt) : drawRelink(random, issuedAt)
    before = drawAccount(draw, { participantId, index, before, moves: link + 1 < links }, linkedAt)
  }
  for (const survey of [1, 2, 3]) {
    if (!random.chance(0.7)) continue
    const completedAt = plusSeconds(issuedAt, random.integer(-1, 60) * 86_400)
    arrive(
      draw,
      'intake',
      completedAt,
      envelope('SurveyCompleted', 'prakerja.core', { participantId, survey, completedAt }),
    )
  }
  return participantId
}

/** Requests per second that each partner has agreed to. */
const ratePerSecond = 50
const callDeadlineSeconds = 2

/** A partner as it is configured, but for how long it recognises a repeated reference, and how it says so: where it never
 *  does, an attempt that it does not know stays open. */
const drawConfiguration = (random: Random, partner: PartnerName): PartnerConfiguration => ({
  ...partnerConfigurations[partner],
  ratePerSecond,
  callDeadlineSeconds,
  idempotencyWindowSeconds: random.chance(0.1) ? 0 : random.pick([3_300, 3_300, 14_400, 86_400]),
  // All longer than any partner takes back what it has said of a transfer (behaviour 49).
  settleWindowSeconds: random.pick([180, 300, 900]),
  duplicateAnswer: random.pick(['replay', '409xx01', '404xx18']),
})

/** The world of a seed. */
export function drawWorld(seed: number, participantCount: number): World {
  const random = createRandom(seed, 0)
  // Worlds differ in what there is much of: where little is odd, other troubles meet.
  const [oddRate, lossRate] = [random.pick([0, 0.1, 0.3, 0.5]), random.pick([0, 0.1, 0.3])]
  const draw: Draw = { random, oddRate, lossRate, arrivals: [], holders: new Map(), linked: [] }
  const participants = Array.from({ length: participantCount }, (_, index) =>
    drawParticipant(draw, index + 1),
  )
  const startAt = epochMs(startOfDay(plusDays(firstDay, -6)))
  const enough = rupiah(participantCount * enoughForOne)
  const float = () => (random.chance(0.25) ? random.pick([rupiah(700_000), rupiah(2_000_000)]) : enough)
  const floats = { bni: float(), gopay: float(), linkaja: float(), ovo: float() }
  const poor = partnerNames.filter((partner) => floats[partner] < enough)
  return {
    participants,
    startAt,
    endAt: lastMoment,
    arrivals: draw.arrivals
      .map((arrival) => ({ ...arrival, at: Math.min(Math.max(arrival.at, startAt), lastArrival) }))
      .sort((one, other) => one.at - other.at),
    holders: [...draw.holders.values()],
    operations: drawDeeds(random, participants, firstDay, poor),
    configurations: {
      bni: drawConfiguration(random, 'bni'),
      gopay: drawConfiguration(random, 'gopay'),
      linkaja: drawConfiguration(random, 'linkaja'),
      ovo: drawConfiguration(random, 'ovo'),
    },
    floats,
    rates: drawRates(random),
    duplicateRate: random.pick([0, 0.02, 0.1]),
    skewRate: random.pick([0, 0.1, 0.5]),
    zombieRate: random.pick([0, 0.05, 0.2]),
    shards: random.pick([1, 1, 3]),
    lateRate: random.pick([0, 0.02, 0.1]),
    tokenSeconds: random.pick([900, 86_400, 7 * 86_400]),
    tickRate: random.pick([0, 0.01, 0.1]),
  }
}
