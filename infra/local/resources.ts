import * as z from 'zod'

/** What this machine reads of each resource, its references resolved. A property listed as absent would change
 *  what happens, so that a template which sets it is refused. */

const absent = z.never({ error: 'is not supported here' }).optional()
const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))

export const table = z.object({
  TableName: z.string(),
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
  LocalSecondaryIndexes: absent,
  StreamSpecification: z
    .object({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) })
    .optional(),
})

export const lambdaFunction = z.object({
  FunctionName: z.string(),
  Handler: z.templateLiteral(['index.', z.string()]),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
})

export const queue = z.object({
  QueueName: z.string(),
  VisibilityTimeout: z.number().default(30),
  DelaySeconds: z.number().default(0),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
  FifoQueue: absent,
})

export const mapping = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.templateLiteral(['arn:aws:sqs:', z.string()], { error: 'must be a queue' }),
  Enabled: z.boolean().default(true),
  BatchSize: z.number().default(10),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
  FilterCriteria: absent,
})

export const eventSource = z.object({ EventSourceArn: z.string() })

/** Age and bisecting are not read: what fails is handed over again from its first failure on, until its retries are used up.
 *  A tumbling window gives a function its shard's name, and no state that outlives a batch. */
export const streamMapping = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.templateLiteral(['arn:aws:dynamodb:', z.string()]),
  Enabled: z.boolean().default(true),
  StartingPosition: z.literal('TRIM_HORIZON'),
  BatchSize: z.number().default(100),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  MaximumRetryAttempts: z.number().nonnegative('must be bounded'),
  ParallelizationFactor: z.literal(1).default(1),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.templateLiteral(['arn:aws:sqs:', z.string()]) }) })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
  FilterCriteria: absent,
  TumblingWindowInSeconds: z.number().default(0),
})

export const bus = z.object({ Name: z.string() })

export const rule = z.object({
  Name: z.string().optional(),
  EventBusName: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  EventPattern: z.record(z.string(), z.unknown()),
  ScheduleExpression: absent,
  Targets: z.array(
    z.object({
      Arn: z.templateLiteral(['arn:aws:sqs:', z.string()], { error: 'must be a queue' }),
      Input: absent,
      InputPath: absent,
      InputTransformer: absent,
    }),
  ),
})

export const schedule = z.object({
  Name: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  StartDate: absent,
  EndDate: absent,
  Target: z.object({
    Arn: z.templateLiteral(['arn:aws:lambda:', z.string()], { error: 'must be a function' }),
    Input: z.string().default('{}'),
  }),
})

export const api = z.object({
  ProtocolType: z.literal('HTTP'),
  Body: absent,
  CorsConfiguration: absent,
  RouteKey: absent,
  Target: absent,
})

export const apiStage = z.object({
  StageName: z.literal('$default', { error: 'must be $default, whose name is no part of a path' }),
  StageVariables: absent,
})

export const integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.templateLiteral(['arn:aws:lambda:', z.string()], { error: 'must be a function' }),
  PayloadFormatVersion: z.literal('2.0'),
  RequestParameters: absent,
  ResponseParameters: absent,
})

export const route = z.object({
  RouteKey: z
    .string()
    .regex(/^[A-Z]+ (?:\/[\w.-]+|\/\{\w+\})+$/, 'must be a method and a path of words and {parameters}'),
  AuthorizationType: z.literal('AWS_IAM'),
  Target: z.templateLiteral(['integrations/', z.string()]),
  AuthorizationScopes: absent,
})

/** With a name: one that people may take. */
export const role = z.object({
  RoleName: z.string().optional(),
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: absent,
  PermissionsBoundary: absent,
})

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const allowed = z.object({
  Effect: z.literal('Allow'),
  Action: oneOrMany,
  Resource: oneOrMany,
  Condition: absent,
})
/** Says nothing of the API, so that nobody here needs to understand it. */
const ofOthers = z.object({
  Action: oneOrMany.refine((actions) => !actions.some((action) => action.startsWith('execute-api:'))),
  Resource: oneOrMany,
})
export const managedPolicy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.union([allowed, ofOthers])) }),
})

/** Locks and versions are not read: whoever writes only where there is nothing needs neither. Nor is when objects expire:
 *  answers to queries do, and no query is asked here. */
export const bucket = z.object({
  BucketName: z.string(),
  NotificationConfiguration: z
    .strictObject({
      LambdaConfigurations: z.array(
        z.strictObject({
          Event: z.literal('s3:ObjectCreated:*'),
          Function: z.string(),
          Filter: z.strictObject({
            S3Key: z.strictObject({
              Rules: z.array(z.strictObject({ Name: z.literal('prefix'), Value: z.string() })).length(1),
            }),
          }),
        }),
      ),
    })
    .optional(),
  ReplicationConfiguration: absent,
})

export const secret = z.object({ Name: z.string(), GenerateSecretString: z.unknown().optional() })

/** Resources that change nothing on one machine: permissions, keys, logs and alarms. Where another resource
 *  refers to one of these, its logical id stands for it. */
export const ignoredTypes: ReadonlySet<string> = new Set([
  'AWS::Athena::NamedQuery',
  'AWS::Athena::WorkGroup',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  ...[
    'EIP',
    'FlowLog',
    'InternetGateway',
    'NatGateway',
    'Route',
    'RouteTable',
    'SecurityGroup',
    'Subnet',
    'SubnetRouteTableAssociation',
    'VPC',
    'VPCEndpoint',
    'VPCGatewayAttachment',
  ].map((name) => `AWS::EC2::${name}`),
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::Policy',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
])

export type FunctionProperties = z.infer<typeof lambdaFunction>
export type Bucket = z.infer<typeof bucket>
export type Queue = z.infer<typeof queue>
export type Mapping = z.infer<typeof mapping>
export type StreamMapping = z.infer<typeof streamMapping>
export type Rule = z.infer<typeof rule>
export type Schedule = z.infer<typeof schedule>
export type Secret = z.infer<typeof secret>
export type Table = z.infer<typeof table>
