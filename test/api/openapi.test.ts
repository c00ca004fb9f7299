import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { openApiDocument } from '../../shared/api/openapi.ts'
import type { Route } from '../../shared/api/route.ts'
import { financeApi } from '../../shared/finance/described.ts'
import { operationsApi } from '../../shared/operations/described.ts'

const apis = [
  ['ops', operationsApi],
  ['finance', financeApi],
] as const
const writtenIn = (folder: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../functions', folder, 'openapi.json'), 'utf8'))

const schema = z.looseObject({})
const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema,
})
const content = z.record(z.string(), z.object({ schema: z.object({ $ref: z.string() }) }))
const operation = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  parameters: z.array(parameter.extend({ description: z.string().optional() })),
  requestBody: z.strictObject({ required: z.literal(true), content }).optional(),
  responses: z.record(z.string(), z.strictObject({ description: z.string(), content })),
})
/** As much of OpenAPI 3.1 as the document uses. */
const document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post']), operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), schema),
    securitySchemes: z.record(z.string(), schema),
  }),
})

describe.each(apis)('the document of %s', (folder, api) => {
  const written = writtenIn(folder)

  test('is the one that the contract gives (else: node functions/…/write-openapi.ts)', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(openApiDocument(api))))
  })

  test('says of what is hashed that its times are not in the offset of the others', () => {
    expect(document.parse(written).info.description).toContain('UTC')
  })

  test('is an OpenAPI document, in which every reference leads somewhere', () => {
    const { components } = document.parse(written)
    const text = JSON.stringify(written)
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference)
    expect(references.length).toBeGreaterThan(10)
    for (const reference of references) {
      const name = reference?.replace('#/components/schemas/', '') ?? ''
      expect(Object.keys(components.schemas)).toContain(name)
    }
    expect(text).not.toContain('"$schema"')
  })

  test.for(Object.entries<Route>(api.routes))(
    '%s has its operation, its parameters and its key',
    ([name, route]) => {
      const { paths } = document.parse(written)
      const found = paths[route.path]?.[route.method === 'GET' ? 'get' : 'post']
      if (!found) throw new Error('there is no operation')
      expect(found).toMatchObject({ operationId: name, summary: route.summary })
      const named = (place: 'path' | 'query' | 'header') =>
        found.parameters.filter((one) => one.in === place).map((one) => one.name)
      expect(named('path')).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter))
      expect(named('query')).toEqual(Object.keys(route.query?.shape ?? {}))
      expect(named('header')).toEqual(route.method === 'POST' ? ['Idempotency-Key'] : [])
      expect(found.requestBody !== undefined).toBe(route.body !== undefined)
      for (const one of found.parameters.filter((each) => each.in === 'path')) expect(one.required).toBe(true)
    },
  )
})
