import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Template } from 'aws-cdk-lib/assertions'
import { Stack } from 'aws-cdk-lib/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { alarmRules } from '../../infra/alarm-rules.ts'
import { billAlarm } from '../../infra/bill.ts'
import { partnerNames, type Stage, stages } from '../../infra/stages.ts'
import { createApp } from '../../infra/synthesise.ts'
import { pauseReasons } from '../../shared/domain/pause.ts'
import { metricNames } from '../../shared/runtime/metrics.ts'
import { operate } from '../ops/operator.ts'
import { readBlueprint } from './blueprint.ts'

const root = join(import.meta.dirname, '..', '..')
const { all, target } = readBlueprint({ ...stages.local, fetchesStatements: true })
const alarms = Object.values(all('AWS::CloudWatch::Alarm'))
const names = alarms.map(({ AlarmName }) => AlarmName)

const runbook = readFileSync(join(root, 'infra/RUNBOOK.md'), 'utf8')
const [alarmsChapter = ''] = runbook.split(/^# Before a wave$/m)
const articles = new Map(
  alarmsChapter
    .split(/^## /m)
    .slice(1)
    .map((article) => [article.slice(0, article.indexOf('\n')), article]),
)

const dimensions = z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([])
const single = z.object({
  MetricName: z.string(),
  Namespace: z.string(),
  Period: z.number(),
  Dimensions: dimensions,
})
const stat = z.object({
  Metric: single.omit({ Period: true }),
  Period: z.number(),
})
const combined = z.object({ Metrics: z.array(z.object({ MetricStat: stat.optional() })) })
/** Every metric that an alarm looks at: its own, or those of its expression. */
function countsOf(alarm: unknown) {
  const { data } = combined.safeParse(alarm)
  const counts = data?.Metrics.flatMap(({ MetricStat }) =>
    MetricStat ? [{ ...MetricStat.Metric, Period: MetricStat.Period }] : [],
  )
  return counts ?? [single.parse(alarm)]
}

/** The alarms on a metric whose dimension has this value. */
const on = (metric: string, dimension: string, value: string) =>
  alarms.filter(
    ({ MetricName, Dimensions }) =>
      MetricName === metric &&
      Dimensions?.some(
        (each: { Name: string; Value: unknown }) => each.Name === dimension && target(each.Value) === value,
      ),
  )

describe('the runbook', () => {
  it('has an article on every alarm and on the bill, in the same order, and no others', () => {
    expect([...articles.keys()]).toEqual([...alarmRules.keys(), billAlarm])
  })

  it.each([...articles])(
    '%s: what it means, what is at risk, where to look, what to do and never to do',
    (_, article) => {
      const parts = [...article.matchAll(/^\*\*([A-Z][a-z ]+):\*\*/gm)].map(([, part]) => part)
      expect(parts).toEqual(['Means', 'Money at risk', 'Look at', 'Do', 'Never'])
    },
  )

  it('links to articles that are there', () => {
    const links = [...runbook.matchAll(/\]\(#([\w-]+)\)/g)].map(([, link]) => link)
    expect(links.filter((link) => !articles.has(link ?? ''))).toEqual([])
  })

  /** What an operator might fill in. */
  const filled: Readonly<Record<string, string>> = {
    partner: 'gopay',
    payout: 'P-00017/incentive-2',
    reference: 'P-00017-I2-A1',
    document: 'BNI-2020-118',
    amount: 'Rp1,000,000',
    day: '2020-10-01',
    hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    job: '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c',
    repair: '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c',
    why: 'seen to',
    verb: 'status',
    break: '0123456789abcdef',
    name: 'budi',
    what: 'asked the partner',
  }
  const commands = [...new Set(runbook.match(/(?<=`npm run ops -- )[^`]+(?=`)/g))]

  it.each(commands)('gives a command that the command line understands: %s', async (command) => {
    const text = command.replace(/<(\w+)>/g, (_, name) => filled[name] ?? `nothing fills in ${name}`)
    const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '')
    const { code, err } = await operate(words)
    expect({ code, err }).not.toMatchObject({ code: 2 })
  })
})

describe('alarms', () => {
  it('have names of their own, and each rule makes one at least', () => {
    expect(new Set(names).size).toBe(names.length)
    const idle = [...alarmRules.keys()].filter(
      (rule) => !names.some((name) => name.startsWith(`local-${rule}-`)),
    )
    expect(idle).toEqual([])
  })

  it.each(alarms.map((alarm) => [alarm.AlarmName, alarm]))(
    '%s goes to the one topic and says where help is',
    (_, alarm) => {
      expect(alarm.AlarmActions.map(target)).toEqual([expect.stringMatching(/^AlarmsTopic/)])
      const article = /RUNBOOK\.md#([\w-]+)$/.exec(alarm.AlarmDescription)?.[1]
      expect(articles.has(article ?? '')).toBe(true)
      // CloudWatch looks back a day at most, and a week where a period is an hour or more.
      for (const { Period } of countsOf(alarm)) {
        const days = Period < 3_600 ? 1 : 7
        expect(Period * alarm.EvaluationPeriods).toBeLessThanOrEqual(days * 86_400)
      }
    },
  )

  it('watch every queue: those of dead letters for the first message, the others for its age', () => {
    for (const name of Object.keys(all('AWS::SQS::Queue'))) {
      const dead = name.endsWith('-dlq') || name.endsWith('-undelivered')
      const metric = dead ? 'ApproximateNumberOfMessagesVisible' : 'ApproximateAgeOfOldestMessage'
      expect([name, on(metric, 'QueueName', name).length]).toEqual([name, 1])
    }
  })

  it('watch every function for crashes, and for throttles but where it has one run and the others wait', () => {
    for (const [name, properties] of Object.entries(all('AWS::Lambda::Function'))) {
      const waits = properties.ReservedConcurrentExecutions === 1
      expect([name, on('Errors', 'FunctionName', name).length > 0]).toEqual([name, true])
      expect([name, on('Throttles', 'FunctionName', name).length]).toEqual([name, waits ? 0 : 1])
    }
  })

  it('watch every schedule, and take silence for an alarm there and nowhere else', () => {
    for (const name of Object.keys(all('AWS::Scheduler::Schedule')))
      expect(on('Invocations', 'FunctionName', name)).toMatchObject([
        { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
      ])
    const others = alarms.filter(({ MetricName }) => MetricName !== 'Invocations')
    expect(new Set(others.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']))
  })

  it('wake within five minutes when release stands still', () => {
    for (const partner of partnerNames)
      expect(on('Invocations', 'FunctionName', `local-release-${partner}`)).toMatchObject([
        { Period: 60, EvaluationPeriods: 5 },
      ])
  })

  it('tell of every reason for which a lane pauses itself, at every partner', () => {
    const own = pauseReasons.filter((reason) => reason !== 'operator')
    for (const reason of own)
      for (const partner of partnerNames) {
        const both = on('LanePaused', 'reason', reason).filter((alarm) =>
          on('LanePaused', 'partner', partner).includes(alarm),
        )
        expect([reason, partner, both.length]).toEqual([reason, partner, 1])
      }
  })
})

describe('what is counted', () => {
  const textOf = (pattern: string) =>
    globSync(pattern, { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n')
  const reporting = textOf('functions/reporting.ts')
  const lane = textOf('functions/{lane,invocation}.ts')
  /** The source of a folder's functions, with what counts for them where they report entries, or speak to partners. */
  const sourceOf = (folder: string) => {
    const own = textOf(`functions/${folder}/*.ts`)
    return [own, own.includes('reportCase') && reporting, own.includes('openLane') && lane].join('\n')
  }
  const counts = (source: string, metric: string) =>
    metric === 'LanePaused' ? source.includes('countLanePaused(') : source.includes(`'${metric}'`)

  it.each(metricNames)('%s is counted somewhere', (metric) => {
    expect(counts(textOf('functions/**/*.ts'), metric)).toBe(true)
  })

  const own = alarms
    .flatMap(countsOf)
    .filter(({ Namespace }) => Namespace.startsWith('Disbursement'))
    .map(({ MetricName, Namespace, Dimensions }) => {
      const named = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, String(Value)]))
      return { MetricName, Namespace, service: named.service ?? '', partner: named.partner }
    })
  const watched = new Map(
    own.map(({ MetricName, service }) => [`${MetricName} ${service}`, [MetricName, service]]),
  )

  it.each([...watched.values()])(
    '%s is counted by %s, whose alarm waits for it',
    (metric = '', folder = '') => {
      expect(counts(sourceOf(folder), metric)).toBe(true)
    },
  )

  const ofPartners = new Map(
    own
      .filter(({ partner }) => partner !== undefined)
      .map(({ MetricName, service }) => [`${MetricName} ${service}`, [MetricName, service]]),
  )

  it.each([...ofPartners.values()])(
    '%s is counted by %s with the partner, by whom its alarm looks for it',
    (metric = '', folder = '') => {
      const source = sourceOf(folder)
      const always = source.includes('setPartner(')
      // What is reported of entries is counted by what the folder hands over for it.
      const handedOver =
        source.includes('reportCase(partner, applied, ') && source.includes('countForPartner(partner, name')
      const itself = source.includes(`countForPartner(partner, '${metric}'`)
      expect(always || itself || (handedOver && reporting.includes(`'${metric}'`))).toBe(true)
    },
  )

  it('is told apart by stage', () => {
    expect(new Set(own.map(({ Namespace }) => Namespace))).toEqual(new Set(['Disbursement/local']))
    const variables = Object.values(all('AWS::Lambda::Function')).map(
      ({ Environment }) => Environment.Variables,
    )
    for (const { POWERTOOLS_METRICS_NAMESPACE } of variables)
      expect(POWERTOOLS_METRICS_NAMESPACE).toBe('Disbursement/local')
  })
})

describe('the share that is paid', () => {
  const band = alarms.filter(({ AlarmName }) => AlarmName.startsWith('local-paid-rate-'))

  it('is watched at every partner, of at least a hundred, from both sides, for two hours', () => {
    expect(band.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      partnerNames.map((partner) => `local-paid-rate-${partner}`).sort(),
    )
    for (const alarm of band) {
      expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 2 })
      expect(JSON.stringify(alarm.Metrics)).toContain(
        'IF((TIME_SERIES(0) + released) >= 100 AND ' +
          '(100 * (TIME_SERIES(0) + pay + inquire + reconcile) < 80 * (TIME_SERIES(0) + released) OR ' +
          '100 * (TIME_SERIES(0) + pay + inquire + reconcile) > 120 * (TIME_SERIES(0) + released)), 1, 0)',
      )
      expect(countsOf(alarm).map(({ Period }) => Period)).toEqual([3_600, 3_600, 3_600, 3_600])
    }
  })
})

describe('what a day costs', () => {
  const stacksOf = (stage: Stage) =>
    createApp(stage, { bundles: false }).node.children.map(({ node }) => node.id)

  it.each(Object.values(stages))("in rupiah is held against $name's plan, over all partners", (stage) => {
    const found = Object.values(readBlueprint(stage).all('AWS::CloudWatch::Alarm')).filter(
      ({ AlarmName }) => AlarmName === `${stage.name}-spending-above-plan-all-partners`,
    )
    expect(found).toMatchObject([{ Threshold: stage.rupiahPerDay, EvaluationPeriods: 1 }])
    const counts = found.flatMap(countsOf)
    // CloudWatch takes ten metrics in one alarm.
    expect(counts).toHaveLength(2 * partnerNames.length + 1)
    expect(counts.length).toBeLessThanOrEqual(10)
    expect(new Set(counts.map(({ MetricName, Period }) => `${MetricName} ${Period}`))).toEqual(
      new Set(['RupiahPaid 86400']),
    )
  })

  it('in dollars is told to the address of the stage, where it has one', () => {
    const { local, production } = stages
    expect(stacksOf(local)).not.toContain('disbursement-local-bill')
    const bill = createApp(production, { bundles: false }).node.findChild('disbursement-production-bill')
    if (!Stack.isStack(bill)) throw new Error('the bill is no stack')
    const budgets = Object.values(Template.fromStack(bill).findResources('AWS::Budgets::Budget'))
    expect(budgets.map(({ Properties }) => Properties)).toMatchObject([
      {
        Budget: {
          BudgetName: 'production-aws-bill',
          BudgetType: 'COST',
          TimeUnit: 'DAILY',
          BudgetLimit: { Amount: production.dollarsPerDay, Unit: 'USD' },
        },
        NotificationsWithSubscribers: [
          {
            Notification: { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 100 },
            Subscribers: [{ SubscriptionType: 'EMAIL', Address: production.alarmAddress }],
          },
        ],
      },
    ])
  })
})
