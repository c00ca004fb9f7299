import { expect, test } from 'vitest'
import { createActivity } from '../../infra/local/activity.ts'
import { createClock } from '../../infra/local/clock.ts'
import { createSchedules } from '../../infra/local/schedules.ts'

/** Schedules that run once a day, at a time of Jakarta. */

function schedulesOf(ScheduleExpression: string, ScheduleExpressionTimezone: string, startAt: string) {
  const clock = createClock(Date.parse(startAt))
  const activity = createActivity()
  const told: unknown[] = []
  const schedules = createSchedules({
    schedules: [
      {
        Name: 'nightly',
        State: 'ENABLED',
        ScheduleExpression,
        ScheduleExpressionTimezone,
        Target: {
          Arn: 'arn:aws:lambda:ap-southeast-3:000000000000:function:nightly',
          Input: '{"now":"<aws.scheduler.scheduled-time>"}',
        },
      },
    ],
    clock,
    activity,
    async invoke(_, event) {
      told.push(event)
      return { outcome: 'returned', value: { next: null } }
    },
    wakesOf: () => [],
  })
  return { schedules, clock, activity, told }
}

test.each([
  { start: '2020-09-18T00:14:59+07:00', ticks: ['2020-09-17T17:15:00Z', '2020-09-18T17:15:00Z'] },
  { start: '2020-09-18T00:15:00+07:00', ticks: ['2020-09-17T17:15:00Z', '2020-09-18T17:15:00Z'] },
  { start: '2020-09-18T00:15:01+07:00', ticks: ['2020-09-18T17:15:00Z', '2020-09-19T17:15:00Z'] },
  { start: '2020-12-31T23:59:59+07:00', ticks: ['2020-12-31T17:15:00Z', '2021-01-01T17:15:00Z'] },
])('from $start on it runs at $ticks', async ({ start, ticks }) => {
  const { schedules, clock, activity, told } = schedulesOf('cron(15 0 * * ? *)', 'Asia/Jakarta', start)
  for (const _ of ticks) {
    clock.moveTo(schedules.next())
    schedules.fire()
    await activity.idle()
  }
  expect(told).toEqual(ticks.map((now) => ({ now })))
})

test.each([
  ['cron(15 0 * * ? *)', 'UTC'],
  ['cron(15 0 1 * ? *)', 'Asia/Jakarta'],
  ['cron(*/15 0 * * ? *)', 'Asia/Jakarta'],
  ['at(2020-09-18T00:15:00)', 'Asia/Jakarta'],
])('%s in %s is refused', (expression, zone) => {
  expect(() => schedulesOf(expression, zone, '2020-09-18T00:00:00+07:00')).toThrow('schedule nightly: ')
})
