import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { civilDate } from '../../shared/domain/instant.ts'
import { type Movement, movementSchema } from '../../shared/finance/movement.ts'
import { compare } from '../../shared/reconciliation/compare.ts'
import { toleranceOf } from '../../shared/reconciliation/tolerance.ts'
import { readStatement } from '../../shared/statements/read.ts'
import { writeLargeDay } from './statements.ts'

/**
 * `npm run bench:reconcile [-- LINES] [--format csv|camt]`: a partner's statement of so many lines (default: 1,000,000,
 * CSV) against as many paid payouts, both gzipped files as they come, of which one line and one movement in a thousand
 * are missing. A figure, not an assertion.
 */

const { values, positionals } = parseArgs({
  options: { format: { type: 'string', default: 'csv' } },
  allowPositionals: true,
})
const payouts = Number(positionals[0] ?? 1_000_000)
const format = values.format === 'camt' ? 'camt.053' : 'csv'
const partner = 'bni'
const day = civilDate('2020-12-21')

async function* movementsIn(path: string): AsyncGenerator<Movement> {
  for await (const line of createInterface(createReadStream(path).pipe(createGunzip()))) {
    yield movementSchema.parse(JSON.parse(line))
  }
}

async function* nothing(): AsyncGenerator<never> {}

const directory = mkdtempSync(join(tmpdir(), 'bench-reconcile-'))
try {
  const large = { partner, day, payouts, format, missingEvery: 1_000, directory } as const
  const { statement, movements } = await writeLargeDay(large)
  const before = process.cpuUsage()
  const started = performance.now()
  const compared = await compare({
    partner,
    day,
    toleranceDays: toleranceOf(partner),
    first: true,
    open: nothing(),
    breaks: [],
    movements: movementsIn(movements),
    lines: readStatement({ partner, format }, createReadStream(statement)),
    judge: (lines) => Promise.resolve(lines.map(() => ({ verdict: 'open' }))),
    directory,
  })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  if ('unusable' in compared) throw new Error(compared.unusable)
  const { lines, movements: ours, matched, open } = compared.summary
  console.log(
    `${lines.debit.count} lines against ${ours.debit.count} movements: ${matched.debit.count} matched,`,
  )
  console.log(`              ${open.ours.debit.count} movements and ${open.theirs.debit.count} lines left,`)
  console.log(`              ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processors,`)
  console.log(
    `              ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB resident at the most, ${availableParallelism()} cores`,
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}
