import type { Stage } from '../stages.ts'
import { assumptions, type Charge, type Measured } from './model.ts'

/**
 * What following the journal's stream costs beyond what was counted. On one machine the stream has one shard and the whole
 * programme passes in an hour; on AWS it has a shard for every partition of the table, and every shard has a run of its own
 * for every window, however little there is in it.
 */

/** Partitions of a table that is warm for so much; each is a shard of its stream.
 *  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.Partitions.html */
export function streamShardsOf({ warmThroughput }: Pick<Stage, 'warmThroughput'>): number {
  const { readUnitsPerSecond = 12_000, writeUnitsPerSecond = 4_000 } = warmThroughput ?? {}
  return Math.max(Math.ceil(readUnitsPerSecond / 3_000), Math.ceil(writeUnitsPerSecond / 1_000))
}

type Windows = Pick<Stage, 'warmThroughput' | 'publishWindowSeconds' | 'totalsWindowSeconds'>
type Following = Readonly<Record<'publish' | 'totals', number>>

/** Runs on so many days on which payments are made. */
export function streamRuns(stage: Windows, days: number): Following {
  const seconds = streamShardsOf(stage) * days * assumptions.payingSecondsPerDay
  return { publish: seconds / stage.publishWindowSeconds, totals: seconds / stage.totalsWindowSeconds }
}

/** What is charged for runs on so many days, less those that were counted for these payouts. */
export function streamCharges(
  { perParticipant, perPayout }: Pick<Measured, 'perParticipant' | 'perPayout'>,
  payouts: number,
  stage: Windows,
  days: number,
): readonly Charge[] {
  const runs = streamRuns(stage, days)
  const participants = payouts / assumptions.payoutsPerParticipant
  const more = (name: keyof Following): number => {
    const counted = participants * perParticipant.invocations[name] + payouts * perPayout.invocations[name]
    return Math.max(0, runs[name] - counted)
  }
  const [published, summed] = [more('publish'), more('totals')]
  const both = published + summed
  const { sums, runMilliseconds, runLogBytes } = assumptions
  return [
    { item: 'databaseWrites', amount: summed * sums.writeUnits, from: 'computed' },
    { item: 'databaseReads', amount: summed * sums.readUnits, from: 'computed' },
    { item: 'functionRequests', amount: both, from: 'computed' },
    { item: 'functionGigabyteSeconds', amount: (both * runMilliseconds * 0.5) / 1_000, from: 'computed' },
    { item: 'objectPuts', amount: summed * sums.objects, from: 'computed' },
    { item: 'logGigabytes', amount: (both * runLogBytes) / 1e9, from: 'computed' },
  ]
}
