import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { Keys } from './keys.ts'
import type { Stage } from './stages.ts'

const worklist = 'worklist'
const text = (name: string) => ({ name, type: AttributeType.STRING })

/**
 * Nobody changes or deletes an entry, whatever their own policies say. Overwriting by a Put is what a resource policy
 * cannot tell from writing: the adapter's condition refuses it, and the stream shows whoever goes around the adapter.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
 */
const appendOnly = new PolicyStatement({
  effect: Effect.DENY,
  principals: [new AnyPrincipal()],
  actions: [
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PartiQLDelete',
  ],
  // In a table's policy, the table itself.
  resources: ['*'],
})

/** The five tables: the truth, its projection, the personal data, people's work, and finance's sums. */
export class Tables extends Construct {
  /** Every transition of every payout. Written once, never changed; the stream shows whoever tries. */
  readonly journal: Table
  /** One row per payout, and what lists need. Its index `worklist` nominates work and decides nothing. */
  readonly payouts: Table
  /** Account numbers and names: no stream and no index, so that they reach nobody else. */
  readonly accounts: Table
  /** What people have asked for, proposed and done. */
  readonly operations: Table
  /** Sums over the journal, and what finance has found out and decided. */
  readonly finance: Table
  /** How functions learn the names of the two tables that all of them read. */
  readonly environment: Readonly<Record<'PAYOUTS_TABLE' | 'JOURNAL_TABLE', string>>

  /** The index's ARN, for those who may ask it. */
  readonly worklistArn: string

  constructor(scope: Construct, stage: Stage) {
    super(scope, 'Tables')
    const table = (id: string, name: string, props: Partial<TableProps> = {}) =>
      new Table(this, id, {
        tableName: `${stage.name}-${name}`,
        partitionKey: text('pk'),
        sortKey: text('sk'),
        billingMode: BillingMode.PAY_PER_REQUEST,
        encryption: TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: Keys.of(this).data,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: stage.retain,
        ...props,
      })
    const { warmThroughput } = stage
    const warm = warmThroughput && { warmThroughput }
    this.journal = table('Journal', 'journal', { stream: StreamViewType.NEW_AND_OLD_IMAGES, ...warm })
    this.journal.addToResourcePolicy(appendOnly)
    this.payouts = table('Payouts', 'payouts', warm)
    this.payouts.addGlobalSecondaryIndex({
      indexName: worklist,
      partitionKey: text('list'),
      sortKey: text('at'),
      projectionType: ProjectionType.INCLUDE,
      // What `status` counts by, without reading a row.
      nonKeyAttributes: ['state', 'since', 'partner'],
      ...warm,
    })
    this.worklistArn = `${this.payouts.tableArn}/index/${worklist}`
    this.accounts = table('Accounts', 'accounts')
    this.operations = table('Operations', 'operations')
    this.finance = table('Finance', 'finance')
    this.environment = { PAYOUTS_TABLE: this.payouts.tableName, JOURNAL_TABLE: this.journal.tableName }
  }
}
