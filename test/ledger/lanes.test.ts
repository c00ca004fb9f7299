import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { instant, plusSeconds } from '../../shared/domain/instant.ts'
import {
  type Ask,
  type Control,
  changeAvailable,
  newControl,
  takePermit,
} from '../../shared/domain/permit.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { brokenLink } from '../../shared/ledger/chain.ts'
import type { Funding } from '../../shared/ledger/ports.ts'
import { floatEntrySchema } from '../../shared/ledger/schemas.ts'
import { startTestEngine } from '../support/engine.ts'
import { newParticipant, now } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const client = engine.connect()
const { lanes } = engine.open(client)

let names = 0
/** A partner, scheme or document no other test of the file has. */
const newName = () => `name-${++names}`
const racesMax = 50
const untouched = newControl(instant(0))

/** Reads, changes and writes until nobody was faster; the row as it was written. */
async function changeControl(partner: string, change: (control: Control) => Control): Promise<Control> {
  for (let race = 0; race < racesMax; race++) {
    const next = change(await lanes.read(partner))
    if ((await lanes.write(partner, next)) === 'written') return next
  }
  throw new Error(`${partner} was overtaken ${racesMax} times`)
}

describe('a control row', () => {
  test('of a lane that nobody has touched is empty: no float, nothing paused', async () => {
    expect(await lanes.read(newName())).toEqual(untouched)
  })

  test('is read as it was written, pauses, fractions of a token, permits and canary included', async () => {
    const partner = newName()
    const control: Control = {
      version: 1,
      paused: { survey: { reason: 'operator', since: now, by: 'ops/ani' } },
      tokens: { count: 7.1, at: now },
      available: rupiah(1_200_000),
      permits: {
        'pay/1': {
          at: now,
          payouts: [{ participantId: 'P-1', payout: 'survey-2', amount: rupiah(50_000) }],
        },
      },
      canary: {
        survey: { since: now, payouts: [{ participantId: 'P-1', payout: 'survey-2', at: now }] },
      },
      recent: '..?.',
    }
    expect(await lanes.write(partner, control)).toBe('written')
    expect(await lanes.read(partner)).toEqual(control)
  })

  test.for([0, 1, 2, 4])(
    'at version 2 is overtaken by nobody who would write version %i',
    async (version) => {
      const partner = newName()
      await changeControl(partner, (control) => changeAvailable(control, 100))
      const second = await changeControl(partner, (control) => changeAvailable(control, 100))
      expect(await lanes.write(partner, { ...second, version })).toBe('overtaken')
      expect(await lanes.read(partner)).toEqual(second)
    },
  )

  test('that many change alike at once loses none of the changes', async () => {
    const partner = newName()
    const racers = Array.from({ length: 10 }, () =>
      changeControl(partner, (control) => changeAvailable(control, 600_000)),
    )
    await Promise.all(racers)
    expect(await lanes.read(partner)).toMatchObject({ version: 10, available: 6_000_000 })
  })

  test('gives out permits up to the float and not one more, whoever asks at the same time', async () => {
    const partner = newName()
    await changeControl(partner, (control) => changeAvailable(control, 5 * 600_000))
    const asks = Array.from({ length: 8 }, (): Ask[] => [
      { participantId: newParticipant(), payout: 'incentive-1', amount: rupiah(600_000), requests: 1 },
    ])
    const worker = async (ask: Ask[], nth: number): Promise<number> => {
      for (let race = 0; race < racesMax; race++) {
        const lane = { now, ratePerSecond: 100, permitId: `pay/${nth}` }
        const { control, granted } = takePermit(await lanes.read(partner), ask, lane)
        if (!control) return 0
        if ((await lanes.write(partner, control)) === 'written') return granted.length
      }
      throw new Error(`worker ${nth} never came to a decision`)
    }
    const granted = await Promise.all(asks.map(worker))
    expect(granted.filter((count) => count === 1)).toHaveLength(5)
    const control = await lanes.read(partner)
    expect(control.available).toBe(0)
    expect(Object.keys(control.permits)).toHaveLength(5)
  })

  test('whose answer was lost and which the client writes again is written once', async () => {
    const partner = newName()
    const { lanes: unlucky } = engine.open(engine.connectUnlucky())
    const next = changeAvailable(await lanes.read(partner), 600_000)
    expect(await unlucky.write(partner, next)).toBe('written')
    expect(await lanes.read(partner)).toEqual(next)
  })
})

test('a cursor is at the head until it is moved, and then where it was moved last', async () => {
  const partner = newName()
  expect(await lanes.cursor(partner)).toEqual({ startedAt: instant(0), places: {} })
  const place = { participantId: 'P-1', payout: 'incentive-1', at: now } as const
  await lanes.moveCursor(partner, { startedAt: now, places: { '0': place, '3': place } })
  const moved = { startedAt: now, places: { '3': { ...place, at: plusSeconds(now, 1) } } }
  await lanes.moveCursor(partner, moved)
  expect(await lanes.cursor(partner)).toEqual(moved)
})

describe('funding', () => {
  const fundingOf = (funding: Partial<Funding> = {}): Funding => ({
    partner: newName(),
    scheme: newName(),
    budget: rupiah(1_000),
    amount: rupiah(400),
    document: newName(),
    at: now,
    by: 'finance/sri',
    ...funding,
  })
  /** Funds until nobody was faster. */
  async function fund(funding: Funding) {
    for (let race = 0; race < racesMax; race++) {
      const outcome = await lanes.fund(funding)
      if (outcome !== 'overtaken') return outcome
    }
    throw new Error(`${funding.document} was overtaken ${racesMax} times`)
  }
  async function floatChainOf(partner: string) {
    const answer = await client.send(
      new QueryCommand({
        TableName: engine.tables.journal,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': `partner#${partner}` }),
      }),
    )
    return (answer.Items ?? []).map((item) => floatEntrySchema.parse(unmarshall(item)))
  }

  test('books the document and gives the lane its float, leaving tokens and permits alone', async () => {
    const funding = fundingOf()
    const { partner } = funding
    const before = await changeControl(partner, (control) => ({
      ...changeAvailable(control, 100),
      tokens: { count: 3, at: now },
    }))
    expect(await lanes.fund(funding)).toBe('funded')
    expect(await lanes.read(partner)).toEqual({ ...before, version: 2, available: 500 })
    const [entry] = await floatChainOf(partner)
    expect(entry).toMatchObject({
      seq: 1,
      event: { type: 'funded', amount: 400, document: funding.document },
      postings: [{ from: 'treasury', to: `float/${partner}`, amount: 400 }],
    })
  })

  test('lifts the pause for want of float and no other', async () => {
    const funding = fundingOf()
    const pause = (reason: 'float-empty' | 'operator') => ({ reason, since: now, by: 'pay' })
    await changeControl(funding.partner, (control) => ({
      ...changeAvailable(control, 0),
      paused: { incentive: pause('float-empty'), survey: pause('operator') },
    }))
    await lanes.fund(funding)
    expect((await lanes.read(funding.partner)).paused).toEqual({ survey: pause('operator') })
  })

  test('by one document happens once', async () => {
    const funding = fundingOf()
    expect(await lanes.fund(funding)).toBe('funded')
    expect(await lanes.fund(funding)).toBe('duplicate')
    expect(await lanes.fund({ ...funding, amount: rupiah(1) })).toBe('document-taken')
    expect((await lanes.read(funding.partner)).available).toBe(400)
  })

  test('by a document that another partner was funded by is refused, and leaves nothing behind', async () => {
    const funding = fundingOf()
    const other = { ...funding, partner: newName(), scheme: newName() }
    expect(await lanes.fund(funding)).toBe('funded')
    expect(await lanes.fund(other)).toBe('document-taken')
    expect(await lanes.read(other.partner)).toEqual(untouched)
    expect(await floatChainOf(other.partner)).toEqual([])
    expect(await lanes.sweep(other)).toBe('not-available')
  })

  test('by one document at two partners at once happens at one of them', async () => {
    const document = newName()
    const fundings = Array.from({ length: 4 }, () => fundingOf({ document, amount: rupiah(100) }))
    const outcomes = await Promise.all(fundings.map(fund))
    expect(outcomes.sort()).toEqual([...Array(3).fill('document-taken'), 'funded'])
    const controls = await Promise.all(fundings.map(({ partner }) => lanes.read(partner)))
    expect(controls.reduce((sum, { available }) => sum + available, 0)).toBe(100)
  })

  test.for([
    [[1_000], 'funded'],
    [[1_001], 'over-budget'],
    [[400, 600], 'funded'],
    [[400, 601], 'over-budget'],
    [[999, 1], 'funded'],
    [[1_000, 1], 'over-budget'],
  ] as const)('of %j out of a budget of 1,000 ends with %s', async ([amounts, last]) => {
    const scheme = newName()
    const outcomes: string[] = []
    // Each partner once: the budget is the scheme's, not the partner's.
    for (const amount of amounts) {
      outcomes.push(await lanes.fund(fundingOf({ scheme, amount: rupiah(amount) })))
    }
    expect(outcomes).toEqual([...amounts.slice(1).map(() => 'funded'), last])
  })

  test('refused over the budget leaves nothing behind and does not use up the document', async () => {
    const funding = fundingOf({ amount: rupiah(1_001) })
    expect(await lanes.fund(funding)).toBe('over-budget')
    expect(await lanes.read(funding.partner)).toEqual(untouched)
    expect(await floatChainOf(funding.partner)).toEqual([])
    expect(await lanes.fund({ ...funding, amount: rupiah(1_000) })).toBe('funded')
  })

  test('by many at once never exceeds the budget', async () => {
    const scheme = newName()
    const partners = [newName(), newName()]
    const fundings = partners.flatMap((partner) =>
      Array.from({ length: 4 }, () => fundingOf({ scheme, partner, amount: rupiah(300) })),
    )
    const outcomes = await Promise.all(fundings.map(fund))
    expect(outcomes.filter((outcome) => outcome === 'funded')).toHaveLength(3)
    expect(outcomes.filter((outcome) => outcome === 'over-budget')).toHaveLength(5)
    const controls = await Promise.all(partners.map((partner) => lanes.read(partner)))
    expect(controls.reduce((sum, { available }) => sum + available, 0)).toBe(900)
    const chains = await Promise.all(partners.map(floatChainOf))
    expect(chains.flat()).toHaveLength(3)
    expect(chains.map(brokenLink)).toEqual([undefined, undefined])
  })

  test('by one document many times at once happens once', async () => {
    const funding = fundingOf({ amount: rupiah(100) })
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => fund(funding)))
    expect(outcomes.sort()).toEqual([...Array(5).fill('duplicate'), 'funded'])
    expect((await lanes.read(funding.partner)).available).toBe(100)
  })

  test('and control writes at once lose nothing of each other', async () => {
    const partner = newName()
    const changes = Array.from({ length: 5 }, () =>
      changeControl(partner, (control) => changeAvailable(control, 7)),
    )
    const fundings = Array.from({ length: 5 }, () => fund(fundingOf({ partner, amount: rupiah(100) })))
    await Promise.all([...changes, ...fundings])
    expect(await lanes.read(partner)).toMatchObject({ version: 10, available: 5 * 107 })
  })

  test('whose answer was lost and which the client repeats is funded, and once', async () => {
    const { lanes: unlucky } = engine.open(engine.connectUnlucky())
    const funding = fundingOf()
    expect(await unlucky.fund(funding)).toBe('funded')
    expect((await lanes.read(funding.partner)).available).toBe(400)
    expect(await floatChainOf(funding.partner)).toHaveLength(1)
  })
})
