import { Archive, EventBus, Match } from 'aws-cdk-lib/aws-events'
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { statusEvent } from '../shared/domain/public-status.ts'
import { busNameOf, Keys } from './keys.ts'
import type { Stage } from './stages.ts'

/** The one event that carries personal data. */
export const accountLinked = 'PayoutAccountLinked'

/** Digital platforms publish certificates and nothing else; the programme's own systems publish the rest. */
const detailTypes = (source: string): string[] =>
  source.startsWith('prakerja.platform.') ? ['CertificateIssued'] : ['SurveyCompleted', accountLinked]

/** The bus that the programme and the digital platforms publish on, each account under its own source only. */
export function createBus(scope: Construct, stage: Stage): EventBus {
  const bus = new EventBus(scope, 'Bus', {
    eventBusName: busNameOf(stage.name),
    kmsKey: Keys.of(scope).data,
  })
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
  return bus
}
