import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import * as z from 'zod'
import type { Role } from '../../shared/api/roles.ts'
import { stages } from '../stages.ts'
import type { Invocation } from './functions.ts'
import { account } from './references.ts'
import { type Api, type Match, matchRoute, mayInvoke } from './routes.ts'

/** API Gateway on this machine: an HTTP API before functions, for callers that IAM would know. */
export type ApiServer = {
  /** E.g. `http://127.0.0.1:4567` */
  readonly address: string
  stop(): Promise<void>
}

export type ApiOptions = {
  readonly api: Api
  readonly invoke: (functionName: string, event: unknown) => Promise<Invocation>
  /** Epoch milliseconds. */
  readonly now: () => number
}

/**
 * The headers that tell the server who calls; on AWS a signature does. A signed request may do without them: the access
 * key `operator.siti` stands for Siti's session of the operators' role. Nobody proves anything here, and no function ever
 * sees them. `name` is the person's, as STS takes it for a session: 2 to 64 letters, digits or `+=,.@_-`.
 */
export const callerHeaders = ({ role, name }: { readonly role: Role; readonly name: string }) => ({
  'x-local-role': role,
  'x-local-person': name,
})
const sessionName = /^[\w+=,.@-]{2,64}$/

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const bodyBytesMax = 10_000_000

type Answer = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer
}
const json = { 'content-type': 'application/json' }
/** What API Gateway says itself. */
const answerOf = (status: number, message: string): Answer => ({
  status,
  headers: json,
  body: JSON.stringify({ message }),
})
const answers = {
  malformed: answerOf(400, 'Bad Request'),
  forbidden: answerOf(403, 'Forbidden'),
  unknown: answerOf(404, 'Not Found'),
  tooLarge: answerOf(413, 'Request Entity Too Large'),
  failed: answerOf(500, 'Internal Server Error'),
  unavailable: answerOf(503, 'Service Unavailable'),
}

/** Serves on a free port of 127.0.0.1. A role's policies are asked as IAM would ask them, before any function is. */
export async function startApi({ api, invoke, now }: ApiOptions): Promise<ApiServer> {
  async function answer(request: IncomingMessage): Promise<Answer> {
    const body = await bodyOf(request)
    const { method = '', url = '', headers } = request
    const [rawPath = '', query = ''] = url.split('?')
    const path = decoded(rawPath)
    if (path === undefined) return answers.malformed
    if (body === undefined) return answers.tooLarge
    const match = matchRoute(api, method, path)
    if (!match) return answers.unknown
    const session = sessionOf(headers)
    if (!session || !mayInvoke(api, session.role, method, path)) return answers.forbidden
    const event = eventOf({ api, match, session, method, path, query, headers, body, now: now() })
    return answerFrom(await invoke(match.route.functionName, event))
  }

  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request).catch(() => answers.failed)
    response.writeHead(status, { 'apigw-requestid': randomUUID(), ...headers }).end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the API has no port')
  return {
    address: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** `undefined` when it is larger than API Gateway takes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes <= bodyBytesMax) chunks.push(part)
  }
  return bytes <= bodyBytesMax ? Buffer.concat(chunks) : undefined
}

/** The session of a role of this stage; `undefined` for who has none. */
type Session = { readonly role: string; readonly name: string }
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const signature = /^AWS4-HMAC-SHA256 Credential=([a-z]+)\.([^/]+)\//

function sessionOf(headers: IncomingHttpHeaders): Session | undefined {
  const [, signedRole, signedName] = signature.exec(headers.authorization ?? '') ?? []
  const { 'x-local-role': role = signedRole, 'x-local-person': name = signedName } = headers
  if (typeof role !== 'string' || typeof name !== 'string' || !sessionName.test(name)) return undefined
  return { role: `${stages.local.name}-${role}`, name }
}

type Request = {
  readonly api: Api
  readonly match: Match
  readonly session: Session
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly now: number
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function eventOf({ api, match, session, method, path, query, headers, body, now }: Request) {
  const { parameters, route } = match
  const passed = Object.entries(headers).filter(([name]) => !name.startsWith('x-local-'))
  const queries = new URLSearchParams(query)
  const isText = /^(?:text\/|application\/(?:json|javascript|xml)|$)/.test(headers['content-type'] ?? '')
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(passed.map(([name, value]) => [name, [value].flat().join(',')])),
    ...(queries.size > 0 && {
      queryStringParameters: Object.fromEntries(
        [...queries.keys()].map((name) => [name, queries.getAll(name).join(',')]),
      ),
    }),
    requestContext: {
      accountId: account,
      apiId: api.id,
      authorizer: { iam: identityOf(session) },
      domainName: headers.host ?? '',
      domainPrefix: api.id,
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: logTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

/** What IAM says of a role's session. */
function identityOf({ role, name }: Session) {
  const userId = `AROALOCAL:${name}`
  return {
    accessKey: 'ASIALOCAL',
    accountId: account,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    userId,
  }
}

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}

const response = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
})

/** A function's result without a status code is the body itself. */
function answerFrom(invocation: Invocation): Answer {
  if (invocation.outcome === 'lost') return answers.unavailable
  if (invocation.outcome === 'failed') return answers.failed
  const { value } = invocation
  if (typeof value !== 'object' || value === null || !('statusCode' in value))
    return { status: 200, headers: json, body: JSON.stringify(value ?? null) }
  const parsed = response.safeParse(value)
  if (!parsed.success) return answers.failed
  const { statusCode, headers, body, isBase64Encoded } = parsed.data
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...lowerCase(headers) },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  }
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
