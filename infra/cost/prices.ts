/**
 * What AWS asks for one of each, in dollars, in its region Virginia. Each names AWS' own page, which has the price of every
 * region and was out of reach when this was written: the figures are those that others quote from it. They have to be read
 * off there, for Jakarta, before a budget depends on them; until then Jakarta is taken to be a fifth dearer than Virginia.
 */
export const pricesAsOf = '2026-11-22'
export const jakartaFactor = 1.2
const million = 1e6

/** Without the free tier, whose share of a wave is nothing. */
type Price = { readonly name: string; readonly dollars: number; readonly source: string }

const price = (name: string, dollars: number, page: string): Price => ({
  name,
  dollars,
  source: `https://aws.amazon.com/${page}/pricing/`,
})

export const prices = {
  databaseWrites: price('DynamoDB write units', 0.625 / million, 'dynamodb'),
  databaseReads: price('DynamoDB read units', 0.125 / million, 'dynamodb'),
  /** 0.20 of it for the 35 days that can be restored. */
  databaseGigabyteMonths: price('DynamoDB storage', 0.45, 'dynamodb'),
  functionRequests: price('Lambda requests', 0.2 / million, 'lambda'),
  functionGigabyteSeconds: price('Lambda GB-seconds', 0.000_013_333_4, 'lambda'),
  queueRequests: price('SQS requests', 0.4 / million, 'sqs'),
  busEvents: price('EventBridge events', 1 / million, 'eventbridge'),
  scheduledTicks: price('EventBridge schedules', 1 / million, 'eventbridge'),
  objectPuts: price('S3 puts', 5 / million, 's3'),
  logGigabytes: price('CloudWatch logs', 0.5, 'cloudwatch'),
  flowLogGigabytes: price('VPC flow logs', 0.5, 'cloudwatch'),
  alarms: price('CloudWatch alarms', 0.1, 'cloudwatch'),
  metrics: price('CloudWatch metrics', 0.3, 'cloudwatch'),
  dashboards: price('CloudWatch dashboards', 3, 'cloudwatch'),
  gatewayHours: price('NAT gateways, hours', 0.045, 'vpc'),
  gatewayGigabytes: price('NAT gateways, data', 0.045, 'vpc'),
  addressHours: price('Public addresses', 0.005, 'vpc'),
  keys: price('KMS keys', 1, 'kms'),
  keyRequests: price('KMS requests', 0.03 / 10_000, 'kms'),
  secrets: price('Secrets', 0.4, 'secrets-manager'),
} as const satisfies Record<string, Price>

export type Item = keyof typeof prices
