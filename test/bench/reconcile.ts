import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { civilDate, type Instant, instant } from '../../shared/domain/instant.ts'
import { postingsOf } from '../../shared/domain/postings.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { type Movement, movementOf, movementSchema } from '../../shared/finance/movement.ts'
import { compare } from '../../shared/reconciliation/compare.ts'
import { readStatement } from '../../shared/statements/read.ts'

/**
 * `npm run bench:reconcile [-- LINES]`: a partner's statement of so many lines (default: 1,000,000) against as many
 * paid payouts, both gzipped files as they come, of which one line and one movement in a thousand are missing. A
 * figure, not an assertion.
 */

const count = Number(process.argv[2] ?? 1_000_000)
const partner = 'gopay'
const day = civilDate('2020-12-21')
const missingEvery = 1_000
const amount = 600_000

const participantOf = (index: number): string => `P-${String(index).padStart(8, '0')}`
/** Visits every index once, in an order that is neither side's own. */
const shuffled = (index: number): number => Number((BigInt(index) * 1_000_003n) % BigInt(count))

const origin = {
  type: 'accrued',
  wave: 4,
  scheme: scheme2020.name,
  platform: 'tokopedia',
  trainingProvider: 'Arkademi',
} as const

function movementNumbered(index: number, at: Instant): Movement {
  const event = {
    type: 'disbursed',
    attempt: 1,
    evidence: { code: '2003800', referenceNo: `R${index}` },
  } as const
  const movement = movementOf(
    {
      owner: participantOf(index),
      subject: 'incentive-1',
      seq: 2,
      at,
      by: 'pay/bench',
      event,
      postings: postingsOf(event, scheme2020, 'incentive-1', partner),
      previousHash: '',
    },
    origin,
  )
  if (!movement) throw new Error('a payment that moves no money')
  return movement
}

function* movementLines(): Generator<string> {
  const at = instant(Date.parse('2020-12-21T03:00:00Z'))
  for (let index = 0; index < count; index++) {
    if (index % missingEvery !== 1) yield `${JSON.stringify(movementNumbered(index, at))}\n`
  }
}

function* statementLines(): Generator<string> {
  yield 'created_at,type,amount,partner_reference_no,reference_no\n'
  for (let position = 0; position < count; position++) {
    const index = shuffled(position)
    const reference = referenceOf(participantOf(index), 'incentive-1', 1)
    if (index % missingEvery !== 2) {
      yield `2020-12-21T10:00:00+07:00,payout,${rupiah(amount)}.00,${reference},R${index}\n`
    }
  }
}

const write = (path: string, lines: Iterable<string>): Promise<void> =>
  pipeline(Readable.from(lines), createGzip({ level: 1 }), createWriteStream(path))

async function* movementsIn(path: string): AsyncGenerator<Movement> {
  for await (const line of createInterface(createReadStream(path).pipe(createGunzip()))) {
    yield movementSchema.parse(JSON.parse(line))
  }
}

async function* nothing(): AsyncGenerator<never> {}

const directory = mkdtempSync(join(tmpdir(), 'bench-reconcile-'))
try {
  const [statement, movements] = [join(directory, 'statement.csv.gz'), join(directory, 'movements.ndjson.gz')]
  await write(statement, statementLines())
  await write(movements, movementLines())
  const started = performance.now()
  const compared = await compare({
    partner,
    day,
    toleranceDays: 2,
    first: true,
    open: nothing(),
    breaks: [],
    movements: movementsIn(movements),
    lines: readStatement({ partner, format: 'csv' }, createReadStream(statement)),
    judge: (lines) => Promise.resolve(lines.map(() => ({ verdict: 'open' }))),
    directory,
  })
  const seconds = (performance.now() - started) / 1000
  if ('unusable' in compared) throw new Error(compared.unusable)
  const { lines, movements: ours, matched, open } = compared.summary
  console.log(
    `${lines.debit.count} lines against ${ours.debit.count} movements: ${matched.debit.count} matched,`,
  )
  console.log(`              ${open.ours.debit.count} movements and ${open.theirs.debit.count} lines left,`)
  console.log(`              ${seconds.toFixed(1)} s, ${Math.round(lines.debit.count / seconds)} lines/s,`)
  console.log(
    `              ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB resident at the most, ${availableParallelism()} cores`,
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}
