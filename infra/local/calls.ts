import { subscribe } from 'node:diagnostics_channel'
import { ClientRequest } from 'node:http'
import * as z from 'zod/mini'
import { account, region } from './references.ts'

/** What IAM is asked before AWS does something: `dynamodb:Query` on `arn:aws:dynamodb:…:table/local-journal`. */
export type Call = { readonly action: string; readonly resource: string }

/** A request to AWS as it leaves: its headers by lower-case name, its path with the query, its whole body. */
export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`
const table = (name: string, index?: string) =>
  arn('dynamodb', `table/${name}${index === undefined ? '' : `/index/${index}`}`)

const target = z.object({ TableName: z.string() })
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), target)) })
/** IAM knows no transactions: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
const parts: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
}

function databaseCalls(operation: string, input: unknown): Call[] {
  if (operation === 'TransactWriteItems')
    return z
      .parse(transaction, input)
      .TransactItems.flatMap((item) => Object.entries(item))
      .map(([part, { TableName }]) => ({ action: `dynamodb:${parts[part]}`, resource: table(TableName) }))
  const action = `dynamodb:${operation}`
  if (operation.startsWith('Batch')) {
    const { RequestItems } = z.parse(z.object({ RequestItems: z.record(z.string(), z.unknown()) }), input)
    return Object.keys(RequestItems).map((name) => ({ action, resource: table(name) }))
  }
  const single = z.object({ TableName: z.string(), IndexName: z.optional(z.string()) })
  const { TableName, IndexName } = z.parse(single, input)
  return [{ action, resource: table(TableName, IndexName) }]
}

/** A batch is allowed by what allows one message:
 *  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
function queueCalls(operation: string, input: unknown): Call[] {
  const { QueueUrl } = z.parse(z.object({ QueueUrl: z.string() }), input)
  const name = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)
  return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource: arn('sqs', name) }]
}

function busCalls(operation: string, input: unknown): Call[] {
  const entries = z.object({ Entries: z.array(z.object({ EventBusName: z.string() })) })
  return z.parse(entries, input).Entries.map(({ EventBusName }) => ({
    action: `events:${operation}`,
    resource: arn('events', `event-bus/${EventBusName}`),
  }))
}

function secretCalls(operation: string, input: unknown): Call[] {
  const { SecretId } = z.parse(z.object({ SecretId: z.string() }), input)
  const name = SecretId.slice(SecretId.lastIndexOf(':') + 1)
  return [{ action: `secretsmanager:${operation}`, resource: arn('secretsmanager', `secret:${name}`) }]
}

const verbs: Readonly<Record<string, string>> = { GET: 'Get', HEAD: 'Get', PUT: 'Put', DELETE: 'Delete' }

function storageCalls({ method, path }: SignedRequest): Call[] {
  const [bucket = '', ...key] = decodeURIComponent(path.split('?')[0] ?? '')
    .slice(1)
    .split('/')
  const object = key.join('/')
  if (object === '') return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }]
  return [{ action: `s3:${verbs[method]}Object`, resource: `arn:aws:s3:::${bucket}/${object}` }]
}

const byService: Readonly<Record<string, (operation: string, input: unknown) => Call[]>> = {
  dynamodb: databaseCalls,
  sqs: queueCalls,
  events: busCalls,
  secretsmanager: secretCalls,
}

/** The service that a request is signed for; none where it is not to AWS.
 *  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html */
const serviceOf = ({ authorization }: SignedRequest['headers']): string | undefined =>
  /^AWS4-\S+ Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(authorization))?.[1]

/** What IAM is asked about a request; nothing where it is not to AWS. Throws at a service that is not known here. */
export function callsOf(request: SignedRequest): readonly Call[] {
  const { headers, body } = request
  const service = serviceOf(headers)
  if (service === undefined) return []
  if (service === 's3') return storageCalls(request)
  const operation = String(headers['x-amz-target']).split('.').at(-1) ?? ''
  const read = byService[service]
  if (read === undefined) throw new Error(`calls of ${service} are not known here`)
  return read(operation, JSON.parse(body))
}

/**
 * Who may not list a bucket is told that an object is forbidden where it is not there; so being told that it is not
 * there takes this, too: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
const callsOfMissing = (calls: readonly Call[]): readonly Call[] =>
  calls
    .filter(({ action }) => action === 's3:GetObject')
    .map(({ resource }) => ({ action: 's3:ListBucket', resource: resource.split('/')[0] ?? '' }))

/** Hears of every call that this thread makes. `whose` is asked at the request's beginning who makes it. */
export function watchCalls<Owner>(whose: () => Owner, onCall: (owner: Owner, call: Call) => void): void {
  subscribe('http.client.request.created', (message) => {
    const request = requestOf(message)
    if (request === undefined) return
    const owner = whose()
    const report = (calls: readonly Call[]) => {
      for (const call of calls) onCall(owner, call)
    }
    request.end = new Proxy(request.end, {
      apply(end, self, args: unknown[]) {
        const { method, path } = request
        const calls = callsOf({ method, path, headers: request.getHeaders(), body: textOf(args[0]) })
        report(calls)
        request.once('response', ({ statusCode }) => {
          if (statusCode === 404) report(callsOfMissing(calls))
        })
        return Reflect.apply(end, self, args)
      },
    })
  })
}

/** https://nodejs.org/api/diagnostics_channel.html#http */
const requestOf = (message: unknown): ClientRequest | undefined =>
  typeof message === 'object' &&
  message !== null &&
  'request' in message &&
  message.request instanceof ClientRequest
    ? message.request
    : undefined

/** The SDK gives a small body all at once, at the end. */
const textOf = (body: unknown): string =>
  body instanceof Uint8Array ? Buffer.from(body).toString() : String(body)
