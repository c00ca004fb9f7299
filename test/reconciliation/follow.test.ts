import { expect, test } from 'vitest'
import { type CivilDate, civilDate } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { breaksOf, type Finding } from '../../shared/reconciliation/break.ts'
import { type BreakRecord, followBreaks } from '../../shared/reconciliation/follow.ts'

const day = (text: string): CivilDate => civilDate(`2020-12-${text}`)
const finding = (reference: string): Finding => ({
  kind: 'wrong-partner',
  day: day('01'),
  amount: rupiah(600_000),
  direction: 'debit',
  partnerReferenceNo: reference,
  line: '2020-12-01/1',
})
const found = (...references: readonly string[]) => breaksOf('bni', references.map(finding))

/** Runs one after the other: the day, the day's run, and what it found. */
type OneRun = readonly [day: string, run: number, found: readonly string[]]
function after(...runs: readonly OneRun[]) {
  const records = new Map<string, BreakRecord>()
  for (const [text, run, references] of runs) {
    const changed = followBreaks([...records.values()], found(...references), { day: day(text), run })
    for (const record of changed) records.set(record.id, record)
  }
  return [...records.values()].map(({ state, firstSeen, lastSeen, history }) => ({
    state,
    seen: `${firstSeen.slice(-2)}-${lastSeen.slice(-2)}`,
    history: history.map((one) => one.state).join(' '),
  }))
}

test.for<readonly [string, readonly OneRun[], ReturnType<typeof after>[number]]>([
  ['is new', [['01', 1, ['A']]], { state: 'new', seen: '01-01', history: 'new' }],
  [
    'is new still when its day is run again',
    [
      ['01', 1, ['A']],
      ['01', 2, ['A']],
    ],
    { state: 'new', seen: '01-01', history: 'new' },
  ],
  [
    'persists',
    [
      ['01', 1, ['A']],
      ['02', 1, ['A']],
    ],
    { state: 'persisting', seen: '01-02', history: 'new persisting' },
  ],
  [
    'is resolved',
    [
      ['01', 1, ['A']],
      ['02', 1, []],
    ],
    { state: 'resolved', seen: '01-01', history: 'new resolved' },
  ],
  [
    'comes back',
    [
      ['01', 1, ['A']],
      ['02', 1, []],
      ['03', 1, ['A']],
    ],
    { state: 'persisting', seen: '01-03', history: 'new resolved persisting' },
  ],
  [
    'of a later day is left to that day’s run',
    [
      ['02', 1, ['A']],
      ['01', 2, []],
    ],
    { state: 'new', seen: '02-02', history: 'new' },
  ],
])('a break %s', ([, runs, expected]) => {
  expect(after(...runs)).toEqual([expected])
})

test('the same run once more changes nothing', () => {
  const name = { day: day('01'), run: 1 }
  const records = followBreaks([], found('A', 'B'), name)
  expect(followBreaks(records, found('A', 'B'), name)).toEqual([])
})

test('two breaks of one kind about one reference are two', () => {
  const ids = new Set(found('A', 'A', 'B').map(({ id }) => id))
  expect(ids.size).toBe(3)
  expect(found('A', 'B')).toEqual(found('B', 'A'))
})
