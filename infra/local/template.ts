import * as z from 'zod'
import { resolve } from './intrinsics.ts'
import { createReferences, type Resource } from './references.ts'
import * as schemas from './resources.ts'
import { type Api, readApi } from './routes.ts'

export type FunctionDescription = schemas.FunctionProperties & {
  /** Source file, from the repository's root. */
  readonly entry: string
  /** Scheduled functions that may have work after it; absent: all of them. */
  readonly wakes?: readonly string[]
}

/** What a template asks this machine to run, every reference resolved to a local value. */
export type Description = {
  readonly functions: readonly FunctionDescription[]
  readonly queues: readonly schemas.Queue[]
  /** From queues to functions. */
  readonly mappings: readonly schemas.Mapping[]
  /** From tables' streams to functions. */
  readonly streams: readonly schemas.StreamMapping[]
  /** The bus's name, if there is one. */
  readonly bus?: string
  readonly rules: readonly schemas.Rule[]
  readonly schedules: readonly schemas.Schedule[]
  readonly secrets: readonly schemas.Secret[]
  readonly tables: readonly schemas.Table[]
  readonly buckets: readonly schemas.Bucket[]
  readonly api?: Api
}

const resourceSchema = z.object({
  Type: z.string(),
  Condition: z.never({ error: 'conditions are not known here' }).optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.object({ entry: z.string().optional(), wakes: z.array(z.string()).optional() }).optional(),
})
const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) })

const known: ReadonlySet<string> = new Set([
  'AWS::Lambda::Function',
  'AWS::SQS::Queue',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
])

/** Reads resources of a template, and names them in whatever it throws. */
export type Reader = {
  /** Logical ids. */
  idsOf(type: string): readonly string[]
  /** Those properties of a resource that its schema names, resolved and parsed. */
  read<Schema extends z.ZodObject>(logicalId: string, schema: Schema): z.infer<Schema>
}

/**
 * Reads a CloudFormation template. Throws, naming the logical id, at whatever this machine cannot run as
 * written: a resource type, an intrinsic or a property that it does not know. Queue URLs will start with
 * `queueAddress`, e.g. `http://127.0.0.1:4566`.
 */
export function readTemplate(text: string, queueAddress: string): Description {
  const { idsOf, read } = createReader(text, queueAddress)
  const all = <Schema extends z.ZodObject>(type: string, schema: Schema): z.infer<Schema>[] =>
    idsOf(type).map((logicalId) => read(logicalId, schema))

  const [bus, ...otherBuses] = all('AWS::Events::EventBus', schemas.bus)
  if (otherBuses.length > 0) throw new Error('the template has several event buses; this machine runs one')
  const mappings = idsOf('AWS::Lambda::EventSourceMapping')
  const ofStream = (logicalId: string) =>
    read(logicalId, schemas.eventSource).EventSourceArn.startsWith('arn:aws:dynamodb:')
  const api = readApi({ idsOf, read })
  return {
    functions: all('AWS::Lambda::Function', schemas.lambdaFunction.extend(metadata)),
    queues: all('AWS::SQS::Queue', schemas.queue),
    mappings: mappings
      .filter((logicalId) => !ofStream(logicalId))
      .map((logicalId) => read(logicalId, schemas.mapping)),
    streams: mappings.filter(ofStream).map((logicalId) => read(logicalId, schemas.streamMapping)),
    rules: all('AWS::Events::Rule', schemas.rule),
    schedules: all('AWS::Scheduler::Schedule', schemas.schedule),
    secrets: all('AWS::SecretsManager::Secret', schemas.secret),
    tables: [
      ...all('AWS::DynamoDB::Table', schemas.table),
      ...all('AWS::DynamoDB::GlobalTable', schemas.table),
    ],
    buckets: all('AWS::S3::Bucket', schemas.bucket),
    ...(bus && { bus: bus.Name }),
    ...(api && { api }),
  }
}

function createReader(text: string, queueAddress: string): Reader {
  const resources = readResources(text)
  const references = createReferences(resources, queueAddress)
  return {
    idsOf: (type) => [...resources].flatMap(([logicalId, { Type }]) => (Type === type ? [logicalId] : [])),
    read: (logicalId, schema) =>
      naming(logicalId, () => {
        const Properties = resources.get(logicalId)?.Properties ?? {}
        const present = Object.keys(schema.shape).filter((name) => Properties[name] !== undefined)
        const properties = present.map((name) => [name, Properties[name]])
        return schema.parse(resolve(Object.fromEntries(properties), references))
      }),
  }
}

/** What our own construct says of a function beside its properties. */
const metadata = { entry: z.string(), wakes: z.array(z.string()).exactOptional() }

/** Every resource by logical id, a function's metadata among its properties. */
function readResources(text: string): ReadonlyMap<string, Resource> {
  const { Resources } = templateSchema.parse(JSON.parse(text))
  return new Map(
    Object.entries(Resources).map(([logicalId, value]) => {
      const { Type, Properties, Metadata } = naming(logicalId, () => resourceSchema.parse(value))
      if (known.has(Type)) return [logicalId, { Type, Properties: { ...Properties, ...Metadata } }]
      if (schemas.ignoredTypes.has(Type)) return [logicalId, { Type, Properties: {} }]
      throw new Error(`${logicalId}: resources of type ${Type} are not known here`)
    }),
  )
}

/** Puts the logical id before whatever goes wrong. */
function naming<Result>(logicalId: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error
    throw new Error(`${logicalId}: ${reason}`, { cause: error })
  }
}
