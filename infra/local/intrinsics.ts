import * as z from 'zod'

/** What the template's references stand for on this machine. Each throws for a logical id it cannot answer. */
export type References = {
  /** What `Ref` gives: a resource's name, ARN or URL, or a pseudo parameter's value. */
  ref(name: string): string
  /** What `Fn::GetAtt` gives. */
  attribute(logicalId: string, attribute: string): string
}

const record = z.record(z.string(), z.unknown())
const attributePath = z.union([
  z.tuple([z.string(), z.string()]),
  z.templateLiteral([z.string(), '.', z.string()]).transform((path): [string, string] => {
    const dot = path.indexOf('.')
    return [path.slice(0, dot), path.slice(dot + 1)]
  }),
])
const join = z.tuple([z.string(), z.array(z.unknown())])
const substitution = z.union([
  z.string().transform((text): [string, Record<string, unknown>] => [text, {}]),
  z.tuple([z.string(), record]),
])

/**
 * The value that CloudFormation would see: every `Ref`, `Fn::GetAtt`, `Fn::Join` and `Fn::Sub` replaced, and
 * everything set to `AWS::NoValue` left out. Throws at any other intrinsic.
 */
export function resolve(value: unknown, references: References): unknown {
  if (typeof value === 'string') return literal(value)
  if (Array.isArray(value)) return value.map((item) => resolve(item, references)).filter(isPresent)
  const parsed = record.safeParse(value)
  if (!parsed.success) return value
  const [[name, argument] = ['', undefined], ...others] = Object.entries(parsed.data)
  if (others.length === 0 && isIntrinsic(name)) return apply(name, argument, references)
  const properties = Object.entries(parsed.data).map(
    ([key, item]) => [key, resolve(item, references)] as const,
  )
  return Object.fromEntries(properties.filter(([, item]) => isPresent(item)))
}

const isPresent = (value: unknown) => value !== undefined
const isIntrinsic = (name: string) => name === 'Ref' || name.startsWith('Fn::')

function literal(text: string): string {
  if (text.includes('{{resolve:')) throw new Error(`dynamic references are not known here: ${text}`)
  return text
}

function apply(name: string, argument: unknown, references: References): unknown {
  if (name === 'Ref') {
    return argument === 'AWS::NoValue' ? undefined : references.ref(z.string().parse(argument))
  }
  if (name === 'Fn::GetAtt') return references.attribute(...attributePath.parse(argument))
  if (name === 'Fn::Join') {
    const [delimiter, parts] = join.parse(argument)
    return parts.map((part) => text(resolve(part, references))).join(delimiter)
  }
  if (name === 'Fn::Sub') return substitute(argument, references)
  throw new Error(`the intrinsic ${name} is not known here`)
}

/** `${Name}` and `${Name.Attribute}` are references, `${!Name}` is the text `${Name}`. */
function substitute(argument: unknown, references: References): string {
  const [template, variables] = substitution.parse(argument)
  return literal(template).replace(/\$\{(!?)([^}]+)\}/g, (_whole, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`
    if (Object.hasOwn(variables, name)) return text(resolve(variables[name], references))
    const dot = name.indexOf('.')
    return dot < 0 ? references.ref(name) : references.attribute(name.slice(0, dot), name.slice(dot + 1))
  })
}

const text = (value: unknown): string => String(z.union([z.string(), z.number(), z.boolean()]).parse(value))
