import * as z from 'zod'
import { problem } from './problem.ts'
import { idempotencyKey } from './request.ts'
import type { Route, Routes } from './route.ts'

/**
 * An API's document, made from its contract's own schemas, so that it cannot say anything else. OpenAPI 3.1
 * takes JSON Schema as it is. https://spec.openapis.org/oas/v3.1.1.html
 */

type Json = Readonly<Record<string, unknown>>

const referTo = (name: string): string => `#/components/schemas/${name}`

/** Everything is described as it may be sent, which leaves open that answers say more one day. */
const asSent = { io: 'input' } as const

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, asSent)
  return json
}

const bodyName = (route: string): string => `${route}Body`
const answerName = (route: string): string => `${route}Answer`

/** An API, as its document tells of it. */
export type Described = {
  readonly title: string
  readonly routes: Routes
  /** What the contract exports; its schemas are called in the document as they are there. */
  readonly contract: Readonly<Record<string, unknown>>
}

/** Each schema once: those of the contract by their own names, what only a route has by the route's. */
function nameAll({ routes, contract }: Described) {
  const registry = z.registry<{ id: string }>()
  const shared = Object.entries({ ...contract, problem })
  const own = Object.entries(routes).flatMap(([name, { body, answer }]) => [
    [bodyName(name), body] as const,
    [answerName(name), answer] as const,
  ])
  for (const [id, schema] of [...shared, ...own]) {
    if (schema instanceof z.ZodType && !registry.has(schema)) registry.add(schema, { id })
  }
  return registry
}
type Names = ReturnType<typeof nameAll>

function components(names: Names): Json {
  const { schemas } = z.toJSONSchema(names, { ...asSent, uri: referTo })
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id, ...schema }]) => [name, schema]),
  )
}

const contentOf = (type: string, schema: z.ZodType, names: Names): Json => ({
  [type]: { schema: { $ref: referTo(names.get(schema)?.id ?? '') } },
})

const fields = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
})

/** The fields of a path or a query, each a parameter of its own. */
function parametersIn(place: 'path' | 'query', schema: z.ZodObject | undefined): readonly Json[] {
  if (!schema) return []
  const { properties, required } = fields.parse(schemaOf(schema))
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: field,
  }))
}

const keyHeader: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: "The caller's own name for this command: the same again is not carried out again.",
  schema: schemaOf(idempotencyKey),
}

function operationOf(name: string, route: Route, names: Names): Json {
  const { method, role, summary, parameters, query, body, answer } = route
  return {
    operationId: name,
    summary,
    description: role === 'viewer' ? 'For everybody.' : `For the role ${role}.`,
    parameters: [
      ...parametersIn('path', parameters),
      ...parametersIn('query', query),
      ...(method === 'POST' ? [keyHeader] : []),
    ],
    ...(body && { requestBody: { required: true, content: contentOf('application/json', body, names) } }),
    responses: {
      200: { description: 'The answer.', content: contentOf('application/json', answer, names) },
      default: {
        description: 'A problem: what cannot be done, and what to do about it.',
        content: contentOf('application/problem+json', problem, names),
      },
    },
  }
}

function pathsOf(routes: Routes, names: Names): Json {
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries(routes)) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(name, route, names),
    }
  }
  return paths
}

/** An OpenAPI 3.1 document of an API. */
export function openApiDocument(api: Described): Json {
  const { title, routes } = api
  const names = nameAll(api)
  return {
    openapi: '3.1.1',
    info: {
      title,
      version: '1',
      description:
        'Amounts are whole rupiah. Times are ISO 8601 with the offset +07:00; those of what is as it was hashed, entries of the journal, movements and records of the audit trail, are in UTC.',
    },
    security: [{ signature: [] }],
    paths: pathsOf(routes, names),
    components: {
      schemas: components(names),
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description:
            'AWS Signature Version 4 of a session of one of the roles, for the service execute-api.',
        },
      },
    },
  }
}
