import type { CfnResource } from 'aws-cdk-lib/core'

/** A finding of a rule pack that stays, and why. */
export type Acknowledgement = {
  /** `pack::rule`, the rule without its pack's prefix. */
  readonly rules: readonly string[]
  /** CloudFormation's type of the resources that it is about. */
  readonly on: string
  /** Which of them, by their path in the stack. (Default: all.) */
  readonly at?: RegExp
  readonly because: string
}

/** Rules that look at what a queue, function or bucket lacks, where something else does the same for it. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    rules: ['AwsSolutions::SMG4', 'NIST.800.53.R5::SecretsManagerRotationEnabled'],
    on: 'AWS::SecretsManager::Secret',
    at: /\/Lane-/,
    because: 'A partner issues its credentials by hand, to two people; no function can ask it for others.',
  },
  {
    rules: ['AwsSolutions::SMG4', 'NIST.800.53.R5::SecretsManagerRotationEnabled'],
    on: 'AWS::SecretsManager::Secret',
    at: /\/AccountKey\//,
    because:
      'Another key would no longer find the accounts linked under this one; it leaves the secret for a keyed hash only.',
  },
  {
    rules: ['AwsSolutions::SQS3'],
    on: 'AWS::SQS::Queue',
    at: /\/(Undelivered|DeadLetters)\//,
    because:
      'It is a dead-letter queue, of the bus and its rules, a stream or a function that S3 calls, which the rule does not see.',
  },
  {
    rules: ['Serverless::SQSRedrivePolicy'],
    on: 'AWS::SQS::Queue',
    at: /\/(Undelivered|DeadLetters)\//,
    because: 'It is a dead-letter queue: what is in it waits for people, and an alarm calls them.',
  },
  {
    rules: ['Serverless::LambdaDLQ', 'NIST.800.53.R5::LambdaDLQ'],
    on: 'AWS::Lambda::Function',
    at: /^(?!.*\/Reconcile\/)/,
    because:
      'It is not called asynchronously with work of its own: queues and streams have dead-letter queues, and the next tick of a schedule is its retry, missed ones being alarmed.',
  },
  {
    rules: ['Serverless::LambdaDLQ', 'NIST.800.53.R5::LambdaDLQ'],
    on: 'AWS::Lambda::Function',
    at: /\/Reconcile\//,
    because:
      'S3 calls it, and a statement that is given up goes to the queue that the configuration of asynchronous calls names, which the rule does not see.',
  },
  {
    rules: ['Serverless::LambdaAsyncFailureDestination'],
    on: 'AWS::Lambda::EventInvokeConfig',
    at: /^(?!.*\/Reconcile\/)/,
    because:
      'A tick of a schedule holds nothing but the time; the next one does what it left, and missed ones are alarmed.',
  },
  {
    rules: ['Serverless::LambdaEventSourceMappingDestination'],
    on: 'AWS::Lambda::EventSourceMapping',
    because:
      'It reads a queue, whose redrive policy names the dead-letter queue; destinations are for streams.',
  },
  {
    rules: ['NIST.800.53.R5::LambdaConcurrency'],
    on: 'AWS::Lambda::Function',
    because:
      'Mappings bound the concurrency of what queues feed, and schedules call one run at a time; a reservation would throttle receives and fill dead-letter queues with good messages.',
  },
  {
    rules: ['NIST.800.53.R5::LambdaInsideVPC', 'PCI.DSS.321::LambdaInsideVPC'],
    on: 'AWS::Lambda::Function',
    at: /^(?!.*\/(Pay|Inquire|Statement)\/)/,
    because:
      'It talks to AWS services only, under its role; a network would give it a way out that it does not need.',
  },
  {
    rules: ['Serverless::LambdaTracing'],
    on: 'AWS::Lambda::Function',
    because:
      'The journal holds every step of every payout with its time and writer; traces would cost more than the payouts and hold less.',
  },
  {
    rules: ['NIST.800.53.R5::DynamoDBInBackupPlan'],
    on: 'AWS::DynamoDB::Table',
    because:
      'Every table can be restored to any second of the last 35 days, is protected from deletion and outlives the stack; the movement files keep what finance needs for longer.',
  },
  {
    rules: [
      'AwsSolutions::S1',
      'NIST.800.53.R5::S3BucketLoggingEnabled',
      'PCI.DSS.321::S3BucketLoggingEnabled',
    ],
    on: 'AWS::S3::Bucket',
    because:
      'Data events of the account trail name every caller with its role, which access logs do not; the trail belongs to the account, not to this stack.',
  },
  {
    rules: ['NIST.800.53.R5::S3BucketReplicationEnabled', 'PCI.DSS.321::S3BucketReplicationEnabled'],
    on: 'AWS::S3::Bucket',
    because:
      'S3 keeps it in three zones, versioned; a copy in another country needs a decision about personal data that is not ours.',
  },
  {
    rules: ['NIST.800.53.R5::VPCNoUnrestrictedRouteToIGW', 'PCI.DSS.321::VPCNoUnrestrictedRouteToIGW'],
    on: 'AWS::EC2::Route',
    at: /\/GatewaysSubnet/,
    because: 'The two NAT gateways leave by it, and nothing else is in their subnets.',
  },
  {
    rules: ['NIST.800.53.R5::VPCDefaultSecurityGroupClosed', 'PCI.DSS.321::VPCDefaultSecurityGroupClosed'],
    on: 'AWS::EC2::VPC',
    because: 'Nothing is in the default group; the functions are in one that lets nothing in.',
  },
  {
    rules: ['Serverless::SNSRedrivePolicy'],
    on: 'AWS::SNS::Subscription',
    because:
      'It is an e-mail address; alarms that nobody confirms stay in the state ALARM, where the dashboard shows them.',
  },
]

/** A wildcard in a policy that stays, and why; whatever is not among these is a finding. */
export const wildcards: readonly { readonly resource: RegExp; readonly because: string }[] = [
  {
    resource: /^arn:aws:execute-api:.*\/\$default\/(GET|POST)\/[a-z*/-]+$/,
    because: "It stands for a parameter in a route's path: a participant, a job, a proposal.",
  },
  {
    resource: /^(<\w+\.Arn>|arn:aws:s3:::[a-z0-9-]+)\/[a-z-]+(\/[a-z]+)?\/\*$/,
    because: 'It stands for the names of the objects that the function itself keeps under one prefix.',
  },
  {
    resource: /^<\w+\.Arn>\/reconciliation\/\*\/matched\/\*$/,
    because:
      'They stand for partner, day and run, and for a part: the lines that were matched may be read, and no other result.',
  },
]

/** Joining the network, see `joinNetwork`. */
export const networkWildcard = {
  resource: '*',
  at: /\/(Pay|Inquire|Statement)\//,
  because:
    'Lambda makes the interfaces before they have a name; the code is denied the same, by a condition on the function.',
} as const

/** Whether an acknowledgement is about a resource. */
export const concerns = ({ on, at }: Acknowledgement, { cfnResourceType, node }: CfnResource): boolean =>
  cfnResourceType === on && (at === undefined || at.test(`/${node.path}`))
