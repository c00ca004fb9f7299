import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { metricNames } from '../../shared/runtime/metrics.ts'
import { readBlueprint } from './blueprint.ts'

const { template, all } = readBlueprint(stages.production)
const dashboards = Object.values(template.findResources('AWS::CloudWatch::Dashboard'))
/** What a dashboard draws, as text: references stand where alarms are named. */
const bodyOf = (name: string): string => {
  const found = dashboards.find(({ Properties }) => Properties.DashboardName === `production-${name}`)
  return JSON.stringify(found?.Properties.DashboardBody)
}

describe.each(['operations', 'finance'])('the dashboard for %s', (name) => {
  const body = bodyOf(name)

  it('draws every partner, from figures that the functions really count', () => {
    for (const partner of partnerNames) expect(body).toContain(partner)
    const drawn = [...body.matchAll(/\\"Disbursement\/production\\",\\"(\w+)\\"/g)].map(
      ([, metric]) => metric,
    )
    expect(drawn).not.toEqual([])
    for (const metric of drawn) expect(metricNames).toContain(metric)
  })
})

it('operations see every alarm', () => {
  const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'))
  const body = bodyOf('operations')
  expect(alarms.filter((id) => !body.includes(`"${id}"`))).toEqual([])
})

it('queues are drawn by names that they have', () => {
  const drawn = [...bodyOf('operations').matchAll(/\\"QueueName\\",\\"([\w-]+)\\"/g)].map(
    ([, queue]) => queue,
  )
  expect(drawn).not.toEqual([])
  expect(Object.keys(all('AWS::SQS::Queue'))).toEqual(expect.arrayContaining(drawn))
})
