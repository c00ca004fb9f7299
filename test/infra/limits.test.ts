import { describe, expect, it, test } from 'vitest'
import * as z from 'zod'
import { resolve } from '../../infra/local/intrinsics.ts'
import { createReferences } from '../../infra/local/references.ts'
import { partnerNames, type Stage, stages } from '../../infra/stages.ts'
import { readBlueprint } from './blueprint.ts'

const section = z.record(z.string(), z.unknown()).default({})
const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: section,
  Parameters: section,
})
const widgetSchema = z.object({
  properties: z.object({
    title: z.string().optional(),
    alarms: z.array(z.string()).default([]),
    metrics: z.array(z.unknown()).default([]),
  }),
})
const bodySchema = z.object({ widgets: z.array(widgetSchema) })

const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value ?? ''))
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

/** A stage's template, measured as AWS sees it: references have become names and ARNs. */
function measure(stage: Stage) {
  const template: unknown = readBlueprint(stage).template.toJSON()
  const { Resources, Outputs, Parameters } = templateSchema.parse(template)
  const known = createReferences(
    new Map(Object.entries(Resources)),
    'https://sqs.ap-southeast-3.amazonaws.com',
  )
  const references = {
    ref: known.ref,
    /** What has no name in the template is as long as a key's ARN at least, or as its own logical id. */
    attribute: (id: string, attribute: string) => known.attribute(id, attribute).padEnd(90, '_'),
  }
  /** One property of each resource of a type. */
  const each = (type: string, property: string): readonly unknown[] =>
    Object.values(Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => resolve(Properties[property], references))
  const widgets = each('AWS::CloudWatch::Dashboard', 'DashboardBody').map(
    (body) => bodySchema.parse(JSON.parse(z.string().parse(body))).widgets,
  )
  return { template, Resources, Outputs, Parameters, each, widgets }
}

type Measured = ReturnType<typeof measure>

const iam = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html'
const cloudFormation =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html'
const dashboards =
  'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html'
const cloudWatch = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html'

type Limit = readonly [what: string, most: number, source: string, figures: (measured: Measured) => number[]]

/** What AWS refuses more of, whoever asks, with its page; `figures`: how much of it each thing of a template has. */
const limits: readonly Limit[] = [
  ['resources', 500, cloudFormation, ({ Resources }) => [Object.keys(Resources).length]],
  ['outputs', 200, cloudFormation, ({ Outputs }) => [Object.keys(Outputs).length]],
  ['parameters', 200, cloudFormation, ({ Parameters }) => [Object.keys(Parameters).length]],
  [
    'bytes of the template as CDK writes it',
    1_048_576,
    cloudFormation,
    ({ template }) => [Buffer.byteLength(JSON.stringify(template, undefined, 1))],
  ],
  [
    'alarms in a widget',
    100,
    dashboards,
    ({ widgets }) => widgets.flat().map((one) => one.properties.alarms.length),
  ],
  ['widgets of a dashboard', 500, dashboards, ({ widgets }) => widgets.map(lengthOf)],
  [
    'metrics in a widget',
    500,
    cloudWatch,
    ({ widgets }) => widgets.flat().map((one) => one.properties.metrics.length),
  ],
  [
    'metrics of a dashboard',
    2_500,
    cloudWatch,
    ({ widgets }) => widgets.map((all) => all.flatMap(({ properties }) => properties.metrics).length),
  ],
  [
    'metrics in an alarm',
    10,
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html',
    ({ each }) =>
      each('AWS::CloudWatch::Alarm', 'Metrics').map(
        (metrics) => [metrics ?? []].flat().filter((metric) => 'MetricStat' in Object(metric)).length,
      ),
  ],
  [
    "characters of a role's own policy",
    6_144,
    iam,
    ({ each }) => each('AWS::IAM::ManagedPolicy', 'PolicyDocument').map(size),
  ],
  ['policies of a role', 10, iam, ({ each }) => each('AWS::IAM::Role', 'ManagedPolicyArns').map(lengthOf)],
  [
    "characters of a role's trust",
    2_048,
    iam,
    ({ each }) => each('AWS::IAM::Role', 'AssumeRolePolicyDocument').map(size),
  ],
  [
    "bytes of a key's policy",
    32_768,
    'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
    ({ each }) => each('AWS::KMS::Key', 'KeyPolicy').map(size),
  ],
  [
    "bytes of a bucket's policy",
    20_480,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html',
    ({ each }) => each('AWS::S3::BucketPolicy', 'PolicyDocument').map(size),
  ],
  [
    "bytes of a queue's policy",
    8_192,
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
    ({ each }) => each('AWS::SQS::QueuePolicy', 'PolicyDocument').map(size),
  ],
  [
    "bytes of a table's policy",
    20_480,
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html',
    ({ each }) => each('AWS::DynamoDB::Table', 'ResourcePolicy').map(size),
  ],
  [
    "characters of the bus's policy",
    10_240,
    'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
    ({ each }) => [size(each('AWS::Events::EventBusPolicy', 'Statement'))],
  ],
  [
    "bytes of a function's environment",
    4_096,
    'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    ({ each }) => each('AWS::Lambda::Function', 'Environment').map(size),
  ],
  [
    'rules of a security group',
    60,
    'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
    ({ each }) => each('AWS::EC2::SecurityGroup', 'SecurityGroupEgress').map(lengthOf),
  ],
  [
    'routes of an API',
    300,
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html',
    ({ each }) => [each('AWS::ApiGatewayV2::Route', 'RouteKey').length],
  ],
]

const { local, production } = stages
const deliverers = Object.fromEntries(
  partnerNames.map((partner) => [
    partner,
    `arn:aws:iam::${production.account}:role/statements-of-${partner}`,
  ]),
)
const measured = Object.entries({
  local,
  production,
  'production, to which every partner sends statements': { ...production, deliverers },
}).map(([name, stage]) => [name, measure(stage)] as const)

describe.each(measured)('%s', (_name, stage) => {
  it.each(limits)('has at most %s: %d, says %s', (_what, most, _source, figures) => {
    expect(Math.max(0, ...figures(stage))).toBeLessThanOrEqual(most)
  })

  test('shows every alarm once', () => {
    const shown = stage.widgets.flat().flatMap(({ properties }) => properties.alarms)
    expect(new Set(shown).size).toBe(shown.length)
    expect(shown).toHaveLength(stage.each('AWS::CloudWatch::Alarm', 'AlarmName').length)
  })
})
