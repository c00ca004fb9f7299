import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import type { Draft, Entry } from '../../shared/domain/entry.ts'
import { replay } from '../../shared/domain/fold.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { BrokenChain, brokenLink } from '../../shared/ledger/chain.ts'
import { startTestEngine } from '../support/engine.ts'
import { claimOf, entitle, entitlementOf, newParticipant, noteOf } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { journal, participants } = engine.open()

const writersMax = 20
const payout = 'incentive-1'

/** Appends one draft after the other. */
async function chainOf(
  participantId: string,
  drafts: readonly Draft[],
  of: Payout = payout,
): Promise<Entry[]> {
  const chain: Entry[] = []
  for (const draft of drafts) {
    const entry = await journal.append(chain, draft)
    if (entry === 'overtaken') throw new Error(`${participantId} ${of} is not this test's own`)
    chain.push(entry)
  }
  return chain
}

const notes = (participantId: string, count: number) =>
  Array.from({ length: count }, (_, nth) => noteOf(participantId, payout, `note ${nth + 1}`))

test('a chain is read as it was written, oldest first', async () => {
  const participantId = newParticipant()
  const written = await chainOf(participantId, [claimOf(participantId, payout), ...notes(participantId, 10)])
  expect(written.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(await journal.read(participantId, payout)).toEqual(written)
})

test('a payout without entries has an empty chain', async () => {
  const participantId = newParticipant()
  expect(await journal.read(participantId, payout)).toEqual([])
  expect(await journal.readAll(participantId)).toEqual(new Map())
})

test('all chains of a participant are told apart, and from the accrual and from other participants', async () => {
  const participantId = newParticipant()
  const neighbour = `${participantId}0`
  const entitlement = entitlementOf(participantId)
  await entitle(participants, entitlement)
  const first = await chainOf(participantId, notes(participantId, 2))
  const last = await chainOf(participantId, [claimOf(participantId, 'survey-3')], 'survey-3')
  await chainOf(neighbour, notes(neighbour, 1))
  const chains = await journal.readAll(participantId)
  expect(chains).toEqual(
    new Map([
      ['incentive-1', first],
      ['survey-3', last],
    ]),
  )
})

describe('many chains at once', () => {
  const rowOf = (participantId: string, seq: number) => ({ participantId, payout, seq }) as const

  test('are read in the order they are asked for, more than one request holds', async () => {
    const ids = Array.from({ length: 6 }, newParticipant)
    const chains = await Promise.all(ids.map((id, nth) => chainOf(id, notes(id, 15 + nth))))
    const asked = ids.map((id, nth) => rowOf(id, 15 + nth))
    expect(await journal.readEach(asked)).toEqual(chains)
    expect(await journal.readEach([...asked, rowOf(newParticipant(), 0)].toReversed())).toEqual([
      [],
      ...chains.toReversed(),
    ])
    expect(await journal.readEach([])).toEqual([])
  })

  test('hold one entry more than a row that is behind knows of', async () => {
    const participantId = newParticipant()
    const chain = await chainOf(participantId, notes(participantId, 5))
    expect(await journal.readEach([rowOf(participantId, 2)])).toEqual([chain.slice(0, 3)])
  })

  test('are broken where an entry is missing, and only there', async () => {
    const [short, whole] = [newParticipant(), newParticipant()]
    await chainOf(short, notes(short, 2))
    const chain = await chainOf(whole, notes(whole, 2))
    expect(await journal.readEach([rowOf(short, 3), rowOf(whole, 2)])).toEqual(['broken', chain])
  })

  test('are broken where something is no entry', async () => {
    const participantId = newParticipant()
    await chainOf(participantId, notes(participantId, 1))
    const Item = marshall({ pk: participantId, sk: `${payout}#0002`, event: 'nothing' })
    await engine.connect().send(new PutItemCommand({ TableName: engine.tables.journal, Item }))
    expect(await journal.readEach([rowOf(participantId, 2)])).toEqual(['broken'])
    await expect(journal.read(participantId, payout)).rejects.toThrow(BrokenChain)
    await expect(journal.read(participantId, payout)).rejects.toMatchObject({
      payout: `${participantId}/${payout}`,
    })
    await expect(journal.readAll(participantId)).rejects.toThrow('is not an entry')
  })
})

describe('of writers that want the same place', () => {
  test.for([
    ['different entries', (participantId: string, nth: number) => noteOf(participantId, payout, `${nth}`)],
    ['the same entry, to the letter', (participantId: string) => claimOf(participantId, payout)],
  ] as const)('exactly one wins: %s', async ([, draftOf]) => {
    const participantId = newParticipant()
    const racers = Array.from({ length: writersMax }, (_, nth) =>
      journal.append([], draftOf(participantId, nth)),
    )
    const outcomes = await Promise.all(racers)
    const won = outcomes.filter((outcome) => outcome !== 'overtaken')
    expect(won).toHaveLength(1)
    expect(await journal.read(participantId, payout)).toEqual(won)
  })

  test('each gets a place of its own by reading again', async () => {
    const participantId = newParticipant()
    const writer = async (nth: number) => {
      for (let race = 0; race < writersMax; race++) {
        const chain = await journal.read(participantId, payout)
        const outcome = await journal.append(chain, noteOf(participantId, payout, `${nth}`))
        if (outcome !== 'overtaken') return
      }
      throw new Error(`writer ${nth} never won`)
    }
    await Promise.all(Array.from({ length: writersMax }, (_, nth) => writer(nth)))
    const chain = await journal.read(participantId, payout)
    expect(replay(chain).seq).toBe(writersMax)
    expect(brokenLink(chain)).toBeUndefined()
    const reasons = chain.map(({ event }) => 'reason' in event && event.reason)
    expect(new Set(reasons).size).toBe(writersMax)
  })
})

describe('an append whose answer was lost and which the client repeats', () => {
  test('is ours, and written once', async () => {
    const participantId = newParticipant()
    const { journal: unlucky } = engine.open(engine.connectUnlucky())
    const entry = await unlucky.append([], claimOf(participantId, payout))
    expect(entry).toMatchObject({ seq: 1, event: { type: 'claimed' } })
    expect(await journal.read(participantId, payout)).toEqual([entry])
  })

  test('is overtaken where another writer had the place, even with an equal entry', async () => {
    const participantId = newParticipant()
    const winner = await journal.append([], claimOf(participantId, payout))
    const { journal: unlucky } = engine.open(engine.connectUnlucky())
    expect(await unlucky.append([], claimOf(participantId, payout))).toBe('overtaken')
    expect(await journal.read(participantId, payout)).toEqual([winner])
  })
})

describe('the hashes of a chain', () => {
  const seqs = (chain: readonly Entry[], order: readonly number[]) =>
    order.flatMap((seq) => chain.filter((entry) => entry.seq === seq))
  const retold = (chain: readonly Entry[], seq: number): Entry[] =>
    chain.map((entry) => (entry.seq === seq ? { ...entry, by: 'somebody else' } : entry))

  test.for([
    ['untouched', (chain: readonly Entry[]) => chain, undefined],
    ['the first entry changed', (chain: readonly Entry[]) => retold(chain, 1), 2],
    ['an entry in the middle changed', (chain: readonly Entry[]) => retold(chain, 2), 3],
    ['the first entry gone', (chain: readonly Entry[]) => seqs(chain, [2, 3, 4]), 2],
    ['an entry in the middle gone', (chain: readonly Entry[]) => seqs(chain, [1, 3, 4]), 3],
    ['two entries swapped', (chain: readonly Entry[]) => seqs(chain, [1, 3, 2, 4]), 3],
    ['an entry twice', (chain: readonly Entry[]) => seqs(chain, [1, 2, 2, 3]), 2],
  ] as const)('%s', async ([, tampered, broken]) => {
    const participantId = newParticipant()
    const chain = await chainOf(participantId, notes(participantId, 4))
    expect(brokenLink(tampered(chain))?.seq).toBe(broken)
  })

  test('show what was changed behind our back in the table', async () => {
    const participantId = newParticipant()
    await chainOf(participantId, [claimOf(participantId, payout), ...notes(participantId, 2)])
    await engine.connect().send(
      new UpdateItemCommand({
        TableName: engine.tables.journal,
        Key: marshall({ pk: participantId, sk: `${payout}#0001` }),
        UpdateExpression: 'SET #event.amount = :more',
        ExpressionAttributeNames: { '#event': 'event' },
        ExpressionAttributeValues: marshall({ ':more': 6_000_000 }),
      }),
    )
    expect(brokenLink(await journal.read(participantId, payout))?.seq).toBe(2)
  })
})

describe('an entry that is not one', () => {
  test.for([
    ['without its event', {}],
    ['of an unknown type', { event: { type: 'doubled' } }],
    ['with a fraction of a rupiah', { event: { ...claimOf('P-0', payout).event, amount: 600_000.5 } }],
    ['about another payout', { subject: 'incentive-9' }],
  ] as const)('%s stops the reader', async ([, part]) => {
    const participantId = newParticipant()
    const key = { pk: participantId, sk: `${payout}#0001` }
    const { event: _, ...rest } = noteOf(participantId, payout, 'note')
    const item = marshall({ ...key, ...rest, seq: 1, previousHash: '', ...part })
    await engine.connect().send(new PutItemCommand({ TableName: engine.tables.journal, Item: item }))
    await expect(journal.read(participantId, payout)).rejects.toThrow()
    await expect(journal.readAll(participantId)).rejects.toThrow()
  })

  test('is never written', async () => {
    const participantId = newParticipant()
    const draft = { ...noteOf(participantId, payout, 'note'), subject: 'float' } as const
    await expect(journal.append([], draft)).rejects.toThrow()
    expect(await journal.readAll(participantId)).toEqual(new Map())
  })
})

test('a chain of 9,999 entries takes no more', async () => {
  const participantId = newParticipant()
  const [entry] = await chainOf(participantId, notes(participantId, 1))
  const endless = entry ? [{ ...entry, seq: 9_999 }] : []
  await expect(journal.append(endless, noteOf(participantId, payout, 'one more'))).rejects.toThrow(
    `${participantId} ${payout} has 9999 entries`,
  )
})
