import { Archive, EventBus, Match } from 'aws-cdk-lib/aws-events'
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { statusEvent } from '../shared/domain/public-status.ts'
import { busNameOf, Keys } from './keys.ts'
import { keylessQueue } from './queue.ts'
import type { Stage } from './stages.ts'

/** The one event that carries personal data. */
export const accountLinked = 'PayoutAccountLinked'

/** Digital platforms publish certificates and nothing else; the programme's own systems publish the rest. */
const detailTypes = (source: string): string[] =>
  source.startsWith('prakerja.platform.') ? ['CertificateIssued'] : ['SurveyCompleted', accountLinked]

type BusWithQueue = {
  readonly bus: EventBus
  /** What EventBridge has accepted and can hand to nobody; its rules put such events there, too. */
  readonly undelivered: Queue
}

/** The bus that the programme and the digital platforms publish on, each account under its own source only. */
export function createBus(scope: Construct, stage: Stage): BusWithQueue {
  const undelivered = keylessQueue(scope, 'Undelivered', { queueName: `${stage.name}-undelivered` })
  const bus = new EventBus(scope, 'Bus', {
    eventBusName: busNameOf(stage.name),
    kmsKey: Keys.of(scope).data,
    deadLetterQueue: undelivered,
  })
  letSetAside(bus, undelivered)
  for (const [source, account] of Object.entries(stage.publishers)) {
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: source.replaceAll('.', '-'),
        principals: [new AccountPrincipal(account)],
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        conditions: {
          StringEquals: { 'events:source': source, 'events:detail-type': detailTypes(source) },
        },
      }),
    )
  }
  // What is replayed and has been taken in is a duplicate. Not accounts: their numbers are kept in one table only, and the
  // programme's core can publish them again.
  new Archive(scope, 'Archive', {
    sourceEventBus: bus,
    archiveName: `${stage.name}-disbursement`,
    description: 'What others have published, to be taken in again.',
    eventPattern: {
      source: Match.anythingBut(statusEvent.source),
      detailType: Match.anythingBut(accountLinked),
    },
    retention: Duration.days(stage.archiveDays),
    // By its ARN: CDK would write the bus' into the key's policy, and each would wait for the other.
    kmsKey: Key.fromKeyArn(scope, 'ArchiveKey', Keys.of(scope).data.keyArn),
  })
  return { bus, undelivered }
}

/**
 * Lets the bus put events into a queue that it cannot encrypt or read while it is kept from its key: they would be gone
 * otherwise. CDK leaves it to us.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq.html
 */
function letSetAside({ eventBusArn }: EventBus, queue: Queue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': eventBusArn } },
    }),
  )
}
