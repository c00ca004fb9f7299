import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { schemes } from '../shared/domain/scheme.ts'
import { columnsOf, type Dialect } from '../shared/finance/columns.ts'
import { movementPrefix } from '../shared/finance/movement.ts'
import { questionNames, questions, textOf } from '../shared/finance/questions.ts'
import { Keys } from './keys.ts'
import { movementKeys, movementsBucketOf } from './movements.ts'
import { allow } from './permissions.ts'
import { partnerNames, type Stage } from './stages.ts'

/** https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const dialect: Dialect = {
  text: 'string',
  whole: 'bigint',
  list: (item) => `array<${item}>`,
  record: (fields) => `struct<${fields.map(({ name, type }) => `${name}:${type}`).join(',')}>`,
}

/** Some ten times what all movements of 39 million payouts take: 90 million lines of at most 60 bytes each, gzipped. A
 *  query that reads more is stopped, and has cost a quarter of a dollar. */
const bytesMax = 50 * 1024 ** 3

const answerDays = 7
const answersBucketOf = ({ name, account }: Stage): string => `${name}-disbursement-answers-${account}`
const answerKeys = 'answers/*'

const namesOf = ({ name }: Stage) => ({
  workGroup: `${name}-finance`,
  database: `${name}_disbursement`,
  /** As the questions call it. */
  table: 'movements',
})

/** Partitions are reckoned from here on; money may come to the partners before the first certificate. */
const firstDay = `${schemes
  .map(({ firstCertificate }) => firstCertificate)
  .sort()[0]
  ?.slice(0, 4)}-01-01`

/** The movement files as a table that SQL asks where they are many: Athena, with finance's questions ready in it. */
export class Warehouse extends Construct {
  constructor(scope: Construct, stage: Stage) {
    super(scope, 'Warehouse')
    const names = namesOf(stage)
    const database = new CfnDatabase(this, 'Database', {
      catalogId: stage.account,
      databaseInput: { name: names.database, description: 'What the pipeline has moved.' },
    })
    createTable(this, stage).addResourceDependency(database)
    const workGroup = createWorkGroup(this, stage)
    for (const name of questionNames) {
      const { says, parameters } = questions[name]
      const query = new CfnNamedQuery(this, `Question-${name}`, {
        name,
        description: `${says} It is asked with, each in single quotes: ${parameters.join(', ')}.`,
        database: names.database,
        queryString: textOf(name),
        workGroup: names.workGroup,
      })
      query.addResourceDependency(workGroup)
    }
  }
}

/**
 * Where the files are follows from partner and day, so that nobody has to tell of a new one. Columns are read by Hive's
 * JSON reader, which takes keys whatever their case: of the other one, AWS says that its results can vary.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 * https://docs.aws.amazon.com/athena/latest/ug/hive-json-serde.html
 * https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
 */
function createTable(scope: Construct, stage: Stage): CfnTable {
  const { database, table } = namesOf(stage)
  const bucket = movementsBucketOf(stage)
  const partition = (name: string) => ({ name, type: dialect.text })
  return new CfnTable(scope, 'Table', {
    catalogId: stage.account,
    databaseName: database,
    tableInput: {
      name: table,
      description: 'Entries of the journal that move money; one of them may be in two files.',
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: [partition('partner'), partition('day')],
      parameters: {
        EXTERNAL: 'TRUE',
        classification: 'json',
        'projection.enabled': 'true',
        'projection.partner.type': 'enum',
        'projection.partner.values': [...partnerNames, 'none'].join(','),
        'projection.day.type': 'date',
        'projection.day.format': 'yyyy-MM-dd',
        // Jakarta is ahead of the clock that this goes by.
        'projection.day.range': `${firstDay},NOW+1DAYS`,
        'projection.day.interval': '1',
        'projection.day.interval.unit': 'DAYS',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena fills it in.
        'storage.location.template': `s3://${bucket}/${movementPrefix('${partner}', '${day}')}`,
      },
      storageDescriptor: {
        location: `s3://${bucket}/movements/`,
        columns: columnsOf(dialect).map(({ name, type }) => ({ name: name.toLowerCase(), type })),
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
      },
    },
  })
}

/** Answers are encrypted by the key of the data, whatever whoever asks has set, and are gone after a week. */
function createWorkGroup(scope: Construct, stage: Stage): CfnWorkGroup {
  const { data } = Keys.of(scope)
  const bucket = new Bucket(scope, 'Answers', {
    bucketName: answersBucketOf(stage),
    encryption: BucketEncryption.KMS,
    encryptionKey: data,
    bucketKeyEnabled: true,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    versioned: true,
    lifecycleRules: [
      {
        expiration: Duration.days(answerDays),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  })
  return new CfnWorkGroup(scope, 'WorkGroup', {
    name: namesOf(stage).workGroup,
    description: "Finance's questions to the movement files.",
    recursiveDeleteOption: !stage.retain,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      bytesScannedCutoffPerQuery: bytesMax,
      publishCloudWatchMetricsEnabled: true,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${bucket.bucketName}/answers/`,
        expectedBucketOwner: stage.account,
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: data.keyArn },
      },
    },
  })
}

/**
 * What it takes to ask: in this work group, of this table, reading the files and writing nothing but answers. Athena
 * reads and writes in the name of whoever asks.
 * https://docs.aws.amazon.com/athena/latest/ug/workgroups-access.html
 * https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html
 * https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
 */
export function asking(stage: Stage): readonly PolicyStatement[] {
  const { workGroup, database, table } = namesOf(stage)
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${stage.region}:${stage.account}:${resource}`
  const [movements, answers] = [movementsBucketOf(stage), answersBucketOf(stage)].map(
    (name) => `arn:aws:s3:::${name}`,
  )
  const glue = ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'] as const
  return [
    allow(
      arn('athena', `workgroup/${workGroup}`),
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:ListQueryExecutions',
      'athena:GetNamedQuery',
      'athena:ListNamedQueries',
      'athena:GetWorkGroup',
    ),
    allow(arn('glue', 'catalog'), ...glue),
    allow(arn('glue', `database/${database}`), ...glue),
    allow(arn('glue', `table/${database}/${table}`), 'glue:GetTable', 'glue:GetPartitions'),
    allow(`${movements}`, 's3:ListBucket', 's3:GetBucketLocation'),
    allow(`${movements}/${movementKeys}`, 's3:GetObject'),
    allow(`${answers}`, 's3:ListBucket', 's3:GetBucketLocation'),
    allow(
      `${answers}/${answerKeys}`,
      's3:GetObject',
      's3:PutObject',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
    ),
  ]
}
