import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
import type { Condition, Expression, Path } from './expression.ts'
import { invalid } from './refusal.ts'

/** What the placeholders of a request's expressions stand for. */
export type Placeholders = {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined
  readonly ExpressionAttributeValues?: Item | undefined
}

/** Refuses placeholders that stand for nothing, and those that no expression uses, as DynamoDB does. */
export function checkPlaceholders(
  { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Placeholders,
  ...expressions: readonly Expression<unknown>[]
): void {
  checkUse('name', ExpressionAttributeNames, ...expressions.map(({ names }) => names))
  checkUse('value', ExpressionAttributeValues, ...expressions.map(({ values }) => values))
}

function checkUse(what: string, given: Readonly<Record<string, unknown>>, ...uses: ReadonlySet<string>[]) {
  for (const used of uses)
    for (const placeholder of used)
      if (!Object.hasOwn(given, placeholder)) throw invalid(`${what} ${placeholder} is not defined`)
  for (const placeholder of Object.keys(given))
    if (!uses.some((used) => used.has(placeholder))) throw invalid(`${what} ${placeholder} is not used`)
}

/** The attributes' own names on the way to a value. */
export const namesOf = (path: Path, { ExpressionAttributeNames = {} }: Placeholders): readonly string[] =>
  path.map((part) => ExpressionAttributeNames[part] ?? part)

type Attribute = (item: Item) => AttributeValue | undefined
function attributeAt(path: Path, placeholders: Placeholders): Attribute {
  const [first = '', ...inner] = namesOf(path, placeholders)
  if (path.length === 1) return (item) => item[first]
  return (item) => inner.reduce<AttributeValue | undefined>((value, name) => value?.M?.[name], item[first])
}

/** What a placeholder of a checked expression stands for. */
export function valueGiven(placeholder: string, { ExpressionAttributeValues }: Placeholders): AttributeValue {
  const value = ExpressionAttributeValues?.[placeholder]
  if (value === undefined) throw invalid(`value ${placeholder} is not defined`)
  return value
}

/**
 * Below zero, zero, above zero; nothing where the kinds differ or the item has no such attribute. DynamoDB sorts text
 * by its UTF-8 bytes, which is this order for all that a key or a date of ours may contain.
 */
function compare(one: AttributeValue | undefined, other: AttributeValue): number | undefined {
  if (other.S !== undefined) {
    if (one?.S === undefined) return undefined
    return one.S < other.S ? -1 : one.S > other.S ? 1 : 0
  }
  if (other.N !== undefined) return one?.N === undefined ? undefined : Number(one.N) - Number(other.N)
  throw new Error('the memory database compares texts and numbers only')
}

const textOf = ({ S }: AttributeValue): string => {
  if (S !== undefined) return S
  throw invalid('begins_with is for texts')
}

/** Whether a condition holds for an item; one that does not exist has no attributes. */
type Test = (item: Item) => boolean

/** A condition with what its placeholders stand for, which must have been checked. */
export function testOf(condition: Condition, placeholders: Placeholders): Test {
  if ('parts' in condition) {
    const tests = condition.parts.map((part) => testOf(part, placeholders))
    if (condition.is === 'and') return (item) => tests.every((holds) => holds(item))
    return (item) => tests.some((holds) => holds(item))
  }
  const attribute = attributeAt(condition.path, placeholders)
  switch (condition.is) {
    case 'present':
      return (item) => attribute(item) !== undefined
    case 'absent':
      return (item) => attribute(item) === undefined
    case 'between': {
      const [low, high] = [valueGiven(condition.low, placeholders), valueGiven(condition.high, placeholders)]
      return between(attribute, low, high)
    }
    case 'begins': {
      const text = textOf(valueGiven(condition.value, placeholders))
      return (item) => attribute(item)?.S?.startsWith(text) ?? false
    }
    default:
      return related(attribute, condition.is, valueGiven(condition.value, placeholders))
  }
}

function between(attribute: Attribute, low: AttributeValue, high: AttributeValue): Test {
  if ((compare(low, high) ?? 1) > 0) throw invalid('BETWEEN wants its lower bound first')
  return (item) => {
    const value = attribute(item)
    return (compare(value, low) ?? -1) >= 0 && (compare(value, high) ?? 1) <= 0
  }
}

function related(attribute: Attribute, is: '=' | '<' | '<=', value: AttributeValue): Test {
  return (item) => {
    const order = compare(attribute(item), value)
    if (order === undefined) return false
    return is === '=' ? order === 0 : is === '<' ? order < 0 : order <= 0
  }
}
