// `aws-cdk-lib/core`, not `aws-cdk-lib`: importing from the root loads every service, and takes three times as long.
import { type App, RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { createAlarms } from './alarms.ts'
import { createArrivals } from './arrivals.ts'
import { createBus } from './bus.ts'
import { createClose } from './close.ts'
import { createDashboards } from './dashboards.ts'
import { Digest } from './digest.ts'
import { Exchanges } from './exchanges.ts'
import { Finance } from './finance.ts'
import { Intake } from './intake.ts'
import { Keys } from './keys.ts'
import { Lane } from './lane.ts'
import { Movements } from './movements.ts'
import { Network } from './network.ts'
import { Operations } from './operations.ts'
import { Publish } from './publish.ts'
import { Reconcile } from './reconcile.ts'
import { partnerNames, type Stage } from './stages.ts'
import { Tables } from './tables.ts'
import { Totals } from './totals.ts'
import { Warehouse } from './warehouse.ts'

/** The whole system of one stage: a table of contents. */
export class DisbursementStack extends Stack {
  constructor(app: App, stage: Stage) {
    super(app, `disbursement-${stage.name}`, {
      env: { account: stage.account, region: stage.region },
      terminationProtection: stage.retain,
      description: 'Pays training incentives exactly once.',
    })
    new Keys(this, stage)
    const tables = new Tables(this, stage)
    const { bus, undelivered } = createBus(this, stage)
    const intake = new Intake(this, { stage, tables, bus, undelivered })
    const network = new Network(this, stage)
    const exchanges = new Exchanges(this, stage)
    const lanes = partnerNames.map(
      (partner) => new Lane(this, { stage, tables, partner, network, exchanges }),
    )
    createClose(this, stage, tables)
    const publish = new Publish(this, { stage, tables, bus })
    const movements = new Movements(this, stage)
    const totals = new Totals(this, { stage, tables, movements })
    const reconcile = new Reconcile(this, { stage, tables, movements })
    createArrivals(this, stage, tables)
    const { bucket } = new Digest(this, { stage, tables })
    const { api } = new Operations(this, {
      stage,
      tables,
      intake,
      undelivered,
      lanes,
      unread: [publish, totals, reconcile],
      digests: bucket,
      statements: reconcile.bucket,
      movements,
    })
    new Finance(this, { stage, tables, movements, api })
    new Warehouse(this, stage)
    createDashboards(this, stage, createAlarms(this, stage))
    // But not what a deployment has just made that then fails: under its name, the next could make nothing.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
    const { RETAIN_ON_UPDATE_OR_DELETE, DESTROY } = RemovalPolicy
    RemovalPolicies.of(this).apply(stage.retain ? RETAIN_ON_UPDATE_OR_DELETE : DESTROY, {
      applyToResourceTypes: [
        'AWS::DynamoDB::Table',
        'AWS::EC2::EIP',
        'AWS::KMS::Key',
        'AWS::Logs::LogGroup',
        'AWS::S3::Bucket',
        'AWS::SecretsManager::Secret',
        'AWS::SQS::Queue',
      ],
    })
  }
}
