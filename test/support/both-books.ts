import type { Programme } from '../../infra/local/programme.ts'
import { type Attempt, replay } from '../../shared/domain/fold.ts'
import { jakartaTimestamp } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import type { Ledger } from '../../shared/ledger/ports.ts'

type Someone = { readonly id: string }

/** What our books and those of the partners say of a person; of incentive-1 where no payout is named. */
export type BothBooks = {
  row(person: Someone, payout?: Payout): Promise<PayoutRow>
  /** What the journal has of a payout: the types of its entries. */
  story(person: Someone, payout?: Payout): Promise<string[]>
  attempts(person: Someone, payout?: Payout): Promise<readonly Attempt[]>
  /** What the partners have booked: `gopay incentive-1 600000`, a refund negative; oldest first. */
  credits(person: Someone): string[]
  /** When the partners paid, by payout: `2020-09-18T10:00:00+07:00`. */
  paidAt(person: Someone): Readonly<Partial<Record<Payout, string>>>
}

export function createBothBooks(ledger: Ledger, partners: Programme['partners']): BothBooks {
  const movements = ({ id }: Someone) =>
    [...partners]
      .flatMap(([partner, { book }]) => book.movements().map((movement) => ({ ...movement, partner })))
      .flatMap((movement) => {
        const parsed = parseReference(movement.partnerReferenceNo)
        return parsed?.participantId === id ? [{ ...movement, payout: parsed.payout }] : []
      })
      .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))

  const chain = ({ id }: Someone, payout: Payout = 'incentive-1') => ledger.journal.read(id, payout)

  return {
    async row({ id }, payout = 'incentive-1') {
      const { rows } = await ledger.participants.read(id)
      const row = rows.find((candidate) => candidate.payout === payout)
      if (!row) throw new Error(`${id} has no ${payout}`)
      return row
    },
    story: async (person, payout) => (await chain(person, payout)).map(({ event }) => event.type),
    attempts: async (person, payout) => replay(await chain(person, payout)).attempts,
    credits: (person) =>
      movements(person).map(
        ({ partner, payout, direction, amount }) =>
          `${partner} ${payout} ${direction === 'debit' ? amount : -amount}`,
      ),
    paidAt: (person) =>
      Object.fromEntries(
        movements(person)
          .filter(({ direction }) => direction === 'debit')
          .map(({ payout, at }) => [payout, jakartaTimestamp(at)]),
      ),
  }
}
