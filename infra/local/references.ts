import * as z from 'zod'
import { type References, resolve } from './intrinsics.ts'

/** Where the template is deemed to be deployed. */
export const region = 'ap-southeast-3'
export const account = '000000000000'

export type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'local',
}

type Identity = {
  /** The property that holds the resource's name. */
  readonly name: string
  /** Service and resource of its ARN, around region and account. */
  readonly arn: readonly [service: string, resource: string]
  /** What `Ref` gives. (Default: the name.) */
  readonly ref?: 'arn' | 'url'
  /** What `Fn::GetAtt` gives the ARN for. (Default: `Arn`.) */
  readonly arnAttribute?: string
  /** The ARN names neither region nor account. */
  readonly global?: boolean
}

const identities: Readonly<Record<string, Identity>> = {
  'AWS::Lambda::Function': { name: 'FunctionName', arn: ['lambda', 'function:'] },
  'AWS::SQS::Queue': { name: 'QueueName', arn: ['sqs', ''], ref: 'url' },
  'AWS::Events::EventBus': { name: 'Name', arn: ['events', 'event-bus/'] },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    arn: ['secretsmanager', 'secret:'],
    ref: 'arn',
    arnAttribute: 'Id',
  },
  'AWS::S3::Bucket': { name: 'BucketName', arn: ['s3', ''], global: true },
  'AWS::DynamoDB::Table': { name: 'TableName', arn: ['dynamodb', 'table/'] },
  'AWS::DynamoDB::GlobalTable': { name: 'TableName', arn: ['dynamodb', 'table/'] },
}

export const queueUrl = (address: string, name: string): string => `${address}/${account}/${name}`

/** The last part of a queue's or function's ARN, which is its name. A bare name is its own last part. */
export const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)

/** The table whose stream this is: `arn:aws:dynamodb:ap-southeast-3:000000000000:table/local-journal/stream/local`. */
export const tableOf = (streamArn: string): string => nameOf(streamArn).split('/')[1] ?? ''

/**
 * What references to these resources stand for. Queue URLs start with `queueAddress`. A resource without an
 * identity here (a role, a key) is known by its logical id alone. Throws at logical ids and attributes that
 * nobody can answer.
 */
export function createReferences(resources: ReadonlyMap<string, Resource>, queueAddress: string): References {
  function identify(logicalId: string) {
    const resource = resources.get(logicalId)
    if (resource === undefined)
      throw new Error(`it refers to ${logicalId}, which is neither resource nor known`)
    const identity = identities[resource.Type]
    if (identity === undefined) return undefined
    const name = z.string().parse(resolve(resource.Properties[identity.name], references))
    const [service, prefix] = identity.arn
    const place = identity.global ? ':' : `${region}:${account}`
    return { ...identity, name, arn: `arn:aws:${service}:${place}:${prefix}${name}` }
  }

  const references: References = {
    ref(logicalId) {
      const pseudoParameter = pseudoParameters[logicalId]
      if (pseudoParameter !== undefined) return pseudoParameter
      const found = identify(logicalId)
      if (found === undefined) return logicalId
      if (found.ref === 'url') return queueUrl(queueAddress, found.name)
      return found.ref === 'arn' ? found.arn : found.name
    },
    attribute(logicalId, attribute) {
      const found = identify(logicalId)
      if (found === undefined) return `${logicalId}.${attribute}`
      if (attribute === (found.arnAttribute ?? 'Arn')) return found.arn
      if (attribute === 'QueueName' || attribute === 'Name') return found.name
      if (attribute === 'StreamArn') return `${found.arn}/stream/local`
      throw new Error(`it refers to ${logicalId}.${attribute}, an attribute that is not known here`)
    },
  }
  return references
}
