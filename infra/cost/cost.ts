import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { schemeNamed } from '../../shared/domain/scheme.ts'
import { readOptions } from '../command-line.ts'
import { count, table } from '../local/text.ts'
import { stages } from '../stages.ts'
import { synthesise } from '../synthesise.ts'
import { countedMetrics } from './metrics.ts'
import {
  assumptions,
  type Charge,
  charges,
  dollarsOf,
  type Measured,
  monthly,
  omitted,
  type Standing,
  total,
} from './model.ts'
import { jakartaFactor, type Price, prices, pricesAsOf } from './prices.ts'
import { quotasOf, type Scenario, scenarios, strains } from './quotas.ts'
import { streamCharges } from './streams.ts'

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

const { participantCap } = schemeNamed(stages.production.scheme)

/** The programme's payouts over the months from its first wave to the last payment. */
const months = 11
const payoutsPerMonth = (participantCap * assumptions.payoutsPerParticipant) / months
const million = 1_000_000

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z
    .object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() })
    .optional(),
})

/** What is there every month, as at the programme's end: the journal of all payouts is kept. */
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
    metrics: countedMetrics(),
    payouts: participantCap * assumptions.payoutsPerParticipant,
  }
}

const money = (dollars: number): string => dollars.toFixed(2)
const amountOf = (amount: number): string => (amount < 100 ? amount.toFixed(2) : count(Math.round(amount)))

/** With a star where nobody was found who gives the price. */
function nameOf({ item }: Charge): string {
  const { name, quoted }: Price = prices[item]
  return quoted ? name : `${name} *`
}

function priced(some: readonly Charge[], share = 1): string[] {
  const rows = some.map((charge) => [
    nameOf(charge),
    charge.from,
    amountOf(charge.amount * share),
    money(dollarsOf(charge) * share),
    money(dollarsOf(charge) * share * jakartaFactor),
  ])
  const head = ['', '', 'amount', 'published', 'Jakarta']
  return table([head, ...rows], ['left', 'left', 'right', 'right', 'right'])
}

/** What so many payouts cost by themselves, and their participants being taken in, in dollars at published prices; on days of so
 *  many, since the stream is followed by the hour. */
export const marginalDollars = (measured: Measured, payouts: number, payoutsPerDay: number): number =>
  total(charges(measured, payouts)) +
  total(streamCharges(measured, payouts, stages.production, payouts / payoutsPerDay))

/** The goal's day. */
const peakDay = million
const averageDay = payoutsPerMonth / 30

/** The same of a million at the programme's average, with their share of the month's fixed costs. */
export const dollarsPerMillion = (measured: Measured, kept: Standing): number =>
  marginalDollars(measured, million, averageDay) + total(monthly(kept)) * (million / payoutsPerMonth)

function costLines(measured: Measured, kept: Standing): string[] {
  const both = (dollars: number) =>
    `${money(dollars)} as published, ${money(dollars * jakartaFactor)} in Jakarta`
  const monthOf = count(Math.round(payoutsPerMonth))
  const stream = (payoutsPerDay: number) =>
    priced(streamCharges(measured, million, stages.production, million / payoutsPerDay))
  return [
    `Counted ${measured.measured} over ${count(measured.payouts)} payouts: ${measured.command}`,
    `Prices of ${pricesAsOf}, in dollars: as published for Virginia, and as taken for Jakarta, a fifth dearer; * is from memory`,
    '',
    'A million payouts, and their participants being taken in',
    ...priced(charges(measured, million)),
    '',
    "More runs of the journal's stream than were counted, of a million on one day",
    ...stream(peakDay),
    '',
    `and of a million on days of ${count(Math.round(averageDay))}, the programme's average`,
    ...stream(averageDay),
    '',
    "Every month, at the programme's end",
    ...priced(monthly(kept)),
    '',
    `Marginal cost of a million payouts on one day: ${both(marginalDollars(measured, million, peakDay))}`,
    `Marginal cost of a million on average days: ${both(marginalDollars(measured, million, averageDay))}`,
    `With the month's fixed costs at ${monthOf} a month: ${both(dollarsPerMillion(measured, kept))}`,
    '',
    'Not in any sum:',
    ...omitted.map((what) => `- ${what}`),
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
  const cost = marginalDollars(measured, payouts, peakDay) * jakartaFactor
  return [
    '',
    `${name} (marginal cost of all its payouts, ${count(payouts)}: ${count(Math.round(cost))} dollars in Jakarta)`,
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
