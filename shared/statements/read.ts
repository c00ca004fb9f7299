import { textBytes } from './bytes.ts'
import { readCamt } from './camt.ts'
import { readCsv } from './csv.ts'
import type { Ending } from './ending.ts'
import { readFetched } from './fetched.ts'
import type { Statement, StatementLine, Unparsable } from './line.ts'
import { mappingOf } from './mappings.ts'
import { Refused } from './refused.ts'

/** A statement that comes as a file; a bank statement in the form in which we keep what was fetched. */
export type StatementFile = Pick<Statement, 'partner' | 'format'>

function readText({ partner, format }: StatementFile, bytes: AsyncIterable<Uint8Array>) {
  const mapping = mappingOf(partner)
  if (!mapping) throw new Refused(`nobody has described how ${partner} writes its statements`)
  switch (format) {
    case 'csv':
      return readCsv(bytes, mapping.csv)
    case 'camt.053':
      return readCamt(bytes, mapping.remark)
    case 'bank-statement':
      return readFetched(bytes)
  }
}

/**
 * Reads a statement as it streams in, plain or under gzip, in bounded memory: its lines in the order of the file, those
 * that cannot be read among them, and as the last item how it ended. A file that is refused may have had good lines
 * before; they do not count. Throws only what `source` throws.
 */
export async function* readStatement(
  file: StatementFile,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<StatementLine | Unparsable | Ending> {
  try {
    yield* readText(file, textBytes(source))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    yield { ending: 'refused', complaint: error.message }
  }
}
