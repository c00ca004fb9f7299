import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { CivilDate } from '../../shared/domain/instant.ts'
import { parseStatementKey, statementKey } from '../../shared/reconciliation/statement-key.ts'
import type { Mistake } from '../command-line.ts'
import { partnerNames } from '../stages.ts'

/** A partner's statement on this machine, and the key under which it belongs into the bucket. */
export type StatementOnDisk = {
  readonly partner: string
  readonly day: CivilDate
  readonly key: string
  readonly path: string
}

function named(partner: string, file: string, path: string): StatementOnDisk | undefined {
  const key = statementKey(partner, file)
  const parsed = parseStatementKey(key)
  return parsed && { partner, day: parsed.day, key, path }
}

/** One file, whatever it is called: what it is of, says whoever hands it in. */
export function statementIn(path: string, partner: string, day: string): StatementOnDisk | Mistake {
  const zipped = path.endsWith('.gz') ? '.gz' : ''
  const ending = extname(zipped ? path.slice(0, -zipped.length) : path)
  const found = named(partner, `${day}${ending}${zipped}`, path)
  return (
    found ?? { mistake: '--file takes a file whose name ends in .csv or .xml, and perhaps .gz after that' }
  )
}

const byDay = (one: StatementOnDisk, other: StatementOnDisk): number => (one.key < other.key ? -1 : 1)

/**
 * Every `<partner>/<day>.csv` in a directory, or the day's other form where there is no CSV; each partner's in the order
 * of their days.
 */
export function statementsIn(directory: string): readonly StatementOnDisk[] {
  return partnerNames.flatMap((partner) => {
    const folder = join(directory, partner)
    const files = existsSync(folder) ? readdirSync(folder) : []
    const found = files.flatMap((file) => named(partner, file, join(folder, file)) ?? []).sort(byDay)
    return found.filter(({ day }, index) => found[index - 1]?.day !== day)
  })
}
