import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { EntryOf, FloatEvent } from '../../domain/entry.ts'
import { instant } from '../../domain/instant.ts'
import { afterFunding, type Control, changeAvailable, newControl } from '../../domain/permit.ts'
import { floatPostings } from '../../domain/postings.ts'
import { noRupiah, type Rupiah, rupiah, subtract } from '../../domain/rupiah.ts'
import type { Funding, Lanes, Movement, Sweeping } from '../ports.ts'
import { controlSchema, cursorSchema, floatEntrySchema, rupiahSchema } from '../schemas.ts'
import { chained, entryItem } from './journal.ts'
import { keys, partnerOwner } from './keys.ts'
import { absent, always, type Condition, follows, type Meter, type Table } from './table.ts'
import { type Put, transact } from './transaction.ts'

const beginningOfTime = instant(0)
const budgetSchema = z.object({ funded: rupiahSchema })

/*
 * Pay workers of one lane, release and operators all change the control row. Each writes the row that follows the
 * one it has read; the second of two finds the version moved on and reads again.
 */
const followsRead = (version: number): Condition => (version === 1 ? absent : follows(version))

type Float = {
  readonly chain: readonly EntryOf<FloatEvent>[]
  readonly control: Control
  /** Rupiah the scheme has given out of its budget, less what came back. */
  readonly funded?: Rupiah
}

/** What the partner's chain says of a movement's document; `undefined` where it has not been booked here. */
function bookedBefore(
  { chain }: Float,
  type: FloatEvent['type'],
  { document, amount }: Movement,
): 'duplicate' | 'document-taken' | undefined {
  const booked = chain.find(({ event }) => event.document === document)?.event
  if (!booked) return undefined
  return booked.type === type && booked.amount === amount ? 'duplicate' : 'document-taken'
}

/** Why money is not given for it; `undefined` where it is. */
function againstFunding(
  before: Float,
  funding: Movement & Pick<Funding, 'budget'>,
): 'duplicate' | 'document-taken' | 'over-budget' | undefined {
  const { funded: given = noRupiah } = before
  const isTooMuch = funding.amount > funding.budget - given
  return bookedBefore(before, 'funded', funding) ?? (isTooMuch ? 'over-budget' : undefined)
}

/** The same of money that is taken. */
function againstTaking(
  before: Float,
  type: 'swept' | 'fee',
  taking: Movement,
): 'duplicate' | 'document-taken' | 'not-available' | undefined {
  const { control, funded = noRupiah } = before
  const isTooMuch = taking.amount > control.available || givenBack(type, taking) > funded
  return bookedBefore(before, type, taking) ?? (isTooMuch ? 'not-available' : undefined)
}

/** What of it the scheme may give again: a fee is spent. */
const givenBack = (type: 'swept' | 'fee', { amount }: Movement): Rupiah =>
  type === 'swept' ? amount : noRupiah

/** Control rows, cursors and float, on the tables Payouts and Journal. */
export function createLanes(client: DynamoDBClient, payouts: Table, journal: Table, meter: Meter): Lanes {
  const read: Lanes['read'] = async (partner) => {
    const item = await payouts.get(keys.control(partner))
    return item === undefined ? newControl(beginningOfTime) : controlSchema.parse(item)
  }

  async function floatChain(partner: string) {
    const range = { expression: 'begins_with(sk, :chain)', values: { ':chain': 'float#' } }
    const items = await journal.query(partnerOwner(partner), range)
    return items.map((item) => floatEntrySchema.parse(item))
  }

  async function fundedSoFar(scheme: string) {
    const item = await payouts.get(keys.budget(scheme))
    return item === undefined ? undefined : budgetSchema.parse(item).funded
  }

  /** What a movement of the float is decided on. */
  async function readFloat({ partner, scheme }: Movement): Promise<Float> {
    const [chain, control, funded] = await Promise.all([
      floatChain(partner),
      read(partner),
      fundedSoFar(scheme),
    ])
    return { chain, control, ...(funded !== undefined && { funded }) }
  }

  /*
   * Three things move at once: the float's chain, what the lane may spend, and what the scheme has given out of its
   * budget. Two movements at once want the same place in at least one of them. The document is marked last: where only
   * its mark is in the way, another partner's chain has it.
   *
   *   bni  SK-7  read ── put chain, control, budget, mark SK-7 (absent) ✓
   *   ovo  SK-7  read ───── put chain, control, budget, mark SK-7 (absent) ✗ taken
   */
  async function writeFloat(
    { partner, scheme, amount, document, at, by }: Sweeping,
    before: Float,
    after: { readonly type: FloatEvent['type']; readonly control: Control; readonly funded: Rupiah },
  ): Promise<'written' | 'document-taken' | 'overtaken'> {
    const event = { type: after.type, amount, document }
    const draft = { owner: partnerOwner(partner), subject: 'float', at, by } as const
    const entry = chained(before.chain, { ...draft, event, postings: floatPostings(event, partner) })
    const { control, funded } = after
    const unchanged: Condition = { expression: 'funded = :before', values: { ':before': before.funded ?? 0 } }
    const puts: readonly Put[] = [
      { table: journal, value: entryItem(entry), condition: absent },
      {
        table: payouts,
        value: { ...keys.control(partner), ...control },
        condition: followsRead(control.version),
      },
      {
        table: payouts,
        value: { ...keys.budget(scheme), funded },
        condition: before.funded === undefined ? absent : unchanged,
      },
      { table: payouts, value: { ...keys.document(document), partner, at }, condition: absent },
    ]
    const outcome = await transact(client, meter, partnerOwner(partner), puts)
    if (outcome === 'written') return 'written'
    const isTaken = outcome !== 'conflict' && outcome.refused === puts.length - 1
    return isTaken ? 'document-taken' : 'overtaken'
  }

  /** Takes money from the float that nothing else needs: back to the treasury, whence it may be given again, or for good. */
  async function take(
    type: 'swept' | 'fee',
    taking: Sweeping,
  ): Promise<'taken' | 'duplicate' | 'document-taken' | 'not-available' | 'overtaken'> {
    const before = await readFloat(taking)
    const against = againstTaking(before, type, taking)
    if (against) return against
    const { control, funded = noRupiah } = before
    const after = {
      control: changeAvailable(control, -taking.amount),
      funded: subtract(funded, givenBack(type, taking)),
    }
    const outcome = await writeFloat(taking, before, { type, ...after })
    return outcome === 'written' ? 'taken' : outcome
  }

  return {
    read,

    async funding(partner) {
      const chain = await floatChain(partner)
      const [first, last] = [chain[0], chain.at(-1)]
      return first && { openedAt: first.at, ...(last?.event.type === 'swept' && { sweptAt: last.at }) }
    },

    async write(partner, control) {
      const value = { ...keys.control(partner), ...control }
      const outcome = await payouts.put(value, followsRead(control.version))
      return outcome.written ? 'written' : 'overtaken'
    },

    async cursor(partner) {
      const item = await payouts.get(keys.cursor(partner))
      return item === undefined ? { startedAt: beginningOfTime, places: {} } : cursorSchema.parse(item)
    },

    async moveCursor(partner, cursor) {
      await payouts.put({ ...keys.cursor(partner), ...cursor }, always)
    },

    async fund(funding) {
      const before = await readFloat(funding)
      const against = againstFunding(before, funding)
      if (against) return against
      const funded = rupiah((before.funded ?? noRupiah) + funding.amount)
      const control = afterFunding(before.control, funding.amount)
      const outcome = await writeFloat(funding, before, { type: 'funded', control, funded })
      return outcome === 'written' ? 'funded' : outcome
    },

    async sweep(sweeping) {
      const outcome = await take('swept', sweeping)
      return outcome === 'taken' ? 'swept' : outcome
    },

    async fee(fee) {
      const outcome = await take('fee', fee)
      return outcome === 'taken' ? 'charged' : outcome
    },

    given: async (scheme) => (await fundedSoFar(scheme)) ?? noRupiah,

    async foresee(name, movement) {
      const before = await readFloat(movement)
      const against =
        name === 'fund'
          ? againstFunding(before, movement)
          : againstTaking(before, name === 'sweep' ? 'swept' : 'fee', movement)
      if (against) return against
      // Another partner's chain may have the document.
      const elsewhere = await payouts.get(keys.document(movement.document))
      return elsewhere === undefined ? undefined : 'document-taken'
    },
  }
}
