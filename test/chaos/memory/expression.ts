/** An attribute, or one within maps: names, or aliases as `#at`. */
export type Path = readonly string[]

/** Values are named by their placeholders: `:at`. */
export type Condition =
  | { readonly is: 'present'; readonly path: Path }
  | { readonly is: 'absent'; readonly path: Path }
  | { readonly is: 'begins'; readonly path: Path; readonly value: string }
  | { readonly is: '=' | '<' | '<='; readonly path: Path; readonly value: string }
  | { readonly is: 'between'; readonly path: Path; readonly low: string; readonly high: string }
  | { readonly is: 'and' | 'or'; readonly parts: readonly Condition[] }

type Assignment = { readonly path: Path; readonly value: string }

/** An expression's meaning, and the placeholders in it. */
export type Expression<Meaning> = {
  readonly meaning: Meaning
  readonly names: ReadonlySet<string>
  readonly values: ReadonlySet<string>
}

const token = /\s*([#:]?\w+|<=|[=<(),.])/gy
const unknown = (text: string) => new Error(`the memory database does not know the expression ${text}`)

function tokensOf(text: string): readonly string[] {
  const tokens = [...text.matchAll(token)]
  if (tokens.map(([whole]) => whole).join('') !== text) throw unknown(text)
  return tokens.map(([, word = '']) => word)
}

/** Reads an expression from left to right; throws where it is not what is asked for. */
function createReader(text: string) {
  const tokens = tokensOf(text)
  const names = new Set<string>()
  const values = new Set<string>()
  let position = 0

  /** Goes past the next token if it is this one. */
  const pass = (expected: string) => tokens[position] === expected && ++position > 0
  function next(form: RegExp): string {
    const found = tokens[position++]
    if (found === undefined || !form.test(found)) throw unknown(text)
    return found
  }

  return {
    names,
    values,
    pass,
    unknown: () => unknown(text),
    expect(expected: string): void {
      if (!pass(expected)) throw unknown(text)
    },
    path(): Path {
      const parts: string[] = []
      do {
        const part = next(/^[#a-z]/i)
        if (part.startsWith('#')) names.add(part)
        parts.push(part)
      } while (pass('.'))
      return parts
    },
    value(): string {
      const placeholder = next(/^:/)
      values.add(placeholder)
      return placeholder
    },
    end(): void {
      if (position < tokens.length) throw unknown(text)
    },
  }
}
type Reader = ReturnType<typeof createReader>

function readConditions(reader: Reader): Condition {
  const parts = [readAll(reader)]
  while (reader.pass('OR')) parts.push(readAll(reader))
  const [only, ...others] = parts
  return only !== undefined && others.length === 0 ? only : { is: 'or', parts }
}

function readAll(reader: Reader): Condition {
  const parts = [readOne(reader)]
  while (reader.pass('AND')) parts.push(readOne(reader))
  const [only, ...others] = parts
  return only !== undefined && others.length === 0 ? only : { is: 'and', parts }
}

function readOne(reader: Reader): Condition {
  if (reader.pass('(')) {
    const inner = readConditions(reader)
    reader.expect(')')
    return inner
  }
  if (reader.pass('attribute_exists')) return readFunction(reader, (path) => ({ is: 'present', path }))
  if (reader.pass('attribute_not_exists')) return readFunction(reader, (path) => ({ is: 'absent', path }))
  if (reader.pass('begins_with')) {
    return readFunction(reader, (path) => {
      reader.expect(',')
      return { is: 'begins', path, value: reader.value() }
    })
  }
  return readComparison(reader)
}

function readFunction(reader: Reader, read: (path: Path) => Condition): Condition {
  reader.expect('(')
  const condition = read(reader.path())
  reader.expect(')')
  return condition
}

function readComparison(reader: Reader): Condition {
  const path = reader.path()
  if (reader.pass('BETWEEN')) {
    const low = reader.value()
    reader.expect('AND')
    return { is: 'between', path, low, high: reader.value() }
  }
  for (const is of ['=', '<=', '<'] as const) {
    if (reader.pass(is)) return { is, path, value: reader.value() }
  }
  throw reader.unknown()
}

function readAssignment(reader: Reader): Assignment {
  reader.expect('SET')
  const path = reader.path()
  reader.expect('=')
  return { path, value: reader.value() }
}

/** The same few texts come again and again. */
function remembered<Meaning>(read: (reader: Reader) => Meaning): (text: string) => Expression<Meaning> {
  const known = new Map<string, Expression<Meaning>>()
  return (text) => {
    const before = known.get(text)
    if (before) return before
    const reader = createReader(text)
    const meaning = read(reader)
    reader.end()
    const expression = { meaning, names: reader.names, values: reader.values }
    known.set(text, expression)
    return expression
  }
}

/** Of a condition, a key condition or a filter. */
export const conditionIn = remembered(readConditions)
/** Of an update that sets one attribute. */
export const assignmentIn = remembered(readAssignment)
