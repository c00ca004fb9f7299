import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alarmRules } from '../../infra/alarm-rules.ts'
import { partnerNames, stages } from '../../infra/stages.ts'
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

/** The alarms on a metric whose dimension has this value. */
const on = (metric: string, dimension: string, value: string) =>
  alarms.filter(
    ({ MetricName, Dimensions }) =>
      MetricName === metric &&
      Dimensions.some(
        (each: { Name: string; Value: unknown }) => each.Name === dimension && target(each.Value) === value,
      ),
  )

describe('the runbook', () => {
  it('has an article on every alarm, in the same order, and no others', () => {
    expect([...articles.keys()]).toEqual([...alarmRules.keys()])
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
      const days = alarm.Period < 3_600 ? 1 : 7
      expect(alarm.Period * alarm.EvaluationPeriods).toBeLessThanOrEqual(days * 86_400)
    },
  )

  it('watch every queue: those of dead letters for the first message, the others for its age', () => {
    for (const name of Object.keys(all('AWS::SQS::Queue'))) {
      const dead = name.endsWith('-dlq') || name.endsWith('-undelivered')
      const metric = dead ? 'ApproximateNumberOfMessagesVisible' : 'ApproximateAgeOfOldestMessage'
      expect([name, on(metric, 'QueueName', name).length]).toEqual([name, 1])
    }
  })

  it('watch every function for crashes and throttles', () => {
    for (const name of Object.keys(all('AWS::Lambda::Function')))
      for (const metric of ['Errors', 'Throttles'])
        expect([name, on(metric, 'FunctionName', name).length > 0]).toEqual([name, true])
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
  const lane = textOf('functions/lane.ts')
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

  const watched = [...alarmRules.values()].flatMap(({ watched: each }) => ('metric' in each ? [each] : []))
  it.each(watched.flatMap(({ metric, countedBy }) => countedBy.map((folder) => [metric, folder])))(
    '%s is counted by %s, whose alarm waits for it',
    (metric = '', folder = '') => {
      expect(counts(sourceOf(folder), metric)).toBe(true)
    },
  )
})

describe('the topic', () => {
  it('hears alarms of its own account, over TLS only', () => {
    const [policy] = Object.values(all('AWS::SNS::TopicPolicy'))
    expect(policy?.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': stages.local.account } },
      },
    ])
  })

  it('reaches the address of the stage, where it has one', () => {
    expect(all('AWS::SNS::Subscription')).toEqual({})
    const subscribed = Object.values(readBlueprint(stages.production).all('AWS::SNS::Subscription'))
    expect(subscribed).toMatchObject([{ Protocol: 'email', Endpoint: stages.production.alarmAddress }])
  })
})
