import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type CivilDate, civilDate } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { Movement } from '../../shared/finance/movement.ts'
import type { Break } from '../../shared/reconciliation/break.ts'
import { type Compared, type Comparison, compare } from '../../shared/reconciliation/compare.ts'
import { decodeItem, type Item } from '../../shared/reconciliation/item.ts'
import type { Verdict } from '../../shared/reconciliation/judge.ts'
import { isMatchedPart } from '../../shared/reconciliation/matched.ts'
import type { Ending } from '../../shared/statements/ending.ts'
import type { StatementLine, Unparsable } from '../../shared/statements/line.ts'

export const partner = 'bni'
export const firstDay = civilDate('2020-12-01')
const incentive = 600_000

const legs = {
  disbursed: ['float/bni', 'spent/bni'],
  surfaced: ['float/bni', 'spent/bni'],
  overpaid: ['float/bni', 'overpaid/bni'],
  recovered: ['overpaid/bni', 'float/bni'],
  returned: ['spent/bni', 'float/bni'],
  funded: ['treasury', 'float/bni'],
  swept: ['float/bni', 'treasury'],
  fee: ['float/bni', 'fees/bni'],
  claimed: ['payable/incentive/x', 'in-transit/bni/incentive/x'],
} as const

type Ours = Partial<
  Pick<Movement, 'partnerReferenceNo' | 'referenceNo' | 'document' | 'amount' | 'day' | 'id'>
>

/** A movement of our books, of the first day unless told otherwise. */
export function ours(type: keyof typeof legs, given: Ours = {}): Movement {
  const { amount = incentive, day = firstDay, ...rest } = given
  const [from, to] = legs[type]
  const name = given.partnerReferenceNo ?? given.referenceNo ?? given.document ?? ''
  return {
    id: `${name}/${type}/${day}`,
    at: `${day}T05:00:00.000Z`,
    day,
    type,
    partner,
    participantId: null,
    payout: null,
    kind: null,
    attempt: null,
    partnerReferenceNo: null,
    referenceNo: null,
    document: null,
    amount,
    wave: null,
    scheme: null,
    platform: null,
    trainingProvider: null,
    postings: [{ from, to, amount }],
    ...rest,
  }
}

type Line = Omit<StatementLine, 'line' | 'day' | 'amount' | 'direction'> & {
  readonly amount?: number
  readonly day?: CivilDate
}
export type Given = Omit<StatementLine, 'line'>

/** A line of the statement, of the first day unless told otherwise. */
export const theirs = (direction: StatementLine['direction'], given: Line): Given => {
  const { amount = incentive, day = firstDay, ...rest } = given
  return { direction, day, amount: rupiah(amount), ...rest }
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

export type Left = { readonly open: readonly Item[]; readonly breaks: readonly Break[] }
export const nothingLeft: Left = { open: [], breaks: [] }
export type DayGiven = {
  readonly day?: CivilDate
  readonly ours?: readonly Movement[]
  readonly theirs?: readonly (Given | Omit<Unparsable, 'line'>)[]
  readonly ending?: Ending
  readonly left?: Left
  readonly judge?: Comparison['judge']
}

const linesIn = ({ files }: Compared, isWanted: (name: string) => boolean): string[] =>
  [...files]
    .filter(([name]) => isWanted(name))
    .flatMap(([, path]) => gunzipSync(readFileSync(path)).toString().split('\n').filter(Boolean))

/** Nobody knows anything of any line. */
const allOpen = (lines: readonly Item[]): Promise<readonly Verdict[]> =>
  Promise.resolve(lines.map(() => ({ verdict: 'open' })))

/** Reconciles a day; its open items are there to go on with. */
export async function reconciled(given: DayGiven): Promise<Compared & Left & { readonly matched: string[] }> {
  const { day = firstDay, left = nothingLeft, judge = allOpen } = given
  const lines = (given.theirs ?? []).map((line, index) => ({ ...line, line: index + 1 }))
  const whole: Ending = { ending: 'whole', lines: lines.length, unparsable: 0, differences: [] }
  const directory = mkdtempSync(join(tmpdir(), 'reconcile-test-'))
  try {
    const compared = await compare({
      partner,
      day,
      toleranceDays: 2,
      first: left === nothingLeft,
      open: each(left.open),
      breaks: left.breaks,
      movements: each(given.ours ?? []),
      lines: each<StatementLine | Unparsable | Ending>([...lines, given.ending ?? whole]),
      judge,
      directory,
    })
    if ('unusable' in compared) throw new Error(compared.unusable)
    return {
      ...compared,
      open: linesIn(compared, (name) => name === 'open').map(decodeItem),
      matched: linesIn(compared, isMatchedPart),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
