import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { metricNames } from '../../shared/runtime/metrics.ts'
import { readOptions } from '../command-line.ts'
import { count, table } from '../local/text.ts'
import { partnerNames, stages } from '../stages.ts'
import { synthesise } from '../synthesise.ts'
import {
  assumptions,
  type Charge,
  charges,
  dollarsOf,
  type Measured,
  monthly,
  type Standing,
  storage,
  total,
} from './model.ts'
import { jakartaFactor, prices, pricesAsOf } from './prices.ts'
import { quotasOf, type Scenario, scenarios, strains } from './quotas.ts'

/** `npm run cost`: dollars per million payouts, and what stands in the way of a wave. */

const figures = z.object({
  writeUnits: z.number(),
  readUnits: z.number(),
  databaseRequests: z.number(),
  invocations: z.object({
    intake: z.number(),
    pay: z.number(),
    publish: z.number(),
    totals: z.number(),
  }),
  processorMilliseconds: z.number(),
  events: z.number(),
  statusEvents: z.number(),
  sendRequests: z.number(),
  objects: z.number(),
  partnerCalls: z.number(),
  logBytes: z.number(),
})
const measuredSchema = z.object({
  measured: z.string(),
  command: z.string(),
  participants: z.number(),
  payouts: z.number(),
  perParticipant: figures,
  perPayout: figures,
})

/** What `npm run bench:usage` has counted, as it is committed. */
export const readMeasured = (): Measured =>
  measuredSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'measured.json'), 'utf8')))

/** The programme's payouts over the months from its first wave to the last payment. */
const months = 11
const payoutsPerMonth = (scheme2020.participantCap * assumptions.payoutsPerParticipant) / months
const million = 1_000_000

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z
    .object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() })
    .optional(),
})

/** Every count of every partner is charged for, though most are never all there. */
export function standing(): Standing {
  const { Resources } = z
    .object({ Resources: z.record(z.string(), resourceSchema) })
    .parse(synthesise(stages.production, { bundles: false }))
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type)
  const watched = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) =>
    Properties?.Metrics ? Properties.Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length : 1,
  )
  return {
    alarms: watched.reduce((sum, metrics) => sum + metrics, 0),
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
    // Two mappings are of the journal's stream.
    queues: ofType('AWS::Lambda::EventSourceMapping').length - 2,
    metrics: metricNames.length * partnerNames.length,
  }
}

const money = (dollars: number): string => dollars.toFixed(2)
const amountOf = (amount: number): string => (amount < 100 ? amount.toFixed(2) : count(Math.round(amount)))

function priced(some: readonly Charge[], share = 1): string[] {
  const rows = some.map((charge) => [
    prices[charge.item].name,
    charge.from,
    amountOf(charge.amount * share),
    money(dollarsOf(charge) * share),
    money(dollarsOf(charge) * share * jakartaFactor),
  ])
  const head = ['', '', 'amount', 'published', 'Jakarta']
  return table([head, ...rows], ['left', 'left', 'right', 'right', 'right'])
}

/** All-in: a million payouts with their share of what a month costs anyway. In dollars at published prices. */
export const dollarsPerMillion = (measured: Measured, kept: Standing): number =>
  total(charges(measured, million)) + total(monthly(kept)) * (million / payoutsPerMonth)

function costLines(measured: Measured, kept: Standing): string[] {
  const own = total(charges(measured, million))
  const all = dollarsPerMillion(measured, kept)
  const both = (dollars: number) =>
    `${money(dollars)} as published, ${money(dollars * jakartaFactor)} in Jakarta`
  return [
    `Counted ${measured.measured} over ${count(measured.payouts)} payouts: ${measured.command}`,
    `Prices of ${pricesAsOf}, in dollars: as published for Virginia, and as taken for Jakarta, a fifth dearer`,
    '',
    'A million payouts, and their participants being taken in',
    ...priced(charges(measured, million)),
    '',
    'Every month',
    ...priced(monthly(kept)),
    `and for every million payouts that are kept ${money(dollarsOf(storage(million)))} as published`,
    '',
    `A million payouts by themselves: ${both(own)}`,
    `With their share of a month of ${count(Math.round(payoutsPerMonth))}, the programme's average: ${both(all)}`,
  ]
}

/** What is at less than this part of a quota needs no plan. */
const worthTelling = 0.25
/** And what is at more than this has to be raised beforehand. */
const tight = 2 / 3

function scenarioLines(measured: Measured, { name, load, payouts }: Scenario): string[] {
  const [first, ...others] = strains(quotasOf(stages.production, measured), load)
  if (first === undefined) return []
  const told = [first, ...others.filter(({ share }) => share >= worthTelling)]
  const rows = told.map(({ name: quota, limit, takes, share, raiseTo, raise }) => [
    quota,
    count(limit),
    count(Math.ceil(takes)),
    `${Math.round(share * 100)} %`,
    share < tight ? '' : `raise to ${count(raiseTo)}: ${raise}`,
  ])
  const cost = total(charges(measured, payouts)) * jakartaFactor
  return [
    '',
    `${name} (all its payouts, ${count(payouts)}, cost ${count(Math.round(cost))} dollars in Jakarta)`,
    ...table([['', 'there is', 'it takes', '', ''], ...rows], ['left', 'right', 'right', 'right', 'left']),
  ]
}

/** What binds under which load, as the runbook has it. */
export const planLines = (measured: Measured): readonly string[] =>
  scenarios.flatMap((scenario) => scenarioLines(measured, scenario)).slice(1)

function main(): number {
  const asked = readOptions(process.argv.slice(2), {})
  if (asked === 'help') {
    console.log(
      'npm run cost: dollars per million payouts by item, and which quota binds first under which load',
    )
    return 0
  }
  if ('mistake' in asked) {
    console.error(asked.mistake)
    return 2
  }
  const measured = readMeasured()
  const lines = costLines(measured, standing())
  console.log([...lines, '', ...planLines(measured)].join('\n'))
  return 0
}

if (import.meta.main) process.exitCode = main()
