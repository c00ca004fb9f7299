import { type CivilDate, civilDate } from '../domain/instant.ts'
import { partnerConfigurations } from '../partners/registry.ts'
import type { StatementFile } from '../statements/read.ts'

/** Where partners put their statements in the bucket: `statements/<partner>/<day>.<csv|xml|ndjson>[.gz]`. */
export const statementPrefix = 'statements/'

const form = /^statements\/(?<partner>[a-z]+)\/(?<day>\d{4}-\d\d-\d\d)\.(?<ending>csv|xml|ndjson)(?:\.gz)?$/
const formats = new Map<string, StatementFile['format']>([
  ['csv', 'csv'],
  ['xml', 'camt.053'],
  ['ndjson', 'bank-statement'],
])

function dayOf(text: string): CivilDate | undefined {
  try {
    return civilDate(text)
  } catch {
    return undefined
  }
}

/** What a key says of its file; `undefined` where it is no statement's. */
export function parseStatementKey(key: string): (StatementFile & { readonly day: CivilDate }) | undefined {
  const { partner, day, ending } = form.exec(key)?.groups ?? {}
  const known = partner !== undefined && Object.hasOwn(partnerConfigurations, partner)
  const date = dayOf(day ?? '')
  const format = formats.get(ending ?? '')
  return known && date && format ? { partner, day: date, format } : undefined
}

/** Where the file of that name belongs: `bni` and `2020-12-21.csv.gz` make `statements/bni/2020-12-21.csv.gz`. */
export const statementKey = (partner: string, file: string): string => `${statementPrefix}${partner}/${file}`

/** What the keys of a run's results begin with. */
export const resultsPrefix = (partner: string, day: CivilDate, run: number): string =>
  `reconciliation/${partner}/${day}/${String(run).padStart(4, '0')}/`
