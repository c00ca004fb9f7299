import { describe, expect, it } from 'vitest'
import { stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const { all } = readBlueprint(stages.local)

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
