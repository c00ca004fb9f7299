import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { instant } from '../../domain/instant.ts'
import { afterFunding, newControl } from '../../domain/permit.ts'
import { floatPostings } from '../../domain/postings.ts'
import { rupiah } from '../../domain/rupiah.ts'
import type { Funding, Lanes } from '../ports.ts'
import { controlSchema, cursorSchema, floatEntrySchema, rupiahSchema } from '../schemas.ts'
import { chained, entryItem } from './journal.ts'
import { keys, partnerOwner } from './keys.ts'
import { absent, always, type Condition, type Meter, type Table } from './table.ts'
import { transact } from './transaction.ts'

const beginningOfTime = instant(0)
const budgetSchema = z.object({ funded: rupiahSchema })

/*
 * Pay workers of one lane, release and operators all change the control row. Each writes the row that follows the
 * one it has read; the second of two finds the version moved on and reads again.
 */
function follows(version: number): Condition {
  if (version === 1) return absent
  return {
    expression: '#version = :before',
    names: { '#version': 'version' },
    values: { ':before': version - 1 },
  }
}

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

  return {
    read,

    async write(partner, control) {
      const value = { ...keys.control(partner), ...control }
      const outcome = await payouts.put(value, follows(control.version))
      return outcome.written ? 'written' : 'overtaken'
    },

    async cursor(partner) {
      const item = await payouts.get(keys.cursor(partner))
      return item === undefined ? { startedAt: beginningOfTime, places: {} } : cursorSchema.parse(item)
    },

    async moveCursor(partner, cursor) {
      await payouts.put({ ...keys.cursor(partner), ...cursor }, always)
    },

    /*
     * Funding moves three things at once: the float's chain, what the lane may spend, and what the scheme has given
     * out of its budget. Two fundings at once want the same place in at least one of them.
     */
    async fund({ partner, scheme, budget, amount, document, at, by }: Funding) {
      const [chain, control, before] = await Promise.all([
        floatChain(partner),
        read(partner),
        fundedSoFar(scheme),
      ])
      if (chain.some(({ event }) => event.document === document)) return 'duplicate'
      const funded = rupiah((before ?? 0) + amount)
      if (funded > budget) return 'over-budget'
      const event = { type: 'funded', amount, document } as const
      const draft = { owner: partnerOwner(partner), subject: 'float', at, by } as const
      const entry = chained(chain, { ...draft, event, postings: floatPostings(event, partner) })
      const next = afterFunding(control, amount)
      const unchanged: Condition = { expression: 'funded = :before', values: { ':before': before ?? 0 } }
      const outcome = await transact(client, meter, partnerOwner(partner), [
        { table: journal, value: entryItem(entry), condition: absent },
        { table: payouts, value: { ...keys.control(partner), ...next }, condition: follows(next.version) },
        {
          table: payouts,
          value: { ...keys.budget(scheme), funded },
          condition: before === undefined ? absent : unchanged,
        },
      ])
      return outcome === 'written' ? 'funded' : 'overtaken'
    },
  }
}
