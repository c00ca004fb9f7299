import { createHash } from 'node:crypto'
import { plusDays } from '../../../../shared/domain/instant.ts'
import { rupiah } from '../../../../shared/domain/rupiah.ts'
import { type Booked, isOfAttempt } from './booked.ts'

/** What a statement may have wrong, on purpose. */
export const statementErrors = {
  missing: 'A transfer is not there.',
  unknown: 'A line under a reference that nobody has given.',
  amount: 'A transfer with another amount.',
  twice: 'A transfer is there two times.',
  'other-partner': "A line under a reference of another partner's.",
  'within-tolerance': 'A transfer dated earlier, by as many days as are tolerated.',
  'beyond-tolerance': 'A transfer dated earlier, by one day more than is tolerated.',
  reversed: 'A transfer that came back, of which nothing else was ever said.',
  failed: 'A transfer that is said to have failed; only where a line says what became of it.',
  unparsable: 'A transfer whose amount cannot be read.',
  total: 'The number of lines that the file says it has is one too many; only where it says any.',
} as const
export type StatementError = keyof typeof statementErrors

/** Which errors, and how many of each. The same seed plants the same. */
export type Errors = {
  readonly seed: number
  readonly plant: Readonly<Partial<Record<StatementError, number>>>
  /** Days by which the dates of a line and of our own entry may differ. */
  readonly toleranceDays: number
  /** References that another partner was given; for `other-partner`. */
  readonly strangers?: readonly string[]
}

/** An error as it was planted: under which references it is found. */
export type Planted = {
  readonly error: StatementError
  readonly ours?: string | undefined
  readonly referenceNo?: string
}

/** A line as it is written; a spoilt one has no amount that could be read, a failed one is said to have moved nothing. */
export type Written = Booked & { readonly spoilt?: true; readonly failed?: true }

export type Spoilt = {
  readonly lines: readonly Written[]
  readonly planted: readonly Planted[]
  /** Added to the number of lines that the file says it has. */
  readonly miscounted: number
}

const drawn = (seed: number, text: string): string =>
  createHash('sha256').update(`${seed}/${text}`).digest('hex')

/** The lines that take the place of one that an error befalls. */
function befallen(error: StatementError, line: Booked, toleranceDays: number): readonly Written[] {
  switch (error) {
    case 'missing':
      return []
    case 'amount':
      return [{ ...line, amount: rupiah(line.amount + 1_000) }]
    case 'twice':
      return [line, line]
    case 'within-tolerance':
      return [{ ...line, day: plusDays(line.day, -toleranceDays) }]
    case 'beyond-tolerance':
      return [{ ...line, day: plusDays(line.day, -toleranceDays - 1) }]
    case 'reversed':
      return [line, { ...line, direction: 'credit', referenceNo: `${line.referenceNo}R` }]
    case 'failed':
      return [{ ...line, failed: true }]
    case 'unparsable':
      return [{ ...line, spoilt: true }]
    default:
      throw new Error(`${error} befalls no line`)
  }
}

/** Plants errors into the lines of a day; throws where there are too few transfers for them. */
export function plant(lines: readonly Booked[], errors: Errors): Spoilt {
  const { seed, toleranceDays, strangers = [] } = errors
  const asked = Object.entries(errors.plant).flatMap(([name, count]) =>
    isStatementError(name) ? Array.from({ length: count }, (_, index) => ({ error: name, index })) : [],
  )
  const order = lines
    .filter((line) => line.direction === 'debit' && isOfAttempt(line))
    .map((line) => ({ line, key: drawn(seed, line.referenceNo) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ line }) => line)
  const victims = new Map<Booked, StatementError>()
  const added: Written[] = []
  const planted: Planted[] = []
  const next = (): Booked => {
    const line = order.pop()
    if (!line) throw new Error('the statement has too few transfers for all its errors')
    return line
  }
  for (const { error, index } of asked) {
    if (error === 'total') planted.push({ error })
    else if (error === 'unknown' || error === 'other-partner') {
      const digits = drawn(seed, `${error}${index}`).slice(0, 12).toUpperCase()
      const like = lines.at(-1) ?? next()
      const ours = error === 'unknown' ? `X-${digits}-I1-A1` : strangers[index]
      if (ours === undefined) throw new Error('there are too few references of other partners')
      const line: Booked = { ...like, direction: 'debit', amount: rupiah(600_000), ours, referenceNo: digits }
      added.push(line)
      planted.push({ error, ours, referenceNo: digits })
    } else {
      const line = next()
      victims.set(line, error)
      planted.push({ error, ours: line.ours, referenceNo: line.referenceNo })
    }
  }
  const kept = lines.flatMap((line) => {
    const error = victims.get(line)
    return error ? befallen(error, line, toleranceDays) : [line]
  })
  return { lines: [...kept, ...added], planted, miscounted: errors.plant.total ?? 0 }
}

const isStatementError = (name: string): name is StatementError => Object.hasOwn(statementErrors, name)
