import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../infra/warehouse/duckdb.ts'
import type { AnyEntry } from '../../shared/domain/entry.ts'
import { civilDate } from '../../shared/domain/instant.ts'
import { accounts } from '../../shared/domain/postings.ts'
import { scheme2020, schemes } from '../../shared/domain/scheme.ts'
import { columnsOf, partitions } from '../../shared/finance/columns.ts'
import { balancesOf, cellsOf, mergeCells } from '../../shared/finance/cube.ts'
import { exported } from '../../shared/finance/export.ts'
import { funnelOf } from '../../shared/finance/funnel.ts'
import { type Movement, movementOf, movementSchema } from '../../shared/finance/movement.ts'
import { type QuestionName, questionNames, questions, textOf } from '../../shared/finance/questions.ts'
import { summarise } from '../../shared/finance/summary.ts'
import {
  type Counted,
  countFloat,
  countParticipant,
  createParts,
  daysOf,
} from '../../shared/finance/totals.ts'
import { createMovementFolder } from '../support/movement-folder.ts'
import { accrualOf, fundingOf, journals, origin } from './people.ts'

/** Whatever SQL makes of the movement files is what the totals of the same journal say. */

const closing: (() => void)[] = []
function close(): void {
  for (const each of closing.splice(0).reverse()) each()
}
afterEach(close)

function countAll(entries: readonly AnyEntry[]): readonly Counted[] {
  return [...Map.groupBy(entries, ({ owner }) => owner).values()].flatMap((own) => {
    const origin = own.map(({ event }) => event).find((event) => event.type === 'accrued')
    return origin ? countParticipant(origin, own) : countFloat(own)
  })
}

/** The same movements in whole files, in a second half of them once more, and beside a file in which nothing is. */
async function openTwice(movements: readonly Movement[]): Promise<Warehouse> {
  const folder = createMovementFolder()
  closing.push(folder.remove)
  folder.write('shard-1-9', movements)
  folder.write('shard-5-9', movements.slice(Math.floor(movements.length / 2)))
  folder.write('shard-10-10', [])
  const warehouse = await openWarehouse(folder.path)
  closing.push(warehouse.close)
  return warehouse
}

type Asked = {
  readonly movements: readonly Movement[]
  readonly days: ReturnType<typeof daysOf>
  readonly first: string
  readonly last: string
}
const sortedAsText = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort()
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

/** For each question: what else it is asked with, and what the totals or the movements themselves answer. */
const answers: Readonly<
  Record<QuestionName, { parameters?(asked: Asked): readonly string[]; of(asked: Asked): readonly object[] }>
> = {
  summary: {
    parameters: ({ first }) => [first],
    of({ days, first }) {
      const by = ['partner', 'wave', 'kind', 'platform', 'provider'] as const
      return summarise(days, { by: [...by], from: first }).rows.map(({ group, ...figures }) => {
        const { accrued, paid, returned, cancelled, payable, inTransit } = figures
        const named = Object.entries({ accrued, paid, returned, cancelled, payable, in_transit: inTransit })
        const cells = named.flatMap(([name, { count, rupiah }]) => [
          [`${name}_count`, count],
          [`${name}_rupiah`, rupiah],
        ])
        return { ...group, ...Object.fromEntries(cells) }
      })
    },
  },
  funnel: {
    of: ({ days }) =>
      funnelOf(days, { by: ['wave'] }).rows.map(({ group, reached }) => ({
        wave: group.wave,
        entitled: reached.entitled,
        first_incentive: reached['first-incentive'],
        all_incentives: reached['all-incentives'],
        paid_in_full: reached['paid-in-full'],
      })),
  },
  'trial-balance': {
    of: ({ days }) =>
      [...balancesOf(days.flatMap(({ cells }) => cells))].flatMap(([account, rupiah]) =>
        rupiah === 0 ? [] : [{ account, rupiah }],
      ),
  },
  ageing: {
    parameters: ({ last }) => [`${last}T16:59:59.999Z`],
    of({ movements, last }) {
      const end = Date.parse(`${last}T16:59:59.999Z`)
      const latest = new Map(movements.map((each) => [`${each.participantId}/${each.payout}`, each]))
      const open = [...latest.values()].filter(({ type }) => type === 'claimed')
      const bandOf = ({ at }: Movement) => {
        const days = Math.floor((end - Date.parse(at)) / 86_400_000)
        return days < 2 ? '0-1' : days < 8 ? '2-7' : days < 31 ? '8-30' : 'over-30'
      }
      return [...Map.groupBy(open, (each) => `${each.partner} ${bandOf(each)}`)].map(([group, those]) => {
        const [partner, band] = group.split(' ')
        return { partner, band, payouts: those.length, rupiah: sumOf(those.map(({ amount }) => amount)) }
      })
    },
  },
  float: {
    of({ days }) {
      const balances = balancesOf(days.flatMap(({ cells }) => cells))
      const at = (...books: readonly string[]) =>
        sumOf(
          [...balances].flatMap(([name, sum]) => (books.some((book) => name.startsWith(book)) ? sum : [])),
        )
      const partners = new Set(
        [...balances.keys()].flatMap((name) =>
          /^(float|in-transit)\//.test(name) ? name.split('/')[1] : [],
        ),
      )
      return [...partners].map((partner) => {
        const inTransit = at(`in-transit/${partner}/`)
        const spent = at(`spent/${partner}`)
        const overpaid = at(`overpaid/${partner}`, `written-off/${partner}`)
        const float = at(`float/${partner}`)
        return {
          ...{ partner, funded: float + spent + overpaid, swept: 0, fees: 0, spent, overpaid },
          ...{ in_transit: inTransit, available: float - inTransit },
        }
      })
    },
  },
  participant: {
    parameters: () => ['P-0'],
    of({ movements }) {
      const rows = new Map(
        movements
          .filter(({ participantId }) => participantId === 'P-0')
          .flatMap((movement) => {
            const row = exported.payouts.rowOf(movement)
            return row ? [[row.key, row.cells] as const] : []
          }),
      )
      return [...rows.values()].map(
        ([, , payout, kind, rupiah, standing, since, , attempt, reference, own]) => ({
          ...{ payout, kind, rupiah, standing, since, attempt, reference, reference_at_partner: own },
        }),
      )
    },
  },
}

const day = civilDate('2020-09-18')

/** What rarely happens to a payout, at two partners, in the movements that it would leave. */
function rare(): readonly Movement[] {
  const payout = 'incentive-1'
  const accrual = movementOf(accrualOf('P-0'), origin())
  const funding = ['bni', 'ovo'].map((partner) => movementOf(fundingOf(partner, 1), undefined))
  const [budget, payable] = [accounts.budget(scheme2020, payout), accounts.payable(scheme2020, payout)]
  const paid = accounts.paid('bni', scheme2020, payout)
  const moves: readonly (readonly [type: string, from: string, to: string])[] = [
    ['cancelled', payable, budget],
    ['surfaced', budget, paid],
    ['surfaced', accounts.float('bni'), accounts.spent('bni')],
    ['overpaid', accounts.float('ovo'), accounts.overpaid('ovo')],
    ['written-off', accounts.overpaid('ovo'), accounts.writtenOff('ovo')],
  ]
  if (!accrual) throw new Error('an accrual moves money')
  const rest = moves.map(([type, from, to], seq): Movement => {
    const partner = ['bni', 'ovo'].find((name) => `${from} ${to}`.includes(`/${name}`)) ?? null
    const own = { id: `P-0/${payout}/${seq}`, type, payout, kind: 'incentive', partner } as const
    return { ...accrual, ...own, amount: 600_000, postings: [{ from, to, amount: 600_000 }] }
  })
  return [accrual, ...funding.flatMap((movement) => movement ?? []), ...rest]
}

/** Without what an answer has in addition to ours. */
function comparable(name: QuestionName, rows: readonly Readonly<Record<string, unknown>>[]) {
  if (name === 'summary')
    return rows.filter((row) => Object.entries(row).some(([key, cell]) => /_/.test(key) && cell !== 0))
  if (name === 'participant') return rows.map(({ partner: _, ...row }) => row)
  return rows
}

describe('a question of SQL', () => {
  test('is answered as by the totals of the same journal, whatever has befallen it', async () => {
    const property = fc.asyncProperty(journals, fc.nat(), fc.nat(), async (entries, one, other) => {
      const counted = countAll(entries)
      const movements = counted.flatMap(({ movement }) => movement ?? [])
      const dates = [...new Set(movements.map(({ day }) => day))].sort()
      const [first = '', last = ''] = [one, other].map((index) => dates[index % dates.length] ?? '').sort()
      const parts = createParts()
      parts.add(counted.filter((each) => each.day <= last))
      const upToLast = movements.filter(({ day }) => day <= last)
      const asked = { movements: upToLast, days: daysOf(parts.parts()), first, last }
      const warehouse = await openTwice(movements)
      for (const name of questionNames) {
        const { parameters = () => [], of } = answers[name]
        const rows = await warehouse.ask(name, [last, ...parameters(asked)])
        const found = { name, rows: sortedAsText(comparable(name, rows)) }
        expect(found).toEqual({ name, rows: sortedAsText(of(asked)) })
      }
      close()
    })
    await fc.assert(property, { numRuns: 25 })
  })

  test.each<QuestionName>(['summary', 'trial-balance', 'float'])(
    '%s follows money that is cancelled, surfaces, is paid twice and written off',
    async (name) => {
      const movements = rare()
      const { parameters = () => [], of } = answers[name]
      const cells = mergeCells(movements.flatMap(cellsOf))
      const asked = { movements, days: [{ day, cells, milestones: [] }], first: day, last: day }
      const rows = await (await openTwice(movements)).ask(name, [day, ...parameters(asked)])
      expect(sortedAsText(comparable(name, rows))).toEqual(sortedAsText(of(asked)))
    },
  )

  test.each(questionNames)('%s has no rows where nothing has happened', async (name) => {
    const others = { 'last day': [], 'first day': ['2020-09-01'], instant: ['2020-09-18T16:59:59.999Z'] }
    const [, second] = questions[name].parameters
    const parameters = [
      '2020-09-18',
      ...(second ? (second === 'participant' ? ['P-0'] : others[second]) : []),
    ]
    for (const warehouse of [await openTwice([]), await openWarehouse('/nowhere')])
      expect(await warehouse.ask(name, parameters)).toEqual([])
  })

  test.each(questionNames)('%s says in order what it is asked with', (name) => {
    const text = textOf(name).replaceAll(/--.*/g, '')
    expect(text.split('?')).toHaveLength(questions[name].parameters.length + 1)
    expect(
      textOf(name)
        .split('\n')
        .filter((line) => line.length > 120),
    ).toEqual([])
  })

  test('counts of an accrual as many payouts as the scheme gives', () => {
    const values = schemes.flatMap(({ name, instalments }) =>
      Object.entries(instalments).map(([kind, payouts]) => `('${name}', '${kind}', ${payouts})`),
    )
    expect(textOf('summary')).toContain(`values ${values.join(', ')}\n`)
  })
})

test('the table has a column for every field of a movement that its folders do not say', () => {
  const columns = columnsOf({
    text: 'text',
    whole: 'whole',
    list: (item) => `[${item}]`,
    record: (fields) => `{${fields.map(({ name, type }) => `${name} ${type}`)}}`,
  })
  const names = [...columns.map(({ name }) => name), ...partitions]
  expect(names.sort()).toEqual(Object.keys(movementSchema.shape).sort())
  expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toMatchObject({
    at: 'text',
    wave: 'whole',
    payout: 'text',
    postings: '[{from text,to text,amount whole}]',
  })
})
