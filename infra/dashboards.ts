import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { MetricName } from '../shared/runtime/metrics.ts'
import { sumOf } from './alarms/combined.ts'
import type { AlarmsOfPart } from './alarms.ts'
import { metricNamespaceOf } from './function.ts'
import { partnerNames, type Stage } from './stages.ts'

const full = 24
const half = 12

/** One dashboard for each audience, drawn from what the functions count and what AWS counts of the queues. */
export function createDashboards(scope: Construct, stage: Stage, parts: readonly AlarmsOfPart[]): void {
  const dashboards = new Construct(scope, 'Dashboards')
  const { perPartner, ofStage } = graphs(metricNamespaceOf(stage))
  const show = (audience: string, rows: readonly (readonly IWidget[])[]) =>
    new Dashboard(dashboards, audience, {
      dashboardName: `${stage.name}-${audience}`,
      widgets: rows.map((row) => [...row]),
    })
  show('operations', [
    ...parts.map((part) => [statusOf(part)]),
    [queues(stage, 'Messages that wait', 'ApproximateNumberOfMessagesVisible'), oldest(stage)],
    [perPartner('Released', 5, ['release'], 'PayoutReleased'), perPartner('Paid', 5, settling, 'PayoutPaid')],
    [
      perPartner('Outcome unknown', 5, answered, 'PayoutUnknown'),
      perPartner('Failed', 5, answered, 'PayoutFailed'),
    ],
    [
      perPartner('Unknown for two days, or rejected and at work', 60, ['inquire', 'pay'], 'OutcomeOverdue'),
      perPartner('Questions that failed on our side', 5, ['inquire'], 'QuestionFailed'),
    ],
    [
      perPartner('Deferred by the partner', 5, answered, 'PayoutDeferred'),
      perPartner('Permits denied', 5, ['pay'], 'PermitDenied'),
    ],
    [perPartner('Postponed, since a question was not answered', 5, ['pay'], 'PayoutPostponed')],
    [
      ofStage('Events', 5, [
        ['intake', 'EventAccepted'],
        ['intake', 'EventDuplicate'],
        ['intake', 'EventQuarantined'],
      ]),
    ],
  ])
  show('finance', [
    [
      perPartner('Released a day', day, ['release'], 'PayoutReleased'),
      perPartner('Rupiah paid a day', day, settling, 'RupiahPaid'),
    ],
    [
      perPartner('Payments a day', day, settling, 'PayoutPaid'),
      perPartner('Returned a day', day, settling, 'PayoutReturned'),
    ],
    [
      perPartner('Paid twice by the partner', day, settling, 'PaymentOverpaid'),
      perPartner('Paid after it had been closed', day, settling, 'PaymentSurfaced'),
    ],
    [
      perPartner('Minutes short of float', day, ['release'], 'FloatShort'),
      ofStage('Cancelled when the scheme closed', day, [['close', 'PayoutCancelled']]),
    ],
  ])
}

const day = 24 * 60
/** Functions that write down what became of a payment, by the partner's answers and by its statements. */
const answered = ['pay', 'inquire'] as const
const settling = [...answered, 'reconcile'] as const

/** How the alarms of a part are, all in one widget, which takes a hundred at most.
 *  https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const statusOf = ({ part, alarms }: AlarmsOfPart) =>
  new AlarmStatusWidget({ title: `Alarms: ${part}`, alarms: [...alarms], width: full, height: 4 })

/** Graphs of what a stage's functions count, drawn half as wide as the dashboard. */
const graphs = (namespace: string) => ({
  /** A count in so many minutes, a line for each partner, over the functions that count it. */
  perPartner(
    title: string,
    minutes: number,
    services: readonly string[],
    metricName: MetricName,
  ): GraphWidget {
    const period = Duration.minutes(minutes)
    const left = partnerNames.map((partner) => {
      const usingMetrics = Object.fromEntries(
        services.map((service) => [
          `${service}_${partner}`,
          new Metric({ namespace, metricName, dimensionsMap: { service, partner }, statistic: 'Sum' }),
        ]),
      )
      const expression = sumOf(Object.keys(usingMetrics))
      return new MathExpression({ expression, label: partner, usingMetrics, period })
    })
    return new GraphWidget({ title, left, width: half, period })
  },

  /** Counts of the stage in so many minutes, a line for each. */
  ofStage(
    title: string,
    minutes: number,
    counts: readonly (readonly [service: string, metricName: MetricName])[],
  ): GraphWidget {
    const period = Duration.minutes(minutes)
    const left = counts.map(
      ([service, metricName]) =>
        new Metric({ namespace, metricName, dimensionsMap: { service }, statistic: 'Sum', period }),
    )
    return new GraphWidget({ title, left, width: half, period })
  },
})

function queues({ name }: Stage, title: string, metricName: string): GraphWidget {
  const left = [...partnerNames.map((partner) => `pay-${partner}`), 'intake', 'intake-accounts', 'jobs'].map(
    (queue) =>
      new Metric({
        namespace: 'AWS/SQS',
        metricName,
        dimensionsMap: { QueueName: `${name}-${queue}` },
        statistic: 'Maximum',
        label: queue,
      }),
  )
  return new GraphWidget({ title, left, width: half })
}

const oldest = (stage: Stage) =>
  queues(stage, 'Seconds that the oldest has waited', 'ApproximateAgeOfOldestMessage')
