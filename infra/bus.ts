import { EventBus } from 'aws-cdk-lib/aws-events'
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { Keys } from './keys.ts'
import type { Stage } from './stages.ts'

/** The one event that carries personal data. */
export const accountLinked = 'PayoutAccountLinked'

/** Digital platforms publish certificates and nothing else; the programme's own systems publish the rest. */
const detailTypes = (source: string): string[] =>
  source.startsWith('prakerja.platform.') ? ['CertificateIssued'] : ['SurveyCompleted', accountLinked]

/** The bus that the programme and the digital platforms publish on, each account under its own source only. */
export function createBus(scope: Construct, stage: Stage): EventBus {
  const bus = new EventBus(scope, 'Bus', {
    eventBusName: `${stage.name}-disbursement`,
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
  return bus
}
