import { performance } from 'node:perf_hooks'
import { summary } from '../../functions/finance/summary.ts'
import { civilDate, instant, plusDays } from '../../shared/domain/instant.ts'
import { kinds } from '../../shared/domain/payout.ts'
import { accounts } from '../../shared/domain/postings.ts'
import { multiply } from '../../shared/domain/rupiah.ts'
import { scheme2020 as scheme } from '../../shared/domain/scheme.ts'
import { type Cell, mergeCells } from '../../shared/finance/cube.ts'
import { openTotals } from '../../shared/ledger/dynamodb/totals.ts'
import { startTestEngine } from '../support/engine.ts'

/**
 * How long a summary over four months takes on totals as full as the programme's: every wave that is being paid, every
 * platform with every one of eight training providers at every partner on every day. `npm run bench:summary`
 */
const days = 122
const partners = ['bni', 'gopay', 'linkaja', 'ovo']
const waves = [3, 4, 5]
const platforms = 8
const providers = 8
const perCell = 100

/** In the order in which totals keep them. */
function cellsOf(partner: string): readonly Cell[] {
  const payouts = { incentive: 'incentive-1', survey: 'survey-1' } as const
  const cells = waves.flatMap((wave) =>
    kinds.flatMap((kind) =>
      Array.from({ length: platforms * providers }, (_, index) => index).flatMap((index): Cell[] => {
        const inTransit = accounts.inTransit(partner, scheme, payouts[kind])
        const cell = {
          ...{ wave, scheme: scheme.name, kind, partner, count: perCell },
          platform: `platform-${index % platforms}`,
          trainingProvider: `provider-${Math.floor(index / platforms)}`,
          amount: multiply(scheme.amount[kind], perCell),
        }
        return [
          { ...cell, from: accounts.payable(scheme, payouts[kind]), to: inTransit },
          { ...cell, from: inTransit, to: accounts.paid(partner, scheme, payouts[kind]) },
        ]
      }),
    ),
  )
  return mergeCells(cells)
}

const engine = await startTestEngine()
const totals = openTotals(engine.connect(), engine.tables.finance, () => {})
const first = civilDate('2020-09-01')
for (let index = 0; index < days; index++)
  for (const partner of partners)
    await totals.replace({
      day: plusDays(first, index),
      ...{ partner, cells: cellsOf(partner), milestones: [], version: 0 },
    })

const deps = { totals }
for (const by of [[], ['month', 'partner'], ['day'], ['wave', 'kind', 'platform', 'provider']] as const) {
  const started = performance.now()
  const before = process.cpuUsage()
  const answer = await summary(deps, { by: [...by] }, instant(0))
  const rows = 'rows' in answer ? answer.rows.length : 0
  const seconds = ((performance.now() - started) / 1_000).toFixed(2)
  const { user, system } = process.cpuUsage(before)
  const busy = ((user + system) / 1_000_000).toFixed(2)
  console.log(`${seconds} s, ${busy} s of them busy, by ${by.join(',') || 'nothing'}: ${rows} rows`)
}
const moved = days * partners.length * cellsOf('bni').length
console.log(
  `${moved.toLocaleString('en-US')} cells of ${days} days, ${(moved * perCell).toLocaleString('en-US')} movements`,
)
await engine.stop()
