import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CivilDate, type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import type { Partner } from '../../shared/partners/partner.ts'
import { statementKey } from '../../shared/reconciliation/statement-key.ts'
import { fetchBankStatement } from '../../shared/statements/bank-statement.ts'
import { encodeFetched } from '../../shared/statements/fetched.ts'
import { mappingOf } from '../../shared/statements/mappings.ts'

export type FetchDependencies = {
  readonly partnerName: string
  readonly partner: Partner
  /** The time of each request. */
  readonly now: () => Instant
  /** What is left of the time that the run may take. */
  readonly secondsLeft: () => number
  /** Puts a file under a key of the bucket of statements. */
  readonly put: (key: string, path: string) => Promise<void>
}

/** Lines of the statement as text; throws, with what is wrong, at one that the bank does not give whole. */
async function* textOf({ partnerName, partner, now, secondsLeft }: FetchDependencies, day: CivilDate) {
  const remark = mappingOf(partnerName)?.remark
  for await (const one of fetchBankStatement({ partner, day, now, secondsLeft, remark })) {
    if ('ending' in one && one.ending === 'refused')
      throw new Error(`the statement of ${partnerName} of ${day} is not here: ${one.complaint}`)
    yield encodeFetched(one)
  }
}

/**
 * Asks the bank for what it booked on the day before `at`, and puts it where statements are reconciled; says which day
 * that is. All of it or nothing: what is not whole is put nowhere, and throws.
 */
export async function fetchYesterday(deps: FetchDependencies, at: Instant): Promise<CivilDate> {
  const day = plusDays(jakartaDate(at), -1)
  const directory = mkdtempSync(join(tmpdir(), 'statement-'))
  const path = join(directory, `${day}.ndjson`)
  try {
    await pipeline(Readable.from(textOf(deps, day)), createWriteStream(path))
    await deps.put(statementKey(deps.partnerName, `${day}.ndjson`), path)
    return day
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
