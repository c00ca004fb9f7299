import * as z from 'zod'
import { type References, resolve } from '../../infra/local/intrinsics.ts'
import { account, createReferences, region } from '../../infra/local/references.ts'

/** A template as IAM sees it when it is deployed: what roles may do, and what resources say of themselves. */
export type Deployment = {
  readonly functions: readonly DeployedFunction[]
  /** Every event source mapping. */
  readonly mappings: readonly Mapping[]
  /** Where what functions are called asynchronously with goes when it is given up. */
  readonly asynchronous: readonly Destination[]
  /** The policy of its own that a table, a queue, a bucket or a key has, or what this is a part of. */
  policyOf(arn: string): unknown
  /** The key that this is encrypted with. */
  keyOf(arn: string): string | undefined
}

export type DeployedFunction = {
  readonly name: string
  /** The session in which its code runs. */
  readonly principal: string
  readonly statements: readonly Statement[]
  readonly inNetwork: boolean
}

/** One action on one resource, allowed or denied. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string
  readonly Resource: string
  readonly Condition?: unknown
}

const destination = z.object({
  FunctionName: z.string(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).exactOptional(),
})
export type Destination = z.infer<typeof destination>
const mapping = destination.extend({ EventSourceArn: z.string() })
export type Mapping = z.infer<typeof mapping>

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
})
type Resources = z.infer<typeof template>['Resources']

export function readDeployment(text: string): Deployment {
  const reader = createReader(template.parse(JSON.parse(text)).Resources)
  const keys = keysOf(reader)
  const policies = policiesOf(reader)
  return {
    functions: functionsOf(reader),
    mappings: reader.all('AWS::Lambda::EventSourceMapping').map(({ read }) => mapping.parse(read())),
    asynchronous: reader.all('AWS::Lambda::EventInvokeConfig').map(({ read }) => destination.parse(read())),
    policyOf: (arn) => policies.get(ownerOf(arn)),
    keyOf: (arn) => keys.get(ownerOf(arn)),
  }
}

/** The table of an index or a stream, the bucket of an object; otherwise the same. */
const ownerOf = (arn: string): string =>
  arn.replace(/\/(?:index|stream)\/.*$/, '').replace(/^(arn:aws:s3:::[^/]+)\/.*$/, '$1')

type Reader = ReturnType<typeof createReader>

function createReader(resources: Resources) {
  const references = referencesOf(resources)
  const one = (id: string) => ({
    arn: (attribute = 'Arn') => references.attribute(id, attribute),
    /** What is at a path of its properties, every reference resolved. */
    read: (...path: readonly (string | number)[]): unknown =>
      resolve(
        path.reduce<unknown>((inner, key) => Object(inner)[key], resources[id]?.Properties),
        references,
      ),
    raw: resources[id]?.Properties ?? {},
  })
  return {
    one,
    all: (type: string) =>
      Object.keys(resources)
        .filter((id) => resources[id]?.Type === type)
        .map(one),
  }
}

/** Keys have no names; their logical ids stand for them. */
function referencesOf(resources: Resources): References {
  const known = createReferences(new Map(Object.entries(resources)), 'http://127.0.0.1')
  return {
    ref: known.ref,
    attribute(id, attribute) {
      const { Type, Properties } = resources[id] ?? { Type: '', Properties: {} }
      if (Type === 'AWS::KMS::Key') return `arn:aws:kms:${region}:${account}:key/${id}`
      if (Type !== 'AWS::Logs::LogGroup') return known.attribute(id, attribute)
      return `arn:aws:logs:${region}:${account}:log-group:${Properties.LogGroupName}:*`
    },
  }
}

const bucketKey = [
  'BucketEncryption',
  'ServerSideEncryptionConfiguration',
  0,
  'ServerSideEncryptionByDefault',
  'KMSMasterKeyID',
] as const

function keysOf({ all }: Reader): ReadonlyMap<string, string> {
  const text = z.string()
  return new Map([
    ...all('AWS::DynamoDB::Table').map(
      ({ arn, read }) => [arn(), text.parse(read('SSESpecification', 'KMSMasterKeyId'))] as const,
    ),
    // That of the bus does without one of ours.
    ...all('AWS::SQS::Queue').flatMap(({ arn, read }) => {
      const key = read('KmsMasterKeyId')
      return key === undefined ? [] : [[arn(), text.parse(key)] as const]
    }),
    ...all('AWS::SecretsManager::Secret').map(
      ({ arn, read }) => [arn('Id'), text.parse(read('KmsKeyId'))] as const,
    ),
    ...all('AWS::S3::Bucket').map(({ arn, read }) => [arn(), text.parse(read(...bucketKey))] as const),
  ])
}

function policiesOf({ one, all }: Reader): ReadonlyMap<string, unknown> {
  const references = z.array(z.object({ Ref: z.string() }))
  /** Policies beside their resources, which they name. */
  const beside = (type: string, property: string) =>
    all(type).flatMap(({ raw, read }) =>
      references
        .parse([raw[property]].flat())
        .map(({ Ref }) => [one(Ref).arn(), read('PolicyDocument')] as const),
    )
  return new Map([
    ...all('AWS::KMS::Key').map(({ arn, read }) => [arn(), read('KeyPolicy')] as const),
    ...all('AWS::DynamoDB::Table').map(
      ({ arn, read }) => [arn(), read('ResourcePolicy', 'PolicyDocument')] as const,
    ),
    ...beside('AWS::SQS::QueuePolicy', 'Queues'),
    ...beside('AWS::S3::BucketPolicy', 'Bucket'),
  ])
}

const list = z.union([z.string().transform((single) => [single]), z.array(z.string())])
const document = z.object({
  Statement: z.array(z.looseObject({ Effect: z.enum(['Allow', 'Deny']), Action: list, Resource: list })),
})
const roleReference = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) })
const policyReferences = z.array(z.object({ Ref: z.string() }))

function functionsOf({ one, all }: Reader): DeployedFunction[] {
  const statementsOf = (roleId: string): Statement[] =>
    policyReferences
      .parse(one(roleId).raw.ManagedPolicyArns)
      .flatMap(({ Ref }) => document.parse(one(Ref).read('PolicyDocument')).Statement)
      .flatMap(({ Action: actions, Resource: places, ...others }) =>
        actions.flatMap((Action) => places.map((Resource) => ({ ...others, Action, Resource }))),
      )
  return all('AWS::Lambda::Function').map(({ raw }) => {
    const name = z.string().parse(raw.FunctionName)
    const [roleId] = roleReference.parse(raw.Role)['Fn::GetAtt']
    return {
      name,
      principal: `arn:aws:sts::${account}:assumed-role/${roleId}/${name}`,
      statements: statementsOf(roleId),
      inNetwork: raw.VpcConfig !== undefined,
    }
  })
}
