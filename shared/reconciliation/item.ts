import * as z from 'zod'
import { type CivilDate, civilDate } from '../domain/instant.ts'
import type { Movement } from '../finance/movement.ts'
import { civilDateSchema, rupiahSchema } from '../ledger/schemas.ts'
import type { StatementLine } from '../statements/line.ts'

/**
 * One movement of a partner's float as one side has it: `ours` from the journal, `theirs` from a statement. Both sides
 * have the same shape, so that what matches is plain to see; one JSON object a line wherever items are kept.
 */
export const itemSchema = z.object({
  side: z.enum(['ours', 'theirs']),
  /** The movement's id; or the statement's day and the line in it. */
  id: z.string(),
  /** In Jakarta: when we wrote it down, or when the partner booked it. */
  day: civilDateSchema,
  direction: z.enum(['debit', 'credit', 'fee']),
  amount: rupiahSchema,
  partnerReferenceNo: z.string().exactOptional(),
  referenceNo: z.string().exactOptional(),
  document: z.string().exactOptional(),
  /** The line's movement is in the journal, on a day whose movements have not been read yet. */
  awaits: civilDateSchema.exactOptional(),
})
export type Item = z.infer<typeof itemSchema>
export type Direction = Item['direction']

/** Says which way an entry moved the partner's float: the two books agree on nothing else. */
function directionOf({ type, postings }: Movement, partner: string): Direction | undefined {
  const float = `float/${partner}`
  if (postings.some(({ to }) => to === float)) return 'credit'
  if (!postings.some(({ from }) => from === float)) return undefined
  return type === 'fee' ? 'fee' : 'debit'
}

type References = {
  readonly partnerReferenceNo?: string | null | undefined
  readonly referenceNo?: string | null | undefined
  readonly document?: string | null | undefined
}

const referencesOf = ({ partnerReferenceNo, referenceNo, document }: References) => ({
  ...(partnerReferenceNo && { partnerReferenceNo }),
  ...(referenceNo && { referenceNo }),
  ...(document && { document }),
})

/** What the partner must have on a statement, too; `undefined` where its float was not touched. */
export function itemOfMovement(movement: Movement, partner: string): Item | undefined {
  const direction = directionOf(movement, partner)
  if (!direction) return undefined
  const { id, day, amount } = movement
  return itemSchema.parse({ side: 'ours', id, day, direction, amount, ...referencesOf(movement) })
}

/** The day of the statement that has the line of that id. */
export const statementDayOf = (line: string): CivilDate => civilDate(line.slice(0, 'YYYY-MM-DD'.length))

/** A line of the statement of `statementDay`. */
export function itemOfLine(line: StatementLine, statementDay: string): Item {
  const { day, direction, amount } = line
  return {
    side: 'theirs',
    id: `${statementDay}/${line.line}`,
    day,
    direction,
    amount,
    ...referencesOf(line),
  }
}

/** One line of a file of items. */
export const encodeItem = (item: Item): string => `${JSON.stringify(item)}\n`
/** Throws on a line that we have not written. */
export const decodeItem = (line: string): Item => itemSchema.parse(JSON.parse(line))

/** By day, then by id: the order in which equals are taken. */
export const inOrder = (one: Item, other: Item): number =>
  one.day < other.day ? -1 : one.day > other.day ? 1 : one.id < other.id ? -1 : one.id > other.id ? 1 : 0
