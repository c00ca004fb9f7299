import type { Book, Movement } from '../../infra/local/partners/book.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
import { type CivilDate, jakartaDate } from '../../shared/domain/instant.ts'
import type { Item } from '../../shared/reconciliation/item.ts'

/** What our journal makes of an attempt; `undefined`: it has none of that reference. */
export type StatusOf = (reference: string) => Attempt['status'] | undefined

const paidStatuses: readonly unknown[] = ['paid', 'overpaid', 'returned'] satisfies Attempt['status'][]

/** Whether our books have the movement: by an answer of the partner's, or by a statement. */
const isKnown = ({ direction, partnerReferenceNo }: Movement, statusOf: StatusOf): boolean => {
  const status = statusOf(partnerReferenceNo)
  return direction === 'debit' ? paidStatuses.includes(status) : status === 'returned'
}

/** What a partner has moved by now and our books do not have. Oldest first. */
export const untold = (book: Book, statusOf: StatusOf): readonly Movement[] =>
  book.movements().filter((movement) => !isKnown(movement, statusOf))

/**
 * The lines that match nothing of ours on the statements of the days before `today`, oldest first. The same movement is
 * always the same line.
 */
export function strangeLines(book: Book, statusOf: StatusOf, today: CivilDate): readonly Item[] {
  return untold(book, statusOf).flatMap((movement): Item[] => {
    const { at, direction, amount, partnerReferenceNo, referenceNo } = movement
    const day = jakartaDate(at)
    const id = `${day}/${direction}-${partnerReferenceNo}`
    return day < today
      ? [{ side: 'theirs', id, day, direction, amount, partnerReferenceNo, referenceNo }]
      : []
  })
}
