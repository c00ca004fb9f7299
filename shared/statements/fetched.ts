import * as z from 'zod'
import { civilDateSchema, rupiahSchema } from '../ledger/schemas.ts'
import { wholeLines } from '../lines.ts'
import type { Ending } from './ending.ts'
import type { StatementLine, Unparsable } from './line.ts'
import { Refused } from './refused.ts'

/**
 * A bank statement that was fetched, as a file: one JSON object a line, the last of which says how it ended. Only we write
 * such files, and only whole ones.
 */

type Fetched = StatementLine | Unparsable | Ending

const count = z.int().nonnegative()
const line = z.strictObject({
  line: z.int().positive(),
  day: civilDateSchema,
  direction: z.enum(['debit', 'credit', 'fee']),
  amount: rupiahSchema,
  partnerReferenceNo: z.string().exactOptional(),
  referenceNo: z.string().exactOptional(),
  document: z.string().exactOptional(),
})
const unparsable = z.strictObject({ line: z.int().positive(), complaint: z.string() })
const whole = z.strictObject({
  ending: z.literal('whole'),
  lines: count,
  unparsable: count,
  differences: z.array(
    z.strictObject({
      total: z.enum(['lines', 'debits', 'credits', 'closing balance']),
      stated: z.int(),
      read: z.int(),
    }),
  ),
})
const fetched = z.union([line, unparsable, whole])

export const encodeFetched = (one: Fetched): string => `${JSON.stringify(one)}\n`

function decode(text: string): Fetched {
  try {
    return fetched.parse(JSON.parse(text))
  } catch {
    throw new Refused('a line of it is none of a statement that was fetched')
  }
}

const brokenOff = (): Refused => new Refused('it has no end: the file is broken off')

/**
 * Reads a statement that was fetched as it streams in: its lines as they stand there, and as the last item how it ended.
 * Throws `Refused` for a file that is broken off, goes on after its end or holds anything else, before any `Ending`.
 */
export async function* readFetched(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Fetched> {
  let ending: Fetched | undefined
  for await (const text of wholeLines(bytes, brokenOff)) {
    if (ending) throw new Refused('it goes on after its end')
    const one = decode(text)
    if ('ending' in one) ending = one
    else yield one
  }
  if (!ending) throw brokenOff()
  yield ending
}
