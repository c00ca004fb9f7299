import { describe, expect, test } from 'vitest'
import { synthesise } from '../../infra/local/synthesis.ts'
import { readTemplate } from '../../infra/local/template.ts'

const read = (resources: object) =>
  readTemplate(JSON.stringify({ Resources: resources }), 'http://127.0.0.1:4566')

const queue = (name: unknown) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: name } })
const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } }
const route = {
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { RouteKey: 'GET /things', AuthorizationType: 'AWS_IAM', Target: 'integrations/Some' },
}
const functionWith = (variable: unknown) => ({
  Type: 'AWS::Lambda::Function',
  Metadata: { entry: 'functions/pay/handler.ts' },
  Properties: { FunctionName: 'pay', Handler: 'index.handler', Environment: { Variables: { IT: variable } } },
})

describe('references become local values', () => {
  test.each([
    [{ Ref: 'Work' }, 'http://127.0.0.1:4566/000000000000/work'],
    [{ 'Fn::GetAtt': ['Work', 'Arn'] }, 'arn:aws:sqs:ap-southeast-3:000000000000:work'],
    [{ 'Fn::GetAtt': 'Work.QueueName' }, 'work'],
    [{ Ref: 'Table' }, 'things'],
    [{ Ref: 'Secret' }, 'arn:aws:secretsmanager:ap-southeast-3:000000000000:secret:partner/bni'],
    [{ Ref: 'AWS::Region' }, 'ap-southeast-3'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Table' }, { 'Fn::Join': ['', ['b', 'c']] }]] }, 'a-things-bc'],
    [
      { 'Fn::Sub': `\${Table} in \${AWS::AccountId}, \${Work.Arn}, \${!Literal}` },
      `things in 000000000000, arn:aws:sqs:ap-southeast-3:000000000000:work, \${Literal}`,
    ],
    [{ 'Fn::Sub': [`\${Own} \${Table}`, { Own: { Ref: 'Table' } }] }, 'things things'],
    [{ Ref: 'AWS::NoValue' }, undefined],
    [{ Ref: 'Role' }, 'Role'],
    [{ Ref: 'Bucket' }, 'shelf'],
    [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::shelf'],
  ])('%j', (variable, value) => {
    const { functions } = read({
      Work: queue('work'),
      Role: { Type: 'AWS::IAM::Role' },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shelf' } },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'partner/bni' } },
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: { TableName: 'things', AttributeDefinitions: [], KeySchema: [] },
      },
      Pay: functionWith(variable),
    })
    expect(functions[0]?.Environment?.Variables.IT).toBe(value)
  })
})

describe('what this machine cannot run as written is refused by its logical id', () => {
  const work = 'arn:aws:sqs:ap-southeast-3:000000000000:work'
  test.each([
    ['an intrinsic', { Pay: functionWith({ 'Fn::Select': [0, ['a']] }) }, /^Pay: .*Fn::Select/],
    ['a reference to nothing', { Pay: functionWith({ Ref: 'Nowhere' }) }, /^Pay: .*Nowhere/],
    [
      'an attribute',
      { Pay: functionWith({ 'Fn::GetAtt': ['Work', 'Age'] }), Work: queue('work') },
      /^Pay: .*Work\.Age/,
    ],
    ['a dynamic reference', { Pay: functionWith('{{resolve:ssm:/a}}') }, /^Pay: .*dynamic/],
    ['a resource type', { Cluster: { Type: 'AWS::ECS::Cluster' } }, /^Cluster: .*AWS::ECS::Cluster/],
    ['a condition', { Work: { ...queue('work'), Condition: 'Sometimes' } }, /^Work: .*conditions/s],
    [
      'a FIFO queue',
      { Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'a', FifoQueue: true } } },
      /^Work: .*FifoQueue/s,
    ],
    [
      'a filter',
      {
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { FunctionName: 'a', EventSourceArn: work, FilterCriteria: {} },
        },
      },
      /^Mapping: .*FilterCriteria/s,
    ],
    [
      'a mapping of something else',
      {
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { FunctionName: 'a', EventSourceArn: 'arn:aws:kinesis:a' },
        },
      },
      /^Mapping: .*must be a queue/s,
    ],
    [
      'a stream mapping without an end to its retries',
      {
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: 'a',
            EventSourceArn: 'arn:aws:dynamodb:a',
            StartingPosition: 'TRIM_HORIZON',
            MaximumRetryAttempts: -1,
          },
        },
      },
      /^Mapping: .*must be bounded/s,
    ],
    [
      'a route for everybody',
      { Api: api, Route: { ...route, Properties: { ...route.Properties, AuthorizationType: 'NONE' } } },
      /^Route: .*AuthorizationType/s,
    ],
    [
      'a route for the rest of a path',
      { Api: api, Route: { ...route, Properties: { ...route.Properties, RouteKey: 'GET /{rest+}' } } },
      /^Route: .*RouteKey/s,
    ],
    ['a second API', { Api: api, Another: api }, /several HTTP APIs/],
    [
      'an API of WebSockets',
      { Api: { ...api, Properties: { ProtocolType: 'WEBSOCKET' } } },
      /^Api: .*ProtocolType/s,
    ],
    [
      'a stage whose name is part of every path',
      { Api: api, Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: 'first' } } },
      /^Stage: .*StageName/s,
    ],
    ['a function without an entry', { Pay: { ...functionWith('a'), Metadata: {} } }, /^Pay: .*entry/s],
  ])('%s', (_what, resources, message) => {
    expect(() => read(resources)).toThrow(message)
  })
})

test('the template of the stage "local" can be run here', { timeout: 60_000 }, async () => {
  const description = readTemplate(await synthesise('local'), 'http://127.0.0.1:4566')
  expect(description.functions.map(({ FunctionName }) => FunctionName)).toContain('local-intake')
  expect(description.mappings.length).toBeGreaterThan(0)
  expect(description.api?.routes.map(({ key }) => key)).toContain('GET /status')
  expect([...(description.api?.roles.keys() ?? [])]).toEqual([
    'local-viewer',
    'local-operator',
    'local-approver',
    'local-finance',
  ])
})
