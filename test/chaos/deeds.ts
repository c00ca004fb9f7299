import { partnerNames } from '../../infra/stages.ts'
import {
  type CivilDate,
  civilDate,
  epochMs,
  plusDays,
  plusMonths,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { type Kind, type Payout, payouts } from '../../shared/domain/payout.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Random } from './random.ts'

/** What people do, at the worst moment; `at` in epoch milliseconds. */
export type Deed = {
  readonly at: number
} /** For so long the partner answers every request that it has too many. */ & (
  | { readonly deed: 'throttle'; readonly partner: PartnerName; readonly seconds: number }
  | {
      readonly deed: 'hold' | 'cancel'
      readonly participantId: string
      readonly payout: Payout
    }
  /** `look-after`: a lane that has paused itself is re-opened; `resume`: whoever has paused it. */
  | {
      readonly deed: 'fund' | 'sweep' | 'fee' | 'revoke-tokens' | 'look-after' | 'resume'
      readonly partner: PartnerName
    }
  /** Of a kind of payout, or both, for so long; at once, or when the lane claims a payout next. */
  | {
      readonly deed: 'pause'
      readonly partner: PartnerName
      readonly kind?: Kind
      readonly seconds: number
      readonly when: 'at once' | 'claiming'
    }
  /** Done to one of those that it can be done to then: `among` picks it. */
  | { readonly deed: 'release-hold' | 'retry'; readonly among: number }
  /** A partner pays one of the transfers that it has refused, or refunds one that it has paid, whenever that was; what it
   *  has paid twice it takes back, or we give up. */
  | { readonly deed: 'pay-after-all' | 'refund' | 'take-back' | 'give-up'; readonly among: number }
  /** Somebody reads the partners' statements, retries whatever has come back, or asks for documents about attempts of
   *  which partners give no answer. */
  | { readonly deed: 'read-statements' | 'retry-returned' | 'attest' }
)

const day = 86_400_000
const hour = 3_600_000
/** Before the scheme is closed, and after that; nothing goes wrong then. */
const lastStatements = ['2021-03-04', '2021-03-09'] as const
const startsAt = (date: CivilDate) => epochMs(startOfDay(date))

/** A day on which incentives are due, and the minutes after its midnight: when money moves. */
function drawMoment(random: Random, firstDay: CivilDate): number {
  const due = plusMonths(plusDays(firstDay, random.integer(0, 3)), random.integer(0, 3))
  return startsAt(due) + random.pick([0, 1, 30, 60, 61, 120, 600, 7_200]) * 1_000
}

const some = <One>(count: number, draw: () => One): One[] => Array.from({ length: count }, draw)

function drawDecisions(random: Random, participants: readonly string[], firstDay: CivilDate): Deed[] {
  const moment = () => drawMoment(random, firstDay)
  const anyTime = () => startsAt(firstDay) + random.integer(2 * 24, 112 * 24) * hour
  const decided = some(
    random.integer(4, 10),
    (): Deed => ({
      at: moment(),
      deed: random.pick(['hold', 'hold', 'hold', 'cancel'] as const),
      participantId: random.pick(participants),
      payout: random.pick(payouts),
    }),
  )
  const found = some(
    random.integer(6, 14),
    (): Deed => ({
      at: random.chance(0.5) ? moment() + 10 * 60_000 : anyTime(),
      deed: random.pick(['release-hold', 'retry', 'retry', 'pay-after-all'] as const),
      among: random.integer(0, 999),
    }),
  )
  const refunded = some(
    random.integer(0, 2),
    (): Deed => ({ at: anyTime(), deed: 'refund', among: random.integer(0, 999) }),
  )
  // Few are paid twice: whoever looks, every week or so, closes one of them.
  const ended = Array.from(
    { length: 15 },
    (_, week): Deed => ({
      at: startsAt(firstDay) + (7 * week + random.integer(7, 13)) * day,
      deed: random.pick(['take-back', 'give-up'] as const),
      among: random.integer(0, 999),
    }),
  )
  return [...decided, ...found, ...refunded, ...ended]
}

function drawCare(random: Random, firstDay: CivilDate, poor: readonly PartnerName[]): Deed[] {
  const partners = some(
    random.integer(0, 4),
    (): Deed => ({
      at: drawMoment(random, firstDay),
      deed: random.pick(['fund', 'revoke-tokens', 'revoke-tokens'] as const),
      partner: random.pick(partnerNames),
    }),
  )
  // All that a lane can spare goes back to the treasury while it pays, and comes again.
  const swept = some(random.integer(0, 3), (): Deed[] => {
    const at = drawMoment(random, firstDay)
    const partner = random.pick(partnerNames)
    const again = at + random.pick([1, 60, 3_600, 86_400]) * 1_000
    return [
      { at, deed: 'sweep', partner },
      { at: again, deed: 'fund', partner },
    ]
  }).flat()
  const charged = some(
    random.integer(0, 2),
    (): Deed => ({ at: drawMoment(random, firstDay), deed: 'fee', partner: random.pick(partnerNames) }),
  )
  const after = (days: number) => startsAt(firstDay) + days * day
  // Sooner or later every float is enough.
  const funded = poor.flatMap((partner) =>
    [1, 3, 31, 33, 57, 59, 93, 95].map((days): Deed => ({ at: after(days), deed: 'fund', partner })),
  )
  // Somebody looks every other day why a lane is paused, and re-opens it every day towards the end, whoever paused it.
  const lookedAfter = partnerNames.flatMap((partner) => [
    ...Array.from({ length: 50 }, (_, index) => {
      return { at: after(2 * index + 1), deed: 'look-after', partner } as const
    }),
    ...Array.from(
      { length: 19 },
      (_, index) => ({ at: after(101 + index), deed: 'resume', partner }) as const,
    ),
  ])
  const someTimes = (most: number) =>
    some(random.integer(0, most), () => after(random.integer(5, 110)) + random.integer(0, 23) * hour)
  // When what was refunded on the day after its payment is on them.
  const read = some(random.integer(1, 5), () => drawMoment(random, firstDay) + random.integer(36, 96) * hour)
  const retried = read.map((at) => at + random.integer(1, 48) * hour)
  const readAtLast = lastStatements.map((date) => startsAt(civilDate(date)))
  // Also while what is unknown is being asked about, and sent again: much too early.
  const tooEarly = some(
    random.integer(0, 4),
    () => drawMoment(random, firstDay) + random.integer(3, 90) * 60_000,
  )
  const attested = [...someTimes(12), ...tooEarly]
  const storms = some(
    random.integer(0, 4),
    (): Deed => ({
      at: drawMoment(random, firstDay),
      deed: 'throttle',
      partner: random.pick(partnerNames),
      seconds: random.pick([30, 120, 300, 900]),
    }),
  )
  return [
    ...partners,
    ...swept,
    ...charged,
    ...storms,
    ...funded,
    ...lookedAfter,
    ...[...read, ...readAtLast].map((at): Deed => ({ at, deed: 'read-statements' })),
    ...retried.map((at): Deed => ({ at, deed: 'retry-returned' })),
    ...attested.map((at): Deed => ({ at, deed: 'attest' })),
  ]
}

/** Somebody closes a lane that is about to pay or does so, and re-opens it: soon, or when payments have piled up; and
 *  again, in the same two lanes, so that what has piled up meets the next pause. */
function drawPauses(random: Random, firstDay: CivilDate): Deed[] {
  const lanes = some(2, () => random.pick(partnerNames))
  return some(random.integer(2, 10), () => ({
    at: drawMoment(random, firstDay),
    deed: 'pause',
    partner: random.pick(lanes),
    ...random.pick([{}, { kind: 'incentive' }, { kind: 'survey' }] as const),
    seconds: random.pick([1, 5, 60, 600, 7_200, 2 * 86_400, 5 * 86_400, 5 * 86_400]),
    when: random.pick(['at once', 'claiming', 'claiming']),
  }))
}

/** All that people do in a world, in order. `poor`: partners that may run dry. */
export const drawDeeds = (
  random: Random,
  participants: readonly string[],
  firstDay: CivilDate,
  poor: readonly PartnerName[],
): Deed[] =>
  [
    ...drawDecisions(random, participants, firstDay),
    ...drawCare(random, firstDay, poor),
    ...drawPauses(random, firstDay),
  ].sort((one, other) => one.at - other.at)
