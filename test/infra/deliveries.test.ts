import { expect, test } from 'vitest'
import { stages, statementsBucketOf } from '../../infra/stages.ts'
import { synthesise } from '../../infra/synthesise.ts'
import { readDeployment } from '../least-privilege/deployment.ts'
import { isAllowed } from './simulation.ts'

/** Who may put statements into the bucket, as IAM judges it. */
const gopay = 'arn:aws:iam::300000000001:role/statements'
const ovoAccount = '300000000002'
const stage = { ...stages.local, deliverers: { gopay, ovo: ovoAccount } }
const bucket = `arn:aws:s3:::${statementsBucketOf(stage)}`
const deployment = readDeployment(JSON.stringify(synthesise(stage, { bundles: false })))
const key = deployment.keyOf(bucket) ?? ''
/** What the partner's own account lets it do: nothing is held back there. */
const policies = [
  {
    name: 'own',
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }],
    },
  },
]
const tls = { 'aws:SecureTransport': 'true' }
const object = `${bucket}/statements/gopay/2020-09-18.csv`

type Request = {
  readonly action?: string
  readonly resource?: string
  readonly principal?: string
  readonly context?: Readonly<Record<string, string>>
}
const may = ({ action = 's3:PutObject', resource = object, principal = gopay, context = tls }: Request) =>
  isAllowed({ principal, action, resource, context, policies, resourcePolicy: deployment.policyOf(bucket) })

test.for<readonly [string, boolean, Request]>([
  ['puts its own statements', true, {}],
  ['puts none of another partner', false, { resource: `${bucket}/statements/ovo/2020-09-18.csv` }],
  ['puts nothing among the results', false, { resource: `${bucket}/reconciliation/gopay/x` }],
  ['puts nothing without TLS', false, { context: { 'aws:SecureTransport': 'false' } }],
  ['reads nothing', false, { action: 's3:GetObject' }],
  ['deletes nothing', false, { action: 's3:DeleteObject' }],
  ['deletes no version', false, { action: 's3:DeleteObjectVersion' }],
  ['changes no tag or right', false, { action: 's3:PutObjectAcl' }],
  ['lists nothing', false, { action: 's3:ListBucket', resource: bucket }],
  [
    'puts nothing under a key of its own',
    false,
    {
      context: {
        ...tls,
        's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:ap-southeast-3:300000000001:key/own',
      },
    },
  ],
  [
    'names our key if it likes',
    true,
    {
      context: {
        ...tls,
        's3:x-amz-server-side-encryption': 'aws:kms',
        's3:x-amz-server-side-encryption-aws-kms-key-id': key,
      },
    },
  ],
  ['puts nothing without a key', false, { context: { ...tls, 's3:x-amz-server-side-encryption': 'AES256' } }],
  [
    'puts nothing under the key of S3 itself',
    false,
    { context: { ...tls, 's3:x-amz-server-side-encryption': 'aws:kms' } },
  ],
  [
    'puts nothing under a key that only it has',
    false,
    { context: { ...tls, 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' } },
  ],
])('a partner %s', async ([, allowed, request]) => {
  expect(await may(request)).toBe(allowed)
})

test('an account may let any of its roles put them, and another role of a partner’s account may not', async () => {
  const resource = `${bucket}/statements/ovo/2020-09-18.csv`
  expect(await may({ resource, principal: `arn:aws:iam::${ovoAccount}:role/any` })).toBe(true)
  expect(await may({ principal: 'arn:aws:iam::300000000001:role/other' })).toBe(false)
})

const encryptionContext = 'kms:EncryptionContext:aws:s3:arn'

test.for([
  ['through S3', 's3.ap-southeast-3.amazonaws.com', true],
  ['by itself', 'kms.ap-southeast-3.amazonaws.com', false],
] as const)('a partner uses the bucket’s key %s: %s', async ([, service, allowed]) => {
  // The simulator knows no encryption context; the next test looks at that.
  const resourcePolicy = JSON.parse(JSON.stringify(deployment.policyOf(key)), (name, value) =>
    name === encryptionContext ? undefined : value,
  )
  const asked = { principal: gopay, resource: key, context: { 'kms:ViaService': service }, policies }
  expect(await isAllowed({ ...asked, resourcePolicy, action: 'kms:GenerateDataKey' })).toBe(allowed)
  expect(await isAllowed({ ...asked, resourcePolicy, action: 'kms:Encrypt' })).toBe(false)
})

test('a partner uses the key for the bucket of statements, and for no other', () => {
  const { Statement } = JSON.parse(JSON.stringify(deployment.policyOf(key)))
  const own = Statement.filter(({ Principal }: { Principal: unknown }) =>
    JSON.stringify(Principal).includes(gopay),
  )
  expect(own).toMatchObject([{ Condition: { StringEquals: { [encryptionContext]: bucket } } }])
})

test('without a partner’s deliverer nobody but the stack’s own functions may put anything', () => {
  const plain = readDeployment(JSON.stringify(synthesise(stages.local, { bundles: false })))
  const { Statement } = JSON.parse(JSON.stringify(plain.policyOf(bucket)))
  expect(Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toEqual([])
})
