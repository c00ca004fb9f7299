import { partnerNames } from '../../infra/stages.ts'
import {
  type CivilDate,
  civilDate,
  epochMs,
  plusDays,
  plusMonths,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Random } from './random.ts'

/** What people do, at the worst moment; `at` in epoch milliseconds. */
export type Deed = { readonly at: number } & (
  | { readonly deed: 'fund' | 'revoke-tokens' | 'resume'; readonly partner: PartnerName }
  | {
      readonly deed: 'hold' | 'cancel'
      readonly participantId: string
      readonly payout: Payout
    }
  /** Done to one of those that it can be done to then: `among` picks it. */
  | { readonly deed: 'release-hold' | 'retry'; readonly among: number }
  /** A partner pays one of the transfers that it has refused. */
  | { readonly deed: 'pay-after-all'; readonly among: number }
  /** Somebody reads what the partners have paid although they had refused it, or asks for documents about attempts of
   *  which they give no answer. */
  | { readonly deed: 'read-statements' | 'attest' }
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
  return [...decided, ...found]
}

function drawCare(random: Random, firstDay: CivilDate): Deed[] {
  const partners = some(
    random.integer(0, 4),
    (): Deed => ({
      at: drawMoment(random, firstDay),
      deed: random.pick(['fund', 'revoke-tokens', 'revoke-tokens'] as const),
      partner: random.pick(partnerNames),
    }),
  )
  const after = (days: number) => startsAt(firstDay) + days * day
  // Sooner or later every float is enough.
  const funded = partnerNames.flatMap((partner) =>
    [1, 3, 31, 33, 57, 59, 93, 95].map((days): Deed => ({ at: after(days), deed: 'fund', partner })),
  )
  // Somebody looks every other day why a lane is paused.
  const resumed = partnerNames.flatMap((partner) =>
    Array.from({ length: 60 }, (_, index): Deed => ({ at: after(2 * index + 1), deed: 'resume', partner })),
  )
  const someTimes = (most: number) =>
    some(random.integer(0, most), () => after(random.integer(5, 110)) + random.integer(0, 23) * hour)
  const read = [...someTimes(3), ...lastStatements.map((date) => startsAt(civilDate(date)))]
  const attested = someTimes(12)
  return [
    ...partners,
    ...funded,
    ...resumed,
    ...read.map((at): Deed => ({ at, deed: 'read-statements' })),
    ...attested.map((at): Deed => ({ at, deed: 'attest' })),
  ]
}

/** All that people do in a world, in order. */
export const drawDeeds = (random: Random, participants: readonly string[], firstDay: CivilDate): Deed[] =>
  [...drawDecisions(random, participants, firstDay), ...drawCare(random, firstDay)].sort(
    (one, other) => one.at - other.at,
  )
