import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Booked } from '../../infra/local/partners/statements/booked.ts'
import { camtText } from '../../infra/local/partners/statements/camt.ts'
import { csvText } from '../../infra/local/partners/statements/csv.ts'
import type { WrittenFormat } from '../../infra/local/partners/statements/write.ts'
import { type CivilDate, epochMs, instant, startOfDay } from '../../shared/domain/instant.ts'
import { postingsOf } from '../../shared/domain/postings.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { type Movement, movementOf } from '../../shared/finance/movement.ts'

/** A day of one partner, however large: its statement, and our movements of the same payouts. Written as it streams. */
export type LargeDay = {
  readonly partner: string
  readonly day: CivilDate
  /** Payouts of the day. */
  readonly payouts: number
  /** Every so-maniest line is not on the statement, every so-maniest movement not in our books; never the same ones. */
  readonly missingEvery: number
  readonly format: WrittenFormat
  /** An existing directory. */
  readonly directory: string
}

const amount = rupiah(600_000)
const payout = 'incentive-1'
const participantOf = (index: number): string => `P-${String(index).padStart(8, '0')}`
const referenceNoOf = (index: number): string => `R${index}`

/** Visits every index once, in an order that is neither side's own. */
const shuffled = (position: number, count: number): number =>
  Number((BigInt(position) * 1_000_000_007n) % BigInt(count))

/** Spread over the day. */
const timeOf = (index: number, { day, payouts }: LargeDay) =>
  instant(epochMs(startOfDay(day)) + Math.floor((index * 86_400_000) / payouts))

function* statementLines(large: LargeDay): Generator<Booked> {
  const { day, payouts, missingEvery } = large
  for (let position = 0; position < payouts; position += 1) {
    const index = shuffled(position, payouts)
    if (index % missingEvery === 2) continue
    const ours = referenceOf(participantOf(index), payout, 1)
    yield {
      at: timeOf(index, large),
      day,
      direction: 'debit',
      amount,
      ours,
      referenceNo: referenceNoOf(index),
    }
  }
}

const origin = {
  type: 'accrued',
  wave: 4,
  scheme: scheme2020.name,
  platform: 'tokopedia',
  trainingProvider: 'Arkademi',
} as const

function* movements(large: LargeDay): Generator<Movement> {
  const { partner, payouts, missingEvery } = large
  for (let index = 0; index < payouts; index += 1) {
    if (index % missingEvery === 1) continue
    const evidence = { referenceNo: referenceNoOf(index) }
    const event = { type: 'disbursed', attempt: 1, evidence } as const
    const movement = movementOf(
      {
        owner: participantOf(index),
        subject: payout,
        seq: 2,
        at: timeOf(index, large),
        by: 'pay/bench',
        event,
        postings: postingsOf(event, scheme2020, payout, partner),
        previousHash: '',
      },
      origin,
    )
    if (movement) yield movement
  }
}

function* ndjson(items: Iterable<unknown>): Generator<string> {
  for (const item of items) yield `${JSON.stringify(item)}\n`
}

/** Many small writes cost more than few large ones. */
function* inBlocks(texts: Iterable<string>): Generator<string> {
  let block = ''
  for (const text of texts) {
    block += text
    if (block.length < 65_536) continue
    yield block
    block = ''
  }
  yield block
}

const write = (path: string, texts: Iterable<string>): Promise<void> =>
  pipeline(Readable.from(inBlocks(texts)), createGzip({ level: 1 }), createWriteStream(path))

/** Writes both sides, gzipped as they come; the paths of the two files. */
export async function writeLargeDay(large: LargeDay) {
  const { partner, day, directory, format } = large
  const statement = join(directory, 'statement.gz')
  const movementFile = join(directory, 'movements.ndjson.gz')
  const lines = { [Symbol.iterator]: () => statementLines(large) }
  await write(statement, format === 'csv' ? csvText(partner, lines, 0) : camtText(day, lines, 0))
  await write(movementFile, ndjson(movements(large)))
  return { statement, movements: movementFile }
}
