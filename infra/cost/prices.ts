/**
 * What AWS asks for one of each, in dollars, in its region Virginia. Its own pages have the price of every region and were out
 * of reach when this was written: `quoted` names who gives the same figure for Virginia, and when; without it, it is from
 * memory. Nobody was found who gives Jakarta's prices. They have to be read off AWS' pages before a budget depends on them;
 * until then Jakarta is taken to be a fifth dearer than Virginia.
 */
export const pricesAsOf = '2026-11-22'
export const jakartaFactor = 1.2
const million = 1e6

/** Without the free tier, whose share of a wave is nothing. */
export type Price = {
  readonly name: string
  readonly dollars: number
  /** AWS' page. */
  readonly source: string
  /** Who quotes it, and as of which month. */
  readonly quoted?: { readonly by: string; readonly asOf: string }
}

const price = (name: string, dollars: number, page: string, quoted?: Price['quoted']): Price => ({
  name,
  dollars,
  source: `https://aws.amazon.com/${page}/pricing/`,
  ...(quoted && { quoted }),
})

const database = { by: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing', asOf: '2025-07' }
const functions = { by: 'https://cloudchipr.com/blog/aws-lambda-pricing', asOf: '2024-12' }
const queues = { by: 'https://cloudburn.io/blog/amazon-sqs-pricing', asOf: '2026-03' }
const events = { by: 'https://cloudburn.io/blog/amazon-eventbridge-pricing', asOf: '2026-03' }
const logs = { by: 'https://c3x.dev/blog/cloudwatch-logs-cost-optimization', asOf: '2026-06' }
const alarms = { by: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm', asOf: '2026-06' }
const gateways = {
  by: 'https://www.lucaraveri.com/blog/253aba6f-88fe-8077-93e3-e899365ec13a',
  asOf: '2025-08',
}

export const prices = {
  databaseWrites: price('DynamoDB write units', 0.625 / million, 'dynamodb', database),
  databaseReads: price('DynamoDB read units', 0.125 / million, 'dynamodb', database),
  /** 0.20 of it for the 35 days that can be restored. */
  databaseGigabyteMonths: price('DynamoDB storage', 0.45, 'dynamodb'),
  functionRequests: price('Lambda requests', 0.2 / million, 'lambda'),
  functionGigabyteSeconds: price('Lambda GB-seconds', 0.000_013_333_4, 'lambda', functions),
  queueRequests: price('SQS requests', 0.4 / million, 'sqs', queues),
  busEvents: price('EventBridge events', 1 / million, 'eventbridge', events),
  archivedGigabytes: price('EventBridge archive', 0.1, 'eventbridge', events),
  scheduledTicks: price('EventBridge schedules', 1 / million, 'eventbridge', events),
  objectPuts: price('S3 puts', 5 / million, 's3'),
  logGigabytes: price('CloudWatch logs', 0.5, 'cloudwatch', logs),
  /** In the class for infrequent access. */
  flowLogGigabytes: price('VPC flow logs', 0.25, 'cloudwatch', logs),
  alarms: price('Metrics in CloudWatch alarms', 0.1, 'cloudwatch', alarms),
  metrics: price('CloudWatch metrics', 0.3, 'cloudwatch'),
  dashboards: price('CloudWatch dashboards', 3, 'cloudwatch'),
  gatewayHours: price('NAT gateways, hours', 0.045, 'vpc', gateways),
  gatewayGigabytes: price('NAT gateways, data', 0.045, 'vpc', gateways),
  addressHours: price('Public addresses', 0.005, 'vpc'),
  keys: price('KMS keys', 1, 'kms'),
  keyRequests: price('KMS requests', 0.03 / 10_000, 'kms'),
  secrets: price('Secrets', 0.4, 'secrets-manager'),
} as const satisfies Record<string, Price>

export type Item = keyof typeof prices
