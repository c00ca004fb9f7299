import * as z from 'zod'
import { movementSchema } from './movement.ts'

/** The movement files as a table: what an SQL engine calls the types of JSON. */
export type Dialect = {
  readonly text: string
  /** 64 bits, signed. */
  readonly whole: string
  list(item: string): string
  record(fields: readonly Column[]): string
}
export type Column = { readonly name: string; readonly type: string }

/** Those that the files' folders say, `partner=bni/day=2020-09-18`: an engine takes them from there. */
export const partitions = ['partner', 'day'] as const
const isPartition = (name: string): boolean => partitions.some((partition) => partition === name)

/** As much of JSON Schema as a movement is made of. */
const typeName = z.enum(['string', 'integer', 'array', 'object', 'null'])
const form = z.object({
  type: z.union([typeName, z.array(typeName)]).default([]),
  anyOf: z.array(z.unknown()).default([]),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
})

/** Whatever may be `null` is of the other type. */
function typeOf(schema: unknown, dialect: Dialect): string {
  const { type, anyOf, items, properties } = form.parse(schema)
  const choices = anyOf.filter((each) => form.parse(each).type !== 'null')
  const [name, ...others] = [type].flat().filter((each) => each !== 'null')
  if (choices.length + others.length > 1) throw new Error('a column of a movement has several types')
  switch (name) {
    case 'string':
      return dialect.text
    case 'integer':
      return dialect.whole
    case 'array':
      return dialect.list(typeOf(items, dialect))
    case 'object':
      return dialect.record(fieldsOf(properties, dialect))
    default:
      return typeOf(choices[0], dialect)
  }
}

const fieldsOf = (properties: Readonly<Record<string, unknown>>, dialect: Dialect): readonly Column[] =>
  Object.entries(properties).map(([name, schema]) => ({ name, type: typeOf(schema, dialect) }))

/** The table's columns in the order of a movement's fields, without the partitions; any of them may be null. */
export function columnsOf(dialect: Dialect): readonly Column[] {
  const { properties } = form.parse(z.toJSONSchema(movementSchema))
  return fieldsOf(properties, dialect).filter(({ name }) => !isPartition(name))
}
