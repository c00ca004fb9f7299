import type { Ending } from '../../shared/statements/ending.ts'
import type { StatementLine, Unparsable } from '../../shared/statements/line.ts'
import { readStatement, type StatementFile } from '../../shared/statements/read.ts'

/** All that a statement was read as. */
export type Reading = {
  readonly lines: readonly StatementLine[]
  readonly unparsable: readonly Unparsable[]
  readonly ending: Ending | undefined
}

export async function gather(items: AsyncIterable<StatementLine | Unparsable | Ending>): Promise<Reading> {
  const lines: StatementLine[] = []
  const unparsable: Unparsable[] = []
  let ending: Ending | undefined
  for await (const item of items) {
    if (ending) throw new Error('something came after the ending')
    if ('ending' in item) ending = item
    else if ('complaint' in item) unparsable.push(item)
    else lines.push(item)
  }
  return { lines, unparsable, ending }
}

/** The content in chunks of so many bytes, as a network may cut it. */
export async function* chunks(content: string | Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

export const read = (
  partner: string,
  format: StatementFile['format'],
  content: string | Uint8Array,
  size?: number,
): Promise<Reading> => gather(readStatement({ partner, format }, chunks(content, size)))

export const whole = (lines: number, unparsable = 0): Ending => ({
  ending: 'whole',
  lines,
  unparsable,
  differences: [],
})
