import { gunzipSync, gzipSync } from 'node:zlib'
import * as z from 'zod'
import { type Kind, kinds } from '../domain/payout.ts'
import { isRupiah, type Rupiah } from '../domain/rupiah.ts'
import type { Cell } from './cube.ts'
import { type Milestone, milestoneNames } from './milestones.ts'

/** What is packed together. */
export type Packable = { readonly cells: readonly Cell[]; readonly milestones: readonly Milestone[] }

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
const isWholeOrNull = (value: unknown): value is number | null => value === null || isWhole(value)
/** Of a text in the list of texts; `null` is `null`. */
const isPlace = (value: unknown): value is number | null => value === null || (isWhole(value) && value >= 0)
const isKind = (value: unknown): value is Kind | null =>
  value === null || kinds.some((kind) => kind === value)
const isAmount = (value: unknown): value is Rupiah => isWhole(value) && isRupiah(value)

/** Checked in one go: four months have millions of values, each of which would have an outcome of its own in zod. */
const column = <Value>(isValue: (value: unknown) => value is Value) =>
  z.custom<readonly Value[]>((values) => Array.isArray(values) && values.every(isValue))

/** Column by column, since a column repeats itself far more than a row does: gzip leaves few bytes of a cell. */
const packed = z.strictObject({
  texts: z.array(z.string()),
  wave: column(isWholeOrNull),
  scheme: column(isPlace),
  kind: column(isKind),
  platform: column(isPlace),
  trainingProvider: column(isPlace),
  partner: column(isPlace),
  from: column(isPlace),
  to: column(isPlace),
  count: column(isWhole),
  amount: column(isAmount),
  milestones: z.array(z.strictObject({ name: z.enum(milestoneNames), wave: z.int(), participants: z.int() })),
})

/** Gzipped JSON; equal cells in the same order always give equal bytes. */
export function pack({ cells, milestones }: Packable): Uint8Array {
  const places = new Map<string, number>()
  const placeOf = (text: string | null): number | null => {
    if (text === null) return null
    const found = places.get(text) ?? places.size
    places.set(text, found)
    return found
  }
  const columns = {
    wave: cells.map(({ wave }) => wave),
    scheme: cells.map(({ scheme }) => placeOf(scheme)),
    kind: cells.map(({ kind }) => kind),
    platform: cells.map(({ platform }) => placeOf(platform)),
    trainingProvider: cells.map(({ trainingProvider }) => placeOf(trainingProvider)),
    partner: cells.map(({ partner }) => placeOf(partner)),
    from: cells.map(({ from }) => placeOf(from)),
    to: cells.map(({ to }) => placeOf(to)),
    count: cells.map(({ count }) => count),
    amount: cells.map((cell) => cell.amount),
  }
  const content: z.input<typeof packed> = {
    texts: [...places.keys()],
    ...columns,
    milestones: [...milestones],
  }
  return gzipSync(JSON.stringify(content))
}

/** The inverse of `pack`. Throws on anything else: such bytes are corrupt. */
export function unpack(bytes: Uint8Array): Packable {
  const { texts, milestones, ...columns } = packed.parse(JSON.parse(gunzipSync(bytes).toString()))
  const at = <Value>(column: readonly Value[], index: number): Value => {
    const value = column[index]
    if (value === undefined) throw new Error('packed totals end too early')
    return value
  }
  const textAt = (column: readonly (number | null)[], index: number): string | null => {
    const found = at(column, index)
    return found === null ? null : at(texts, found)
  }
  const cells = columns.wave.map(
    (wave, index): Cell => ({
      wave,
      scheme: textAt(columns.scheme, index),
      kind: at(columns.kind, index),
      platform: textAt(columns.platform, index),
      trainingProvider: textAt(columns.trainingProvider, index),
      partner: textAt(columns.partner, index),
      from: textAt(columns.from, index) ?? '',
      to: textAt(columns.to, index) ?? '',
      count: at(columns.count, index),
      amount: at(columns.amount, index),
    }),
  )
  return { cells, milestones }
}
