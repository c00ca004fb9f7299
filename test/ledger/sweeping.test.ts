import { afterAll, expect, test } from 'vitest'
import { changeAvailable } from '../../shared/domain/permit.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import type { Sweeping } from '../../shared/ledger/ports.ts'
import { startTestEngine } from '../support/engine.ts'
import { now } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { lanes } = engine.open()

let names = 0
/** A partner, scheme or document no other test of the file has. */
const newName = () => `name-${++names}`
const racesMax = 50
const budget = rupiah(1_000)

/** A lane that was given 1,000 of its scheme's budget, and `taken` of them are not available. */
async function fundedLane(taken = 0): Promise<Sweeping> {
  const sweeping = { partner: newName(), scheme: newName(), document: newName(), at: now, by: 'finance/sri' }
  await lanes.fund({ ...sweeping, document: newName(), amount: rupiah(1_000), budget })
  await changeControl(lanes, sweeping.partner, (control) => ({ control: changeAvailable(control, -taken) }))
  return { ...sweeping, amount: rupiah(400) }
}
/** Sweeps until nobody was faster. */
async function sweep(sweeping: Sweeping) {
  for (let race = 0; race < racesMax; race++) {
    const outcome = await lanes.sweep(sweeping)
    if (outcome !== 'overtaken') return outcome
  }
  throw new Error(`${sweeping.document} was overtaken ${racesMax} times`)
}
const availableOf = async ({ partner }: Sweeping) => (await lanes.read(partner)).available

test.for([
  // taken, swept, outcome, available then
  [0, 400, 'swept', 600],
  [0, 1_000, 'swept', 0],
  [0, 1_001, 'not-available', 1_000],
  [700, 300, 'swept', 0],
  [700, 301, 'not-available', 300],
] as const)('with %i taken of 1,000, %i are swept back: %s', async ([taken, amount, outcome, left]) => {
  const sweeping = { ...(await fundedLane(taken)), amount: rupiah(amount) }
  expect(await lanes.sweep(sweeping)).toBe(outcome)
  expect(await availableOf(sweeping)).toBe(left)
})

test('what was swept back may be given again, also to another partner, and no more', async () => {
  const sweeping = await fundedLane()
  const again = { ...sweeping, partner: newName(), budget }
  expect(await lanes.fund({ ...again, document: newName() })).toBe('over-budget')
  await lanes.sweep(sweeping)
  expect(await lanes.fund({ ...again, document: newName(), amount: rupiah(401) })).toBe('over-budget')
  expect(await lanes.fund({ ...again, document: newName() })).toBe('funded')
})

test('float is swept to the scheme that gave it only', async () => {
  const sweeping = await fundedLane()
  expect(await lanes.sweep({ ...sweeping, scheme: newName() })).toBe('not-available')
})

test('one document moves money once, whichever way', async () => {
  const sweeping = await fundedLane()
  expect(await lanes.sweep(sweeping)).toBe('swept')
  expect(await lanes.sweep(sweeping)).toBe('duplicate')
  expect(await lanes.fund({ ...sweeping, budget })).toBe('document-taken')
  expect(await availableOf(sweeping)).toBe(600)
})

test('a document that funded one partner sweeps no other', async () => {
  const [sweeping, other] = [await fundedLane(), await fundedLane()]
  expect(await lanes.sweep(sweeping)).toBe('swept')
  expect(await lanes.sweep({ ...other, document: sweeping.document })).toBe('document-taken')
  expect(await availableOf(other)).toBe(1_000)
})

test('sweeping by many at once never takes more than there is', async () => {
  const sweeping = await fundedLane()
  const acts = Array.from({ length: 5 }, () => sweep({ ...sweeping, document: newName() }))
  const outcomes = await Promise.all(acts)
  expect(outcomes.toSorted()).toEqual([...Array(3).fill('not-available'), 'swept', 'swept'])
  expect(await availableOf(sweeping)).toBe(200)
})

test('sweeping does not lift a pause', async () => {
  const sweeping = await fundedLane()
  const pause = { reason: 'float-empty', since: now, by: 'pay' } as const
  await changeControl(lanes, sweeping.partner, (control) => ({
    control: { ...changeAvailable(control, 0), paused: { survey: pause } },
  }))
  await lanes.sweep(sweeping)
  expect((await lanes.read(sweeping.partner)).paused).toEqual({ survey: pause })
})

test('a sweep whose answer was lost and which the client repeats is swept, and once', async () => {
  const sweeping = await fundedLane()
  const { lanes: unlucky } = engine.open(engine.connectUnlucky())
  expect(await unlucky.sweep(sweeping)).toBe('swept')
  expect(await availableOf(sweeping)).toBe(600)
})

/** What a fee takes as a sweep does. */
test.for([
  // taken, fee, outcome, available then
  [0, 400, 'charged', 600],
  [700, 300, 'charged', 0],
  [700, 301, 'not-available', 300],
] as const)('with %i taken of 1,000, a fee of %i is %s', async ([taken, amount, outcome, left]) => {
  const fee = { ...(await fundedLane(taken)), amount: rupiah(amount) }
  expect(await lanes.fee(fee)).toBe(outcome)
  expect(await availableOf(fee)).toBe(left)
})

test('a fee is spent: the scheme may not give it again', async () => {
  const fee = await fundedLane()
  expect(await lanes.fee(fee)).toBe('charged')
  expect(await lanes.fund({ ...fee, document: newName(), amount: rupiah(1), budget })).toBe('over-budget')
  expect(await lanes.sweep({ ...fee, document: newName(), amount: rupiah(600) })).toBe('swept')
})

test('a fee is charged by one document once, which then sweeps nothing', async () => {
  const fee = await fundedLane()
  const other = { ...(await fundedLane()), document: fee.document }
  expect(await lanes.fee(fee)).toBe('charged')
  expect(await lanes.fee(fee)).toBe('duplicate')
  expect(await lanes.sweep(fee)).toBe('document-taken')
  expect(await lanes.fee(other)).toBe('document-taken')
  expect([await availableOf(fee), await availableOf(other)]).toEqual([600, 1_000])
})

test('fees and sweeps of many at once never take more than there is', async () => {
  const taking = await fundedLane()
  const act = async (what: 'sweep' | 'fee') => {
    for (let race = 0; race < racesMax; race++) {
      const outcome = await lanes[what]({ ...taking, document: newName() })
      if (outcome !== 'overtaken') return outcome
    }
    throw new Error(`overtaken ${racesMax} times`)
  }
  const outcomes = await Promise.all((['sweep', 'fee', 'sweep', 'fee'] as const).map(act))
  expect(outcomes.filter((outcome) => outcome === 'not-available')).toHaveLength(2)
  expect(await availableOf(taking)).toBe(200)
})

test('what would not be booked is foreseen, and nothing is booked for that', async () => {
  const sweeping = await fundedLane(500)
  const booked = { ...sweeping, budget }
  await lanes.sweep(sweeping)
  const before = await lanes.read(sweeping.partner)
  const another = { ...booked, document: newName() }
  for (const [name, movement, against] of [
    ['sweep', booked, 'duplicate'],
    ['sweep', { ...booked, amount: rupiah(1) }, 'document-taken'],
    ['fund', { ...booked, partner: newName() }, 'document-taken'],
    ['fund', booked, 'document-taken'],
    ['fund', { ...another, amount: rupiah(400) }, undefined],
    ['fund', { ...another, amount: rupiah(401) }, 'over-budget'],
    ['sweep', { ...another, amount: rupiah(100) }, undefined],
    ['fee', { ...another, amount: rupiah(101) }, 'not-available'],
  ] as const) {
    expect([name, movement.amount, await lanes.foresee(name, movement)]).toEqual([
      name,
      movement.amount,
      against,
    ])
  }
  expect(await lanes.read(sweeping.partner)).toEqual(before)
})
