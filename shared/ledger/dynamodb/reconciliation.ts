import type { CivilDate } from '../../domain/instant.ts'
import { parseReference } from '../../domain/reference.ts'
import { breakRecordSchema } from '../../reconciliation/follow.ts'
import {
  arrivalSchema,
  eligibleSchema,
  type Reconciliations,
  type Remarks,
  remarkSchema,
  runSchema,
} from '../../reconciliation/register.ts'
import { absent, always, type Condition, type Key, type Table } from './table.ts'

/** Pages of a partner's breaks: some 2,400 are in each, and those that are resolved stay. */
const breakPagesMax = 100
/** Breaks written at once. */
const sideBySide = 8

const keys = {
  /** The last run of a day. */
  day: (partner: string, day: CivilDate): Key => ({ pk: `reconciliation#${partner}`, sk: `DAY#${day}` }),
  run: (partner: string, day: CivilDate, run: number): Key => ({
    pk: `reconciliation#${partner}`,
    sk: `RUN#${day}#${String(run).padStart(4, '0')}`,
  }),
  arrival: (partner: string, day: CivilDate): Key => ({
    pk: `reconciliation#${partner}`,
    sk: `ARRIVAL#${day}`,
  }),
  eligible: (partner: string): Key => ({ pk: `reconciliation#${partner}`, sk: 'ELIGIBLE' }),
  break: (partner: string, id: string): Key => ({ pk: `breaks#${partner}`, sk: id }),
  /** A second copy, of a break that names an attempt, beside the others of its participant. */
  named: (participantId: string, partner: string, id: string): Key => ({
    pk: `breaks-of#${participantId}`,
    sk: `${partner}#${id}`,
  }),
  remark: (partner: string, id: string, at: string, by: string): Key => ({
    pk: `remarks#${partner}`,
    sk: `${id}#${at}#${by}`,
  }),
}

const between = (from: string, to: string): Condition => ({
  expression: 'sk BETWEEN :from AND :to',
  values: { ':from': from, ':to': to },
})

/** What reconciliation has found, on the table of finance. */
export function createReconciliations(table: Table): Reconciliations {
  return {
    async runs(partner, from, to) {
      const { pk } = keys.day(partner, from)
      const items = await table.query(pk, between(`DAY#${from}`, `DAY#${to}`))
      return items.map((item) => runSchema.parse(item))
    },

    async runsOf(partner, day) {
      const { pk } = keys.day(partner, day)
      const items = await table.query(pk, between(`RUN#${day}#0000`, `RUN#${day}#9999`))
      return items.map((item) => runSchema.parse(item))
    },

    // The run before its day: should the writer die in between, the day is reconciled again under the next number.
    async record(run) {
      const outcome = await table.put({ ...keys.run(run.partner, run.day, run.run), ...run }, absent)
      if (!outcome.written) return 'taken'
      await table.put({ ...keys.day(run.partner, run.day), ...run }, always)
      return 'recorded'
    },

    async arrivals(partner, from, to) {
      const { pk } = keys.arrival(partner, from)
      const items = await table.query(pk, between(`ARRIVAL#${from}`, `ARRIVAL#${to}`))
      return items.map((item) => arrivalSchema.parse(item))
    },

    async writeArrival(arrival) {
      await table.put({ ...keys.arrival(arrival.partner, arrival.day), ...arrival }, always)
    },

    async eligible(partner) {
      const item = await table.get(keys.eligible(partner))
      return item === undefined ? undefined : eligibleSchema.parse(item)
    },

    async writeEligible(eligible) {
      await table.put({ ...keys.eligible(eligible.partner), ...eligible }, always)
    },

    async breaks(partner) {
      const items = await table.query(keys.break(partner, '').pk, undefined, breakPagesMax)
      return items.map((item) => breakRecordSchema.parse(item))
    },

    async break(partner, id) {
      const item = await table.get(keys.break(partner, id))
      return item === undefined ? undefined : breakRecordSchema.parse(item)
    },

    async breaksOf(participantId) {
      const items = await table.query(keys.named(participantId, '', '').pk)
      return items.map((item) => breakRecordSchema.parse(item))
    },

    // The copy before its break: should the writer die in between, the break changes again, and its copy with it.
    async writeBreaks(records) {
      for (let start = 0; start < records.length; start += sideBySide) {
        const some = records.slice(start, start + sideBySide)
        await Promise.all(
          some.map(async (record) => {
            const { partner, id, partnerReferenceNo = '' } = record
            const named = parseReference(partnerReferenceNo)
            if (named) await table.put({ ...keys.named(named.participantId, partner, id), ...record }, always)
            await table.put({ ...keys.break(partner, id), ...record }, always)
          }),
        )
      }
    },
  }
}

/** What people have said of breaks, on the table of operations. */
export function createRemarks(table: Table): Remarks {
  return {
    async remarks(partner) {
      const items = await table.query(keys.remark(partner, '', '', '').pk)
      return items.map((item) => remarkSchema.parse(item))
    },

    async remark(remark) {
      const { partner, id, at, by } = remark
      const outcome = await table.put({ ...keys.remark(partner, id, at, by), ...remark }, absent)
      return outcome.written ? 'recorded' : 'duplicate'
    },
  }
}
