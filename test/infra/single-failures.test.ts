import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

/** What fails once and is not tried again for a day, of which an alarm on three in a quarter of an hour never hears. */
describe.each([stages.production, stages.local])('in $name', (stage) => {
  const { all } = readBlueprint(stage)
  const functions = Object.entries(all('AWS::Lambda::Function'))
  const alarms = Object.values(all('AWS::CloudWatch::Alarm'))
  const once = { Threshold: 1, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' }
  const on = (metric: string, named: Readonly<Record<string, string>>) =>
    alarms.filter(
      ({ MetricName, Dimensions = [] }) =>
        MetricName === metric &&
        Object.entries(named).every(([Name, Value]) =>
          Dimensions.some((each: object) => JSON.stringify(each) === JSON.stringify({ Name, Value })),
        ),
    )
  const daily = Object.entries(all('AWS::Scheduler::Schedule'))
    .filter(([, { ScheduleExpression }]) => ScheduleExpression.startsWith('cron('))
    .map(([name]) => name)

  it.each([...daily, `${stage.name}-close`])('one crash of %s wakes somebody', (name) => {
    expect(on('Errors', { FunctionName: name }).filter(({ Threshold }) => Threshold === 1)).toEqual([
      expect.objectContaining({ ...once, Period: 3_600 }),
    ])
  })

  const archiving = functions.filter(([, { Environment }]) => 'EXCHANGES_BUCKET' in Environment.Variables)
  it.each(archiving)('exchanges of %s that are not archived wake somebody', (name, { Environment }) => {
    const { POWERTOOLS_SERVICE_NAME: service, PARTNER: partner } = Environment.Variables
    const found = on('ArchiveFailed', { service, partner })
    expect(found).toHaveLength(1)
    if (daily.includes(name)) expect(found).toMatchObject([once])
  })

  it('there is no alarm on what no function counts', () => {
    expect(alarms.filter(({ MetricName }) => MetricName === 'ArchiveFailed')).toHaveLength(archiving.length)
  })
})
