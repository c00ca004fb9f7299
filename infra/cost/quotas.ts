import { partnerNames, type Stage } from '../stages.ts'
import { assumptions, type Measured, milliseconds } from './model.ts'

/** How fast a load comes. */
export type Load = { readonly participantsPerSecond: number; readonly payoutsPerSecond: number }

/** Something that there is only so much of, and how much of it a load takes. */
export type Quota = {
  readonly name: string
  /** A second, or at the same time where the name says so. */
  readonly limit: number
  readonly needed: (load: Load) => number
  /** Where it is raised: with AWS, or by a field of the stage. */
  readonly raise: string
  /** Where its default is published; our own limits are in the stage. */
  readonly source: string
}

const serviceQuotas = 'Service Quotas'
const ownStage = 'infra/stages.ts'

/**
 * AWS' limits by default, in Jakarta where regions differ, and those that the stage sets itself. An account's own limits are
 * in the console of Service Quotas, which decides where it says something else.
 */
export function quotasOf(stage: Stage, measured: Measured): readonly Quota[] {
  const { perParticipant, perPayout } = measured
  const settings = partnerNames.map((partner) => stage.partners[partner])
  const rate = settings.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0)
  const paying = settings.reduce((sum, { payConcurrency }) => sum + payConcurrency, 0)
  const taking = 2 * stage.intakeConcurrency
  const { readUnitsPerSecond = 12_000, writeUnitsPerSecond = 4_000 } = stage.warmThroughput ?? {}
  const take =
    (ofParticipant: number, ofPayout: number) =>
    ({ participantsPerSecond, payoutsPerSecond }: Load) =>
      participantsPerSecond * ofParticipant + payoutsPerSecond * ofPayout
  const writes = take(perParticipant.writeUnits, perPayout.writeUnits)
  const reads = take(perParticipant.readUnits, perPayout.readUnits)
  const { takingIn, paying: payingMs } = milliseconds(measured)
  const [intakeSeconds, paySeconds] = [takingIn / 1_000, payingMs / 1_000]
  const database = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide'
  const bus = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html'
  return [
    {
      name: 'DynamoDB write units, warm',
      limit: writeUnitsPerSecond,
      needed: writes,
      raise: 'warmThroughput',
      source: `${database}/warm-throughput.html`,
    },
    {
      name: 'DynamoDB read units, warm',
      limit: readUnitsPerSecond,
      needed: reads,
      raise: 'warmThroughput',
      source: `${database}/warm-throughput.html`,
    },
    {
      name: 'DynamoDB write units of a table',
      limit: 40_000,
      needed: writes,
      raise: serviceQuotas,
      source: `${database}/on-demand-capacity-mode-max-throughput.html`,
    },
    {
      name: 'DynamoDB write units of one shard of the lists',
      limit: 1_000,
      // Put on its list by intake, off it by payment, and moved in between where it has to be asked about.
      needed: take((assumptions.payoutsPerParticipant * 2) / stage.shards, 3 / stage.shards),
      raise: 'shards',
      source: `${database}/bp-partition-key-design.html`,
    },
    {
      name: 'EventBridge deliveries',
      limit: 750,
      needed: take(perParticipant.events, perPayout.events),
      raise: serviceQuotas,
      source: bus,
    },
    {
      name: 'EventBridge PutEvents of ours',
      limit: 400,
      needed: take(perParticipant.statusEvents / 10, perPayout.statusEvents / 10),
      raise: serviceQuotas,
      source: bus,
    },
    {
      name: 'Lambda environments at the same time',
      limit: 1_000,
      needed: take(intakeSeconds, paySeconds),
      raise: serviceQuotas,
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    },
    {
      name: 'Batches taken in at the same time',
      limit: taking,
      needed: take(intakeSeconds, 0),
      raise: 'intakeConcurrency',
      source: ownStage,
    },
    {
      name: 'Batches paid at the same time',
      limit: paying,
      needed: take(0, paySeconds),
      raise: 'payConcurrency',
      source: ownStage,
    },
    {
      name: 'Requests that partners accept',
      limit: rate,
      needed: take(0, perPayout.partnerCalls),
      raise: 'ratePerSecond, as partners agree',
      source: ownStage,
    },
  ]
}

/** A load that must be borne, and what all of it comes to. */
export type Scenario = { readonly name: string; readonly load: Load; readonly payouts: number }

const wave = { participants: 800_000, seconds: 3_600 }
const peakDay = { payouts: 1_000_000, seconds: 10 * 3_600 }
const programme = 5_600_000

/** The programme's wave and day, and both at once, as large as they would be for so many participants. */
function atOnce(participants: number): Scenario {
  const times = participants / programme
  return {
    name: `${participants / 1e6} million participants: wave and peak day together`,
    load: {
      participantsPerSecond: (times * wave.participants) / wave.seconds,
      payoutsPerSecond: (times * peakDay.payouts) / peakDay.seconds,
    },
    payouts: participants * assumptions.payoutsPerParticipant,
  }
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'A wave of 800,000 in one hour',
    load: { participantsPerSecond: wave.participants / wave.seconds, payoutsPerSecond: 0 },
    payouts: wave.participants * assumptions.payoutsPerParticipant,
  },
  {
    name: 'A peak day: a million payouts in ten hours',
    load: { participantsPerSecond: 0, payoutsPerSecond: peakDay.payouts / peakDay.seconds },
    payouts: peakDay.payouts,
  },
  atOnce(programme),
  atOnce(100_000_000),
]

/** One quota under one load. */
export type Strain = Quota & { readonly takes: number; readonly share: number; readonly raiseTo: number }

/** Half as much again, in two figures. */
function withRoom(needed: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(needed * 1.5)) - 1)
  return Math.ceil((needed * 1.5) / unit) * unit
}

/** Every quota under a load, the one that binds first at the head. */
export const strains = (quotas: readonly Quota[], load: Load): readonly Strain[] =>
  quotas
    .map((quota) => {
      const takes = quota.needed(load)
      return { ...quota, takes, share: takes / quota.limit, raiseTo: withRoom(takes) }
    })
    .sort((one, other) => other.share - one.share)
