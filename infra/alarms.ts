import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { Duration, type Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { alarmParts } from './alarm-rules.ts'
import { type Combined, outsideBand, rupiahPaid } from './alarms/combined.ts'
import type { AlarmRule, NamedRules, Watched } from './alarms/rule.ts'
import { HandlerFunction, metricNamespaceOf } from './function.ts'
import { Keys } from './keys.ts'
import { Daily, Every } from './schedule.ts'
import { partnerNames, type Stage } from './stages.ts'

/** What a rule watches: one metric of CloudWatch, or what it computes of several. */
type Figure = Subject & (Single | Combined)
type Subject = {
  /** Whose it is: the last part of the alarm's name. */
  readonly subject: string
  /** Instead of the rule's. */
  readonly minutes?: number
}
type Single = {
  readonly namespace: string
  readonly metricName: string
  readonly dimensionsMap: Readonly<Record<string, string>>
  readonly statistic: 'Sum' | 'Maximum'
}

type FunctionMetric = 'Errors' | 'Throttles' | 'Invocations' | 'IteratorAge'

/** The alarms of one part of the rules. */
export type AlarmsOfPart = { readonly part: string; readonly alarms: readonly Alarm[] }

/**
 * Wakes operators: an alarm for each thing that a rule speaks of, all to one topic. Belongs behind everything else in
 * the stack: what is made later has no alarm.
 */
export function createAlarms(stack: Stack, stage: Stage): readonly AlarmsOfPart[] {
  const scope = new Construct(stack, 'Alarms')
  const { topicArn } = createTopic(scope, stage)
  const alarmsOf = (rules: NamedRules) =>
    rules.flatMap(([name, rule]) =>
      figuresOf(rule.watched, stack, stage).map((figure) => {
        const alarm = createAlarm(scope, `${name}-${figure.subject}`, { name, rule, figure, stage })
        alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) })
        return alarm
      }),
    )
  return alarmParts.map(([part, rules]) => ({ part, alarms: alarmsOf(rules) }))
}

type AlarmProps = {
  readonly name: string
  readonly rule: AlarmRule
  readonly figure: Figure
  readonly stage: Stage
}

function createAlarm(scope: Construct, id: string, { name, rule, figure, stage }: AlarmProps): Alarm {
  const { condition, silence, because } = rule
  const { minutes = condition.minutes } = figure
  const { threshold } = condition
  const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: atLeast, LESS_THAN_THRESHOLD: below } = ComparisonOperator
  return new Alarm(scope, id, {
    alarmName: `${stage.name}-${id}`,
    alarmDescription: `${because} What to do: infra/RUNBOOK.md#${name}`,
    metric: metricOf(figure, metricNamespaceOf(stage), Duration.minutes(minutes)),
    threshold: typeof threshold === 'number' ? threshold : threshold(stage),
    comparisonOperator: condition.is === 'below' ? below : atLeast,
    evaluationPeriods: condition.periods,
    treatMissingData: silence === 'alarming' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  })
}

function metricOf(figure: Figure, namespace: string, period: Duration): IMetric {
  if ('metricName' in figure) {
    const { metricName, dimensionsMap, statistic } = figure
    return new Metric({ namespace: figure.namespace, metricName, dimensionsMap, statistic, period })
  }
  const counts = Object.entries(figure.counts).map(([name, { metric: metricName, ...dimensionsMap }]) => {
    const counted = new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', period })
    return [name, counted] as const
  })
  const { expression } = figure
  return new MathExpression({ expression, usingMetrics: Object.fromEntries(counts), period })
}

function figuresOf(watched: Watched, stack: Stack, stage: Stage): readonly Figure[] {
  const ownName = (name: string) => name.slice(stage.name.length + 1)
  const ofHandler = (metricName: FunctionMetric) => (handler: HandlerFunction) =>
    ofFunction(handler.name, ownName(handler.name), metricName)
  const runs = ofHandler('Invocations')
  const parts = stack.node.findAll()
  const functions = parts.filter((part) => part instanceof HandlerFunction)
  switch (watched.of) {
    case 'stage':
    case 'partner': {
      const names = new Set(functions.map(({ name }) => ownName(name)))
      return counted(watched, metricNamespaceOf(stage), names)
    }
    case 'paid-rate':
      return partnerNames.map((partner) => ({ subject: partner, ...outsideBand(partner, watched.band) }))
    case 'spending':
      return [{ subject: 'all-partners', ...rupiahPaid(partnerNames) }]
    case 'queue': {
      const names = parts.flatMap((part) => (part instanceof CfnQueue ? (part.queueName ?? []) : []))
      const wanted = names.filter((name) => watched.named.test(ownName(name)))
      return wanted.map((name) => ofQueue(name, ownName(name), watched.figure))
    }
    case 'function':
      return functions
        .filter(({ folder }) => (watched.folder ?? folder) === folder && folder !== watched.except)
        .map(ofHandler(watched.figure))
    case 'schedule':
      return watched.called === 'daily'
        ? parts
            .filter((part) => part instanceof Daily)
            .filter(({ handler }) => handler.folder === watched.folder)
            .map(({ handler }) => runs(handler))
        : parts
            .filter((part) => part instanceof Every)
            .map(({ handler, minutes }) => ({ ...runs(handler), minutes }))
    case 'stream':
      return functions.filter(({ folder }) => folder === watched.folder).map(ofHandler('IteratorAge'))
    case 'table':
      return parts.filter((part) => part instanceof CfnTable).flatMap((table) => throttles(table, ownName))
    case 'api':
      return parts.filter((part) => part instanceof CfnApi).map(ofApi)
  }
}

/** https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/: `service` is in every dimension set.
 *  `functions`: by their own names. Nothing is watched that none of them would count. */
function counted(
  watched: Extract<Watched, { readonly metric: string }>,
  namespace: string,
  functions: ReadonlySet<string>,
): readonly Figure[] {
  const { of, metric, countedBy, reason } = watched
  const reasons = reason === undefined ? {} : { reason }
  return countedBy.flatMap((service): readonly Figure[] => {
    const figure = { namespace, metricName: metric, statistic: 'Sum' } as const
    if (of === 'stage') return [{ ...figure, subject: service, dimensionsMap: { service, ...reasons } }]
    const served = partnerNames.filter(
      (partner) => functions.has(service) || functions.has(`${service}-${partner}`),
    )
    return served.map((partner) => ({
      ...figure,
      subject: `${service}-${partner}`,
      dimensionsMap: { service, partner, ...reasons },
    }))
  })
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
const ofQueue = (name: string, subject: string, figure: 'messages' | 'age'): Figure => ({
  subject,
  namespace: 'AWS/SQS',
  metricName: figure === 'age' ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible',
  dimensionsMap: { QueueName: name },
  statistic: 'Maximum',
})

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
const ofFunction = (name: string, subject: string, metricName: FunctionMetric): Figure => ({
  subject,
  namespace: 'AWS/Lambda',
  metricName,
  dimensionsMap: { FunctionName: name },
  statistic: metricName === 'IteratorAge' ? 'Maximum' : 'Sum',
})

/** Of a table and each of its indexes, reading and writing.
 *  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function throttles(table: CfnTable, ownName: (name: string) => string): readonly Figure[] {
  const { tableName = '', globalSecondaryIndexes = [] } = table
  const indexes = Array.isArray(globalSecondaryIndexes) ? globalSecondaryIndexes : []
  const names = indexes.flatMap((index) => ('indexName' in index ? [index.indexName] : []))
  const parts = [
    { subject: ownName(tableName), dimensionsMap: { TableName: tableName } },
    ...names.map((name) => ({
      subject: `${ownName(tableName)}-${name}`,
      dimensionsMap: { TableName: tableName, GlobalSecondaryIndexName: name },
    })),
  ]
  return parts.flatMap(({ subject, dimensionsMap }) =>
    (['Read', 'Write'] as const).map((way) => ({
      subject: `${subject}-${way.toLowerCase()}`,
      namespace: 'AWS/DynamoDB',
      metricName: `${way}ThrottleEvents`,
      dimensionsMap,
      statistic: 'Sum' as const,
    })),
  )
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
const ofApi = (api: CfnApi): Figure => ({
  subject: 'api',
  namespace: 'AWS/ApiGateway',
  metricName: '5xx',
  dimensionsMap: { ApiId: api.ref },
  statistic: 'Sum',
})

/**
 * Where alarms go: encrypted by a key of ours, since AWS' own for SNS is closed to CloudWatch, and over TLS only.
 */
function createTopic(scope: Construct, stage: Stage): Topic {
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com')
  const topic = new Topic(scope, 'Topic', {
    topicName: `${stage.name}-alarms`,
    masterKey: Keys.of(scope).logs,
    enforceSSL: true,
  })
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stage.account } },
    }),
  )
  if (stage.alarmAddress !== undefined)
    new Subscription(scope, 'Operators', {
      topic,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: stage.alarmAddress,
    })
  return topic
}
