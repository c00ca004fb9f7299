import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  dollarsPerMillion,
  marginalDollars,
  planLines,
  readMeasured,
  standing,
} from '../../infra/cost/cost.ts'
import {
  assumptions,
  charges,
  dollarsOf,
  milliseconds,
  monthly,
  total,
  type Usage,
} from '../../infra/cost/model.ts'
import { jakartaFactor, type Price, prices, pricesAsOf } from '../../infra/cost/prices.ts'
import { quotasOf, scenarios, strains } from '../../infra/cost/quotas.ts'
import { streamCharges, streamRuns, streamShardsOf } from '../../infra/cost/streams.ts'
import { stages } from '../../infra/stages.ts'

const nothing: Usage = {
  writeUnits: 0,
  readUnits: 0,
  databaseRequests: 0,
  invocations: { intake: 0, pay: 0, publish: 0, totals: 0 },
  processorMilliseconds: 0,
  events: 0,
  statusEvents: 0,
  sendRequests: 0,
  objects: 0,
  partnerCalls: 0,
  logBytes: 0,
}
const million = 1_000_000
const measured = readMeasured()
const costOf = (perParticipant: Partial<Usage>, perPayout: Partial<Usage>) =>
  total(
    charges(
      { perParticipant: { ...nothing, ...perParticipant }, perPayout: { ...nothing, ...perPayout } },
      million,
    ),
  )

/** What does not depend on what was measured: 0.04 for the archive of events, and a tenth of a cent for comparing statements. */
const always = costOf({}, {})

describe('the cost of a million payouts', () => {
  it('has little in it that was not measured', () => {
    expect(always).toBeCloseTo(0.041, 3)
  })

  it.each<[string, Partial<Usage>, Partial<Usage>, number]>([
    // Certificates and surveys archived, statements compared.
    ['nothing else', {}, {}, 0],
    ['a write unit each', {}, { writeUnits: 1 }, 0.625],
    ['seven write units a participant, which is one a payout', { writeUnits: 7 }, {}, 0.625],
    ['a read unit each', {}, { readUnits: 1 }, 0.125],
    ['two changes of status published', {}, { statusEvents: 2 }, 2],
    ['an object for every ten', {}, { objects: 0.1 }, 0.5 + 0.1 * 5 * 0.1875 * 0.0133334],
    [
      'five events taken in, which their publishers pay for: only their way into the queue',
      { events: 5 },
      {},
      0.286,
    ],
    ['a thousand bytes of log', {}, { logBytes: 1_000 }, 0.5],
    // A request, and one receive and one delete of its queue.
    ['a batch of ten', {}, { invocations: { intake: 0, pay: 0.1, publish: 0, totals: 0 } }, 0.02 + 0.08],
    // 400 ms of 192 MB, 8 kB by the gateway, 840 bytes of flow log.
    ['a call of the partner', {}, { partnerCalls: 1 }, 0.4 * 0.1875 * 13.3334 + 0.36 + 0.21],
    ['a run of totals', {}, { invocations: { intake: 0, pay: 0, publish: 0, totals: 1 } }, 0.2],
  ])('is known for %s', (_, perParticipant, perPayout, dollars) => {
    expect(costOf(perParticipant, perPayout) - always).toBeCloseTo(dollars, 3)
  })

  it('is at most 12 dollars on one day, by the figures that are committed', () => {
    expect(marginalDollars(measured, million, million)).toBeLessThan(12)
  })

  it('is more on days of a tenth as many, and another with the fixed costs of the month', () => {
    expect(marginalDollars(measured, million, million / 10)).toBeCloseTo(13.113, 2)
    expect(dollarsPerMillion(measured, standing())).toBeCloseTo(82.5, 0)
  })

  it('is named and sourced item by item', () => {
    for (const { name, source, dollars, quoted } of Object.values<Price>(prices)) {
      expect(quoted?.by ?? 'https://').toMatch(/^https:\/\//)
      expect((quoted?.asOf ?? '2026-01') <= pricesAsOf).toBe(true)
      expect([name, source]).toEqual([
        name,
        expect.stringMatching(/^https:\/\/aws\.amazon\.com\/[a-z0-9-]+\/pricing\/$/),
      ])
      expect(dollars).toBeGreaterThan(0)
    }
  })
})

it('a month has a price of its own, of which alarms are a tenth of a dollar each', () => {
  const none = { alarms: 0, metrics: 0, dashboards: 0, queues: 0, payouts: 0 }
  const more = total(monthly({ ...none, alarms: 100 })) - total(monthly(none))
  expect(more).toBeCloseTo(10, 5)
  expect(monthly(none).every((charge) => dollarsOf(charge) >= 0)).toBe(true)
})

describe('the journal’s stream', () => {
  const { production } = stages

  it('has a shard for every partition that the table is warm for', () => {
    expect(streamShardsOf(production)).toBe(24)
    expect(streamShardsOf({})).toBe(4)
  })

  it('has a run of every shard for every window in ten hours of payments', () => {
    const windows = { ...production, publishWindowSeconds: 30, totalsWindowSeconds: 60 }
    expect(streamRuns(windows, 1)).toEqual({ publish: 24 * 1_200, totals: 24 * 600 })
    expect(streamRuns(windows, 10)).toEqual({ publish: 24 * 12_000, totals: 24 * 6_000 })
  })

  it('costs less with the window that production has than with one of a minute', () => {
    const costWith = (totalsWindowSeconds: number) =>
      total(streamCharges(measured, million, { ...production, totalsWindowSeconds }, 1))
    expect(costWith(60) - costWith(production.totalsWindowSeconds)).toBeGreaterThan(0.3)
  })

  it('costs nothing more where more runs were counted', () => {
    const invocations = { intake: 0, pay: 0, publish: 1, totals: 1 }
    const usage = { ...nothing, invocations }
    expect(total(streamCharges({ perParticipant: usage, perPayout: usage }, million, production, 1))).toBe(0)
  })
})

it('the day of a wave and of a million payouts costs half of what the stage allows for, or more, but not all of it', () => {
  const { perParticipant, perPayout } = measured
  const wave = charges({ perParticipant, perPayout: nothing }, 800_000 * assumptions.payoutsPerParticipant)
  const payouts = charges({ perParticipant: nothing, perPayout }, million)
  const day = (total(monthly(standing())) / 30 + total(wave) + total(payouts)) * jakartaFactor
  const { dollarsPerDay } = stages.production
  expect(day).toBeLessThan(dollarsPerDay)
  expect(day).toBeGreaterThan(dollarsPerDay / 2)
})

it('what a function computes takes longer with less of a processor; what it waits for does not', () => {
  const computing = { ...nothing, processorMilliseconds: 10 }
  const waiting = { ...nothing, partnerCalls: 1 }
  expect(milliseconds({ perParticipant: computing, perPayout: computing })).toEqual({
    takingIn: (10 * 1_769) / 512,
    paying: (10 * 1_769) / 192,
  })
  expect(milliseconds({ perParticipant: waiting, perPayout: waiting })).toEqual({
    takingIn: 400,
    paying: 400,
  })
})

describe('the measurement', () => {
  it('was of participants who were all paid in full', () => {
    expect(measured.payouts).toBe(measured.participants * 7)
    expect(measured.command).toBe(`npm run bench:usage -- --participants ${measured.participants}`)
  })

  it('has its writes within the bar of ten units a payout', () => {
    expect(measured.perPayout.writeUnits + measured.perParticipant.writeUnits / 7).toBeLessThan(10)
  })
})

describe('quotas', () => {
  const quotas = quotasOf(stages.production, measured)

  it('say where they are published and what raises them', () => {
    for (const { source, raise, limit } of quotas) {
      expect(source).toMatch(/^(https:\/\/docs\.aws\.amazon\.com\/|infra\/stages\.ts$)/)
      expect(raise).not.toBe('')
      expect(limit).toBeGreaterThan(0)
    }
  })

  it.each(scenarios)('are put in the order in which they bind: $name', ({ load }) => {
    const shares = strains(quotas, load).map(({ share }) => share)
    expect(shares).toEqual([...shares].sort((one, other) => other - one))
  })

  it('are raised to half as much again, in two figures', () => {
    const [quota] = quotas
    if (quota === undefined) throw new Error('there are no quotas')
    const raised = (takes: number) =>
      strains([{ ...quota, needed: () => takes }], { participantsPerSecond: 1, payoutsPerSecond: 1 })[0]
        ?.raiseTo
    expect([8, 100, 1_111, 104_293].map(raised)).toEqual([12, 150, 1_700, 160_000])
  })

  it('bear a peak day as production is set up', () => {
    const [day] = scenarios.filter(({ load }) => load.participantsPerSecond === 0)
    const [first] = day ? strains(quotas, day.load) : []
    expect(first?.share).toBeLessThan(2 / 3)
  })
})

it('the runbook has the plan that the command prints', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../infra/RUNBOOK.md'), 'utf8')
  const [, chapter = ''] = runbook.split(/^# Before a wave$/m)
  const [, plan] = /^```text\n([^`]*)\n```$/m.exec(chapter) ?? []
  expect(plan?.split('\n')).toEqual(planLines(measured))
})
