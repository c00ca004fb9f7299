import * as z from 'zod'

/** An EventBridge event pattern, compiled: whether an event matches. */
export type Pattern = (event: unknown) => boolean

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const prefix = z.strictObject({ prefix: z.string() })
const anythingBut = z.strictObject({
  'anything-but': z.union([scalar.transform((value) => [value]), z.array(scalar), prefix]),
})
const condition = z.union([scalar, prefix, anythingBut], {
  error: 'only exact values, prefix and anything-but are known here',
})
type Condition = z.infer<typeof condition>
const object = z.record(z.string(), z.unknown())

/**
 * Compiles an event pattern: fields are and-ed, a field's list is or-ed, a field that the event lacks never
 * matches. Throws at an operator that is not known here. The rules are those of
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(pattern: Readonly<Record<string, unknown>>): Pattern {
  const fields = Object.entries(pattern).map(
    ([name, expected]) => [name, compileField(name, expected)] as const,
  )
  return (event) => {
    const parsed = object.safeParse(event)
    return parsed.success && fields.every(([name, matches]) => matches(parsed.data[name]))
  }
}

function compileField(name: string, expected: unknown): Pattern {
  if (!Array.isArray(expected)) return compilePattern(object.parse(expected))
  const conditions = expected.map((each) => {
    const parsed = condition.safeParse(each)
    if (parsed.success) return parsed.data
    throw new Error(`the pattern for ${name} has ${JSON.stringify(each)}: ${z.prettifyError(parsed.error)}`)
  })
  return (value) => {
    const values = Array.isArray(value) ? value : [value]
    return values.some((each) => each !== undefined && conditions.some((one) => holds(one, each)))
  }
}

function holds(condition: Condition, value: unknown): boolean {
  if (condition === null || typeof condition !== 'object') return condition === value
  if ('prefix' in condition) return startsWith(value, condition.prefix)
  const excluded = condition['anything-but']
  if (Array.isArray(excluded)) return !excluded.some((each) => each === value)
  return !startsWith(value, excluded.prefix)
}

const startsWith = (value: unknown, start: string) => typeof value === 'string' && value.startsWith(start)
