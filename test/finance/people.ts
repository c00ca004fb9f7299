import fc from 'fast-check'
import type { AnyEntry, Entry } from '../../shared/domain/entry.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import { accrualPostings, floatPostings } from '../../shared/domain/postings.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import type { History } from '../../shared/finance/history.ts'
import type { Origin } from '../../shared/finance/movement.ts'
import { at } from '../domain/examples.ts'
import { newWorld, type Step, step, take } from '../domain/model.ts'
import { createStory } from '../domain/story.ts'

/** Participants with everything that has befallen their payouts, as the journal tells it. */

export const begun = at('2020-09-18T10:00:00+07:00')

export const origin = (change: Partial<Origin> = {}): Origin => ({
  type: 'accrued',
  wave: 5,
  scheme: scheme2020.name,
  platform: 'tokopedia',
  trainingProvider: 'skill-academy',
  ...change,
})

export const accrualOf = (owner: string, event: Origin = origin(), moment = begun): AnyEntry => ({
  ...{ owner, subject: 'entitlement', seq: 1, at: moment, by: 'test', event, previousHash: '' },
  postings: accrualPostings(scheme2020),
})

/** The note of one more certificate, the `nth` after the first, an hour after the one before it. */
export const certificateOf = (owner: string, nth: number, { wave }: Origin = origin()): AnyEntry => ({
  ...{ owner, subject: 'entitlement', seq: nth + 1, at: plusSeconds(begun, nth * 3_600), by: 'test' },
  event: { type: 'certified', wave, platform: 'bukalapak', trainingProvider: 'arkademi', governs: false },
  ...{ postings: [], previousHash: '' },
})

export function fundingOf(partner: string, seq: number, moment: Instant = begun): AnyEntry {
  const event = { type: 'funded', amount: rupiah(10_000_000), document: `TREASURY-${seq}` } as const
  const postings = floatPostings(event, partner)
  return {
    ...{ owner: `partner#${partner}`, subject: 'float', seq, at: moment, by: 'test', event, postings },
    previousHash: '',
  }
}

/** The entries of a payout that has gone through these steps. */
export function entriesAfter(owner: string, payout: Payout, steps: readonly Step[]): readonly Entry[] {
  const world = newWorld(createStory(payout))
  for (const each of steps) take(world, each)
  return world.story.entries().map((entry) => ({ ...entry, owner }))
}

export type Life = Readonly<Partial<Record<Payout, readonly Step[]>>>

const paidStep = { outcome: 'paid', evidence: {} } as const
/** The steps of a payout that is paid so many seconds after all begin. */
export const paidAfter = (seconds: number): readonly Step[] => [
  { do: 'fill-survey' },
  { do: 'wait', seconds },
  { do: 'claim' },
  { do: 'settle', which: 0, outcome: paidStep },
]

/** The whole of a participant, accrual first. */
export function entriesOfLife(owner: string, life: Life, event: Origin = origin()): readonly AnyEntry[] {
  const lives = payouts.flatMap((payout) => entriesAfter(owner, payout, life[payout] ?? []))
  return [accrualOf(owner, event), ...lives]
}

const life: fc.Arbitrary<Life> = fc.dictionary(
  fc.constantFrom(...payouts),
  fc.oneof(
    { weight: 1, arbitrary: fc.array(step, { maxLength: 25 }) },
    { weight: 2, arbitrary: fc.nat({ max: 200_000 }).map(paidAfter) },
  ),
  { maxKeys: 7 },
)
const origins = fc.record({
  wave: fc.constantFrom(4, 5),
  platform: fc.constantFrom('tokopedia', 'bukalapak'),
  trainingProvider: fc.constantFrom('skill-academy', 'arkademi', ''),
})

/** Up to four participants with any lives, and the fundings of two floats. */
export const journals: fc.Arbitrary<readonly AnyEntry[]> = fc
  .array(fc.record({ life, change: origins, certificates: fc.nat({ max: 2 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((people) => [
    ...people.flatMap(({ life: lived, change, certificates }, index) => [
      ...entriesOfLife(`P-${index}`, lived, origin(change)),
      ...Array.from({ length: certificates }, (_, nth) =>
        certificateOf(`P-${index}`, nth + 1, origin(change)),
      ),
    ]),
    ...[fundingOf('bni', 1), fundingOf('gopay', 1), fundingOf('gopay', 2, at('2020-09-19T10:00:00+07:00'))],
  ])

/** A journal that has these entries and no others. */
export function historyOf(entries: readonly AnyEntry[]): History {
  const isPayment = (entry: AnyEntry): entry is Entry => payouts.some((payout) => payout === entry.subject)
  return {
    async origins(ids) {
      const found = entries.flatMap(({ owner, event }) =>
        event.type === 'accrued' && ids.includes(owner) ? [[owner, event] as const] : [],
      )
      return new Map(found)
    },
    payments: async (id) => entries.filter(isPayment).filter(({ owner }) => owner === id),
    walk: async () => ({ owners: [...Map.groupBy(entries, ({ owner }) => owner).values()] }),
    async *owners(segment, segments) {
      const groups = [...Map.groupBy(entries, ({ owner }) => owner).values()]
      yield* groups.filter((_, index) => index % segments === segment)
    },
  }
}
