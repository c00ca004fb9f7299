import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import {
  callDeadlineMaxSeconds,
  callMarginSeconds,
  claimTermSeconds,
  laneVisibilitySeconds,
} from '../../shared/domain/deadlines.ts'
import { onTheWaySeconds } from '../../shared/finance/totals.ts'
import { readBlueprint } from './blueprint.ts'

describe.each(Object.values(stages))('deadlines of $name', (stage) => {
  const { name } = stage
  const blueprint = readBlueprint(stage)
  const functionNamed = (part: string) => blueprint.all('AWS::Lambda::Function')[`${name}-${part}`]
  const hidden = (part: string) => blueprint.all('AWS::SQS::Queue')[`${name}-${part}`].VisibilityTimeout

  it.each(partnerNames)('%s: call < pay < claim < visibility, each with room to spare', (partner) => {
    const pay = functionNamed(`pay-${partner}`)
    const call = Number(pay.Environment.Variables.CALL_DEADLINE_SECONDS)
    expect(call).toBeLessThanOrEqual(callDeadlineMaxSeconds)
    expect(call + callMarginSeconds).toBeLessThan(pay.Timeout)
    expect(pay.Timeout).toBeLessThan(claimTermSeconds)
    expect(claimTermSeconds).toBeLessThan(laneVisibilitySeconds)
    expect(hidden(`pay-${partner}`)).toBe(laneVisibilitySeconds)
    // Whoever resends after an inquiry holds the claim as pay does.
    const inquire = functionNamed(`inquire-${partner}`)
    expect(inquire.Environment.Variables.CALL_DEADLINE_SECONDS).toBe(`${call}`)
    expect(call + callMarginSeconds).toBeLessThan(inquire.Timeout)
    expect(inquire.Timeout).toBeLessThan(claimTermSeconds)
  })

  it.each(['intake', 'intake-accounts', 'jobs'])(
    '%s is hidden for six times what its function may take',
    (queue) => {
      expect(hidden(queue)).toBeGreaterThanOrEqual(6 * functionNamed(queue).Timeout)
    },
  )

  it('what the sums may still lack is gathered and counted by then, or rings an alarm', () => {
    expect(stage.totalsWindowSeconds + functionNamed('totals').Timeout).toBeLessThan(onTheWaySeconds)
    const alarms = Object.values(blueprint.all('AWS::CloudWatch::Alarm'))
    const [late] = alarms.filter(({ AlarmName }) => AlarmName === `${name}-totals-late-totals`)
    expect(late).toMatchObject({ Threshold: onTheWaySeconds * 1_000 })
  })
})
