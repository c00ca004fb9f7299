import { describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { roles as people } from '../../shared/api/roles.ts'
import { readBlueprint } from './blueprint.ts'

const { template, all, target, permissionsOf } = readBlueprint({
  ...stages.local,
  fetchesStatements: true,
})
const functions = all('AWS::Lambda::Function')

const on = (resource: string, ...actions: string[]) => actions.map((action) => `${action} ${resource}`)
const log = (name: string) => on(`/aws/lambda/${name}`, 'logs:CreateLogStream', 'logs:PutLogEvents')
const consume = (queue: string) =>
  on(
    queue,
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  )
const look = (queue: string) =>
  on(queue, 'sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes')
const readAndAppend = on('local-journal', 'dynamodb:Query', 'dynamodb:PutItem')
const readAndProject = on('local-payouts', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem')
const readEach = on('local-payouts', 'dynamodb:BatchGetItem')
const readForPayment = [...readEach, ...on('local-payouts', 'dynamodb:GetItem', 'dynamodb:PutItem')]
const worklist = on('local-payouts/index/worklist', 'dynamodb:Query')
const credentials = (partner: string) => on(`local/partner/${partner}`, 'secretsmanager:GetSecretValue')

const exchanges = (partner: string) =>
  on(`local-disbursement-exchanges-000000000000/exchanges/${partner}/*`, 's3:PutObject')
const digests = 'local-disbursement-audit-000000000000'
const movements = 'local-disbursement-movements-000000000000'
// By its name, since the bucket itself names the function.
const statements = 'arn:aws:s3:::local-disbursement-statements-000000000000'
const fed = ['intake', 'intake-accounts', 'jobs', ...partnerNames.map((partner) => `pay-${partner}`)]
const deadLetters = fed.map((name) => `local-${name}-dlq`)
const expected: Record<string, string[]> = {
  'local-intake': [
    ...readAndAppend,
    ...readAndProject,
    ...on('local-accounts', 'dynamodb:Query', 'dynamodb:PutItem'),
    ...consume('local-intake'),
  ],
  'local-intake-accounts': [
    ...on('local-journal', 'dynamodb:Query'),
    ...on('local-payouts', 'dynamodb:Query', 'dynamodb:PutItem'),
    ...on('local-accounts', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    ...on('local/account-key', 'secretsmanager:GetSecretValue'),
    ...consume('local-intake-accounts'),
  ],
  'local-ops': [
    ...readAndAppend,
    ...readAndProject,
    ...readEach,
    ...worklist,
    ...on('local-accounts', 'dynamodb:Query'),
    ...on('local-finance', 'dynamodb:Query', 'dynamodb:GetItem'),
    ...on('local-operations', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'),
    ...on('local-operations', 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
    ...on(`${digests}/audit/*`, 's3:GetObject'),
    ...on('local-disbursement-statements-000000000000/reconciliation/*/matched/*', 's3:GetObject'),
    ...on(digests, 's3:ListBucket'),
    ...on('local-journal', 'dynamodb:BatchGetItem'),
    ...[...deadLetters, 'local-undelivered'].flatMap(consume),
    ...['local-publish-dlq', 'local-totals-dlq', 'local-reconcile-dlq'].flatMap(look),
    ...deadLetters.flatMap((name) => on(name.replace(/-dlq$/, ''), 'sqs:SendMessage')),
  ],
  'local-reconcile': [
    ...readAndAppend,
    ...readAndProject,
    ...readEach,
    ...worklist,
    ...on('local-accounts', 'dynamodb:Query'),
    ...on('local-finance', 'dynamodb:Query', 'dynamodb:PutItem'),
    ...on('local-operations', 'dynamodb:Query'),
    ...on(movements, 's3:ListBucket'),
    ...on(`${movements}/movements/*`, 's3:GetObject'),
    ...on(`${statements}/statements/*`, 's3:GetObject'),
    ...on(`${statements}/reconciliation/*`, 's3:GetObject', 's3:PutObject'),
    ...on('local-reconcile-dlq', 'sqs:SendMessage'),
  ],
  'local-jobs': [
    ...readAndAppend,
    ...on('local-payouts', 'dynamodb:Query', 'dynamodb:PutItem'),
    ...on('local-accounts', 'dynamodb:Query'),
    ...on('local-operations', 'dynamodb:GetItem', 'dynamodb:PutItem'),
    // For repairs of finance's books.
    ...on('local-journal', 'dynamodb:Scan'),
    ...on('local-finance', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
    ...on(movements, 's3:ListBucket'),
    ...on(`${movements}/movements/*`, 's3:GetObject', 's3:PutObject'),
    ...on(`${movements}/repairs/*`, 's3:GetObject', 's3:PutObject'),
    ...consume('local-jobs'),
    ...on('local-jobs', 'sqs:SendMessage'),
  ],
  'local-digest': [
    ...on('local-operations', 'dynamodb:Query'),
    ...on(`${digests}/audit/*`, 's3:PutObject', 's3:GetObject'),
  ],
  'local-arrivals': [
    ...on('local-payouts', 'dynamodb:GetItem'),
    ...on('local-journal', 'dynamodb:Query'),
    ...on('local-finance', 'dynamodb:Query'),
  ],
  'local-finance-api': [
    ...on('local-journal', 'dynamodb:Query', 'dynamodb:Scan'),
    ...on('local-payouts', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:Scan'),
    ...readEach,
    ...worklist,
    ...on('local-finance', 'dynamodb:Query'),
    ...on('local-operations', 'dynamodb:Query'),
    ...on(`${movements}/movements/*`, 's3:GetObject'),
    ...on(movements, 's3:ListBucket'),
  ],
  'local-publish': [
    ...on(
      'local-journal/stream',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ),
    ...['local-journal', 'local-payouts', 'local-accounts'].flatMap((table) => on(table, 'dynamodb:Query')),
    ...on('local-disbursement', 'events:PutEvents'),
    ...on('local-publish-dlq', 'sqs:SendMessage'),
  ],
  'local-totals': [
    ...on(
      'local-journal/stream',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ),
    ...on('local-journal', 'dynamodb:Query', 'dynamodb:BatchGetItem'),
    ...on('local-finance', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
    ...on(`${movements}/movements/*`, 's3:PutObject', 's3:GetObject'),
    ...on(movements, 's3:ListBucket'),
    ...on('local-totals-dlq', 'sqs:SendMessage'),
  ],
  'local-close': [
    ...readAndAppend,
    ...on('local-payouts', 'dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:PutItem'),
  ],
}
for (const partner of partnerNames) {
  expected[`local-release-${partner}`] = [
    ...worklist,
    ...on('local-payouts', 'dynamodb:GetItem', 'dynamodb:PutItem'),
    ...on('local-journal', 'dynamodb:Query'),
    ...on(`local-pay-${partner}`, 'sqs:SendMessage', 'sqs:GetQueueAttributes'),
  ]
  expected[`local-pay-${partner}`] = [
    ...readAndAppend,
    ...readForPayment,
    ...on('local-accounts', 'dynamodb:Query', 'dynamodb:UpdateItem'),
    ...credentials(partner),
    ...exchanges(partner),
    ...consume(`local-pay-${partner}`),
  ]
  expected[`local-inquire-${partner}`] = [
    ...readAndAppend,
    ...readForPayment,
    ...worklist,
    ...on('local-accounts', 'dynamodb:Query'),
    ...credentials(partner),
    ...exchanges(partner),
  ]
}
expected['local-statement-bni'] = [
  ...on(`${statements}/statements/bni/*`, 's3:PutObject'),
  ...credentials('bni'),
  ...exchanges('bni'),
]

describe('roles', () => {
  it.each(Object.keys(functions))('%s may do exactly what it does', (name) => {
    expect(permissionsOf(functions[name].Role)).toEqual([...(expected[name] ?? []), ...log(name)].sort())
  })

  it('are as many as functions, schedules and those of people, each with one written-out policy', () => {
    const roles = Object.values(all('AWS::IAM::Role'))
    const flowLogs = 1
    expect(roles).toHaveLength(
      Object.keys(functions).length +
        Object.keys(all('AWS::Scheduler::Schedule')).length +
        people.length +
        flowLogs,
    )
    for (const role of roles) {
      expect(role.ManagedPolicyArns).toHaveLength(1)
      expect(role.Policies).toBeUndefined()
    }
    template.resourceCountIs('AWS::IAM::Policy', 0)
  })

  it("contain no wildcard but for what stands in a route's path, objects' keys, and joining the network", () => {
    const policies = Object.values(all('AWS::IAM::ManagedPolicy'))
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    const others = JSON.stringify(statements.filter(({ Action }) => ![Action].flat()[0].startsWith('ec2:')))
      .replaceAll(/\/\$default\/(?:GET|POST)\/[a-z*/-]+/g, '')
      .replaceAll(
        /\/(?:audit|movements|repairs|statements|reconciliation(?:\/\*\/matched)?|answers|statements\/bni|exchanges\/[a-z]+)\/\*/g,
        '',
      )
    expect(others.match(/"[^"]*\*[^"]*"/g) ?? []).toEqual([])
  })

  it('nobody may change or delete a journal entry', () => {
    const everything = Object.values(functions).flatMap(({ Role }) => permissionsOf(Role))
    const onJournal = everything.filter((permission) => permission.endsWith(' local-journal'))
    expect([...new Set(onJournal)].sort()).toEqual([
      'dynamodb:BatchGetItem local-journal',
      'dynamodb:PutItem local-journal',
      'dynamodb:Query local-journal',
      'dynamodb:Scan local-journal',
    ])
    expect(everything.filter((permission) => permission.includes('dynamodb:Delete'))).toEqual([])
  })

  it('a schedule may call its own function and nothing else', () => {
    for (const [name, { Target }] of Object.entries(all('AWS::Scheduler::Schedule'))) {
      expect(target(Target.Arn)).toBe(name)
      expect(permissionsOf(Target.RoleArn)).toEqual([`lambda:InvokeFunction ${name}`])
    }
  })
})
