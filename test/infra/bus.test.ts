import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { all, target } = readBlueprint(stages.local)
const rules = all('AWS::Events::Rule')

describe('bus', () => {
  const source = [{ 'anything-but': ['prakerja.disbursement'] }]
  const accounts = { source, 'detail-type': ['PayoutAccountLinked'] }
  const others = { source, 'detail-type': [{ 'anything-but': ['PayoutAccountLinked'] }] }

  it.each([
    { name: 'local-intake', pattern: others },
    { name: 'local-intake-accounts', pattern: accounts },
  ])('$name gets its share of everything that others publish, by type', ({ name, pattern }) => {
    expect(rules[name].EventPattern).toEqual(pattern)
    const [to, ...more] = rules[name].Targets
    expect(more).toEqual([])
    expect(target(to.Arn)).toBe(name)
    expect(target(to.DeadLetterConfig.Arn)).toBe('local-undelivered')
  })

  it('sets aside what it cannot encrypt or read in a queue that it reaches without our key', () => {
    const [[bus = '', { DeadLetterConfig }] = ['', {}], ...others] = Object.entries(
      all('AWS::Events::EventBus'),
    )
    expect(others).toEqual([])
    expect(target(DeadLetterConfig.Arn)).toBe('local-undelivered')
    const { SqsManagedSseEnabled, KmsMasterKeyId } = all('AWS::SQS::Queue')['local-undelivered']
    expect({ SqsManagedSseEnabled, KmsMasterKeyId }).toEqual({ SqsManagedSseEnabled: true })
    const allowed = Object.values(all('AWS::SQS::QueuePolicy'))
      .filter(({ Queues }) => target(Queues[0]) === 'local-undelivered')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
    for (const { Principal, Action, Condition } of allowed) {
      expect({ Principal, Action }).toEqual({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
      })
      expect(Condition).toEqual({ ArnEquals: { 'aws:SourceArn': expect.anything() } })
    }
    const sources = allowed.map(({ Condition }) => target(Condition.ArnEquals['aws:SourceArn']))
    expect(sources.sort()).toEqual([bus, 'local-intake', 'local-intake-accounts'].sort())
  })

  it('keeps what others publish, to be replayed, but no account numbers', () => {
    expect(Object.values(all('AWS::Events::Archive'))).toMatchObject([
      {
        EventPattern: { source, 'detail-type': [{ 'anything-but': ['PayoutAccountLinked'] }] },
        RetentionDays: 1,
      },
    ])
  })

  it('lets each publisher speak under its own source, of its own matters', () => {
    const allowed = Object.values(all('AWS::Events::EventBusPolicy')).map(({ Statement }) => [
      Statement.Condition.StringEquals['events:source'],
      Statement.Principal.AWS,
      Statement.Condition.StringEquals['events:detail-type'],
    ])
    expect(allowed).toEqual(
      Object.entries(stages.local.publishers).map(([source, account]) => [
        source,
        `arn:aws:iam::${account}:root`,
        source === 'prakerja.core' ? ['SurveyCompleted', 'PayoutAccountLinked'] : ['CertificateIssued'],
      ]),
    )
  })
})
