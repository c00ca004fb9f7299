import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { movementSchema } from '../../shared/finance/movement.ts'
import { questionNames, questions, textOf } from '../../shared/finance/questions.ts'
import { readBlueprint } from './blueprint.ts'
import { templateRole } from './evaluation.ts'
import { isAllowed } from './simulation.ts'

const { all, target, template } = readBlueprint(stages.production)
const only = (type: string) => {
  const [found, ...others] = Object.values(all(type))
  expect(others).toEqual([])
  return found
}

describe('the table of movements', () => {
  const { DatabaseName, TableInput } = only('AWS::Glue::Table')
  const { Columns, Location } = TableInput.StorageDescriptor

  it('has a column for every field of a movement, two of them said by the folders', () => {
    const names = [...Columns, ...TableInput.PartitionKeys].map(({ Name }) => Name)
    const fields = Object.keys(movementSchema.shape).map((name) => name.toLowerCase())
    expect(names.sort()).toEqual(fields.sort())
    expect(Columns).toContainEqual({
      Name: 'postings',
      Type: 'array<struct<from:string,to:string,amount:bigint>>',
    })
    expect(Columns).toContainEqual({ Name: 'amount', Type: 'bigint' })
  })

  it('finds files of every partner and day where they are written, without being told of them', () => {
    const bucket = 's3://production-disbursement-movements-111122223333'
    expect(Location).toBe(`${bucket}/movements/`)
    expect(target(DatabaseName)).toBe('production_disbursement')
    expect(TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.partner.values': [...partnerNames, 'none'].join(','),
      'projection.day.range': '2020-01-01,NOW+1DAYS',
      'storage.location.template': `${bucket}/movements/partner=\${partner}/day=\${day}/`,
    })
  })
})

describe('the work group', () => {
  it('encrypts every answer, stops a query that reads too much, and lets nobody set anything else', () => {
    const { WorkGroupConfiguration } = only('AWS::Athena::WorkGroup')
    const { ResultConfiguration, ...others } = WorkGroupConfiguration
    expect(others).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: 53_687_091_200,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
    })
    expect(ResultConfiguration).toMatchObject({
      EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' },
      ExpectedBucketOwner: '111122223333',
    })
    expect(target(ResultConfiguration.EncryptionConfiguration.KmsKey)).toMatch(/^KeysData/)
    expect(target(ResultConfiguration.OutputLocation)).toBe(
      's3://production-disbursement-answers-111122223333/answers/',
    )
  })

  it('has every question ready, in the very words that are tested', () => {
    const queries = all('AWS::Athena::NamedQuery')
    expect(Object.keys(queries).sort()).toEqual([...questionNames].sort())
    for (const name of questionNames)
      expect(queries[name]).toMatchObject({
        QueryString: textOf(name),
        WorkGroup: 'production-finance',
        Database: 'production_disbursement',
      })
    template.resourceCountIs('AWS::Athena::WorkGroup', 1)
  })

  /** https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html */
  it.each(questionNames)('takes the parameters of %s where Athena does: within a where', (name) => {
    const text = textOf(name).replace(/--.*$/gm, '')
    const clauses = text.split(/\b(select|from|where|group by|having|order by)\b/)
    const asked = clauses.flatMap((clause, index) => (clause.includes('?') ? [clauses[index - 1]] : []))
    expect(asked).toEqual(questions[name].parameters.map(() => 'where'))
  })

  it('says of every question what it is asked with, and how that is written', () => {
    for (const { Description } of Object.values(all('AWS::Athena::NamedQuery')))
      expect(Description).toMatch(/ It is asked with, each in single quotes: last day/)
  })
})

describe.each(['finance', 'viewer', 'operator', 'approver'])('a session of %s', (name) => {
  const { account, region } = stages.local
  const asks = name === 'finance'
  const s3 = (bucket: string, key?: string) =>
    `arn:aws:s3:::local-disbursement-${bucket}-${account}${key === undefined ? '' : `/${key}`}`
  const athena = `arn:aws:athena:${region}:${account}:workgroup/local-finance`
  const glue = (resource: string) => `arn:aws:glue:${region}:${account}:${resource}`
  const file = 'movements/partner=bni/day=2020-09-18/shard-1-2.ndjson.gz'

  it.each([
    ['athena:StartQueryExecution', athena, asks],
    ['athena:GetQueryResults', athena, asks],
    ['athena:StartQueryExecution', athena.replace('local-finance', 'primary'), false],
    ['athena:UpdateWorkGroup', athena, false],
    ['athena:CreateNamedQuery', athena, false],
    ['glue:GetTable', glue('table/local_disbursement/movements'), asks],
    ['glue:UpdateTable', glue('table/local_disbursement/movements'), false],
    ['s3:GetObject', s3('movements', file), asks],
    ['s3:ListBucket', s3('movements'), asks],
    ['s3:PutObject', s3('movements', file), false],
    ['s3:DeleteObject', s3('movements', file), false],
    ['s3:PutObject', s3('answers', 'answers/0b9f2c1e.csv'), asks],
    ['s3:GetObject', s3('answers', 'answers/0b9f2c1e.csv'), asks],
    ['s3:GetObject', s3('audit', 'audit/2020-09-18.json'), false],
    ['s3:GetObject', s3('statements', 'statements/bni/2020-09-18.csv'), false],
  ] as const)('%s on %s: %s', async (action, resource, may) => {
    const principal = `arn:aws:sts::${account}:assumed-role/local-${name}/ani`
    const { policies } = templateRole(name)
    expect(await isAllowed({ principal, action, resource, policies })).toBe(may)
  })
})
