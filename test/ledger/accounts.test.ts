import { afterAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { Meter } from '../../shared/ledger/dynamodb/table.ts'
import type { Account, AccountLink, VerificationResult } from '../../shared/ledger/ports.ts'
import { startTestEngine } from '../support/engine.ts'
import { linkOf, newParticipant, now } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { accounts } = engine.open()

let numbers = 0
/** An account number no other test of the file has. */
const newNumber = () => String(1_000_000_000 + ++numbers)
const newLink = (participantId = newParticipant()): AccountLink => linkOf(participantId, newNumber())

async function only(participantId: string): Promise<Account> {
  const [account, ...more] = await accounts.read(participantId)
  if (!account || more.length > 0) throw new Error(`${participantId} has not exactly one account`)
  return account
}
const sharedOf = async (participantId: string) =>
  (await accounts.read(participantId)).map(({ shared }) => shared)

describe('a link', () => {
  test('is a version with what the lane needs to pay it', async () => {
    const { participantId, ...details } = newLink()
    expect(await accounts.link({ participantId, ...details })).toBe('recorded')
    const account = await only(participantId)
    expect(account).toEqual({
      ...details,
      version: account.version,
      lastFour: details.number.slice(-4),
      shared: false,
    })
  })

  test('that arrives again is a duplicate, however often and even at once', async () => {
    const link = newLink()
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => accounts.link(link)))
    expect(outcomes.sort()).toEqual([...Array(9).fill('duplicate'), 'recorded'])
    expect(await accounts.link(link)).toBe('duplicate')
    await only(link.participantId)
  })

  test('whose answer was lost and which the client repeats is recorded, not a duplicate', async () => {
    const { accounts: unlucky } = engine.open(engine.connectUnlucky())
    expect(await unlucky.link(newLink())).toBe('recorded')
  })

  test.for<readonly [string, Partial<AccountLink>]>([
    ['of another number', { number: '9876543210' }],
    ['at another partner', { partner: 'gopay' }],
    ['under another name', { holderName: 'B SANTOSO' }],
  ])('of the same moment %s is another version', async ([, other]) => {
    const link = newLink()
    expect(await accounts.link(link)).toBe('recorded')
    expect(await accounts.link({ ...link, ...other })).toBe('recorded')
    const versions = (await accounts.read(link.participantId)).map(({ version }) => version)
    expect(new Set(versions).size).toBe(2)
  })

  test('changes no other version: neither its content nor its verification', async () => {
    const link = newLink()
    await accounts.link(link)
    const { version } = await only(link.participantId)
    await accounts.recordVerification(link.participantId, version, { outcome: 'verified', name: 'BUDI' })
    const before = await only(link.participantId)
    await accounts.link({ ...newLink(link.participantId), linkedAt: plusSeconds(now, 60) })
    expect((await accounts.read(link.participantId))[0]).toEqual(before)
  })
})

test.for([[[0, 60, 120]], [[120, 60, 0]], [[60, 120, 0]]] as const)(
  'versions are read in the order of linking, arrived %j seconds after now',
  async ([arrivals]) => {
    const participantId = newParticipant()
    for (const seconds of arrivals) {
      await accounts.link({ ...newLink(participantId), linkedAt: plusSeconds(now, seconds) })
    }
    const linked = (await accounts.read(participantId)).map(({ linkedAt }) => linkedAt)
    expect(linked).toEqual([0, 60, 120].map((seconds) => plusSeconds(now, seconds)))
  },
)

describe('an account of two participants', () => {
  test('is marked on both sides', async () => {
    const [first, second] = [newLink(), newLink()]
    await accounts.link(first)
    await accounts.link({ ...second, number: first.number })
    expect([await sharedOf(first.participantId), await sharedOf(second.participantId)]).toEqual([
      [true],
      [true],
    ])
  })

  test('is marked on every version of it, and on no other', async () => {
    const [first, second] = [newParticipant(), newParticipant()]
    const number = newNumber()
    const at = (seconds: number) => plusSeconds(now, seconds)
    await accounts.link({ ...linkOf(first, number), linkedAt: at(0) })
    await accounts.link({ ...newLink(first), linkedAt: at(1) })
    await accounts.link({ ...linkOf(first, number), linkedAt: at(2) })
    await accounts.link({ ...linkOf(second, number), linkedAt: at(3) })
    expect([await sharedOf(first), await sharedOf(second)]).toEqual([[true, false, true], [true]])
  })

  test('is marked on all sides when all link it at once', async () => {
    const number = newNumber()
    const racers = Array.from({ length: 8 }, () => linkOf(newParticipant(), number))
    await Promise.all(racers.map((link) => accounts.link(link)))
    const marks = await Promise.all(racers.map(({ participantId }) => sharedOf(participantId)))
    expect(marks).toEqual(racers.map(() => [true]))
  })

  test('is marked by the link that comes again after a crash between its writes', async () => {
    const [first, second] = [newLink(), newLink()]
    await accounts.link(first)
    const link = { ...second, number: first.number }
    // That it holds the account is its first write; everything after it fails.
    const crashing = engine.open(engine.connectMortal())
    await expect(crashing.accounts.link(link)).rejects.toThrow('crashed')
    expect(await sharedOf(first.participantId)).toEqual([false])
    expect(await accounts.link(link)).toBe('recorded')
    expect([await sharedOf(first.participantId), await sharedOf(second.participantId)]).toEqual([
      [true],
      [true],
    ])
  })

  test.for([1, 2, 3, 4])(
    'is never seen unmarked on the later side, whose worker dies after %i writes',
    async (writes) => {
      const first = newLink()
      await accounts.link(first)
      const link = linkOf(newParticipant(), first.number)
      let written = 0
      const crashing = engine.open(undefined, () => {
        if (++written === writes) throw new Error('crashed')
      })
      await expect(crashing.accounts.link(link)).rejects.toThrow('crashed')
      expect(await sharedOf(link.participantId)).not.toContain(false)
    },
  )

  test('is marked also where another begins to link it between the two writes of one', async () => {
    const [first, second] = [newLink(), newParticipant()]
    let begun: Promise<unknown> | undefined
    const interrupted = engine.open(undefined, () => {
      begun ??= accounts.link(linkOf(second, first.number))
    })
    await interrupted.accounts.link(first)
    await begun
    expect([await sharedOf(first.participantId), await sharedOf(second)]).toEqual([[true], [true]])
  })

  describe('that many hold', () => {
    /** Five have linked it; `meter` hears what the link of one more writes. */
    async function sixth(meter: Meter) {
      const number = newNumber()
      const holders = Array.from({ length: 5 }, () => linkOf(newParticipant(), number))
      for (const link of holders) await accounts.link(link)
      const link = linkOf(newParticipant(), number)
      return { link, open: () => engine.open(undefined, meter).accounts }
    }

    test('is marked once: a further link writes no more than itself and its own mark', async () => {
      const written: string[] = []
      const { link, open } = await sixth((owner) => written.push(owner))
      await open().link(link)
      expect(await sharedOf(link.participantId)).toEqual([true])
      expect(written).toEqual(Array(4).fill(link.participantId))
    })

    test('is marked in the end by a link whose worker dies again and again, after one write more', async () => {
      let writes = 0
      const { link, open } = await sixth(() => {
        if (++writes > 3) throw new Error('crashed')
      })
      for (let attempt = 0; attempt < 3; attempt++) {
        writes = 0
        await open().link(link).catch(String)
      }
      expect(await sharedOf(link.participantId)).toEqual([true])
      writes = -10
      expect(await open().link(link)).toBe('duplicate')
    })
  })

  test.for<readonly [string, (link: AccountLink) => AccountLink]>([
    ['the same number at another partner', (link) => ({ ...link, partner: 'gopay' })],
    ['a number that begins alike', (link) => ({ ...link, number: `${link.number}1` })],
  ])('is not %s', async ([, other]) => {
    const link = newLink()
    await accounts.link(link)
    await accounts.link({ ...other(link), participantId: newParticipant() })
    expect(await sharedOf(link.participantId)).toEqual([false])
  })

  test('is not one that a participant links again', async () => {
    const link = newLink()
    await accounts.link(link)
    await accounts.link({ ...link, linkedAt: plusSeconds(now, 60) })
    expect(await sharedOf(link.participantId)).toEqual([false, false])
  })
})

describe('of two results of a verification the first is kept', () => {
  const verified: VerificationResult = {
    outcome: 'verified',
    name: 'BUDI SANTOSO',
    fee: 2_500,
    session: 'S-1',
  }
  const nameless: VerificationResult = { outcome: 'verified', name: 'B*** S******' }
  const refused: VerificationResult = { outcome: 'refused', reason: 'account-dormant' }
  test.for<readonly [string, VerificationResult, VerificationResult, Partial<Account>]>([
    [
      'verified',
      verified,
      refused,
      {
        verification: { outcome: 'verified' },
        verified: { name: 'BUDI SANTOSO', fee: 2_500, session: 'S-1' },
      },
    ],
    [
      'verified without fee or session',
      nameless,
      verified,
      { verification: { outcome: 'verified' }, verified: { name: 'B*** S******' } },
    ],
    ['refused', refused, verified, { verification: { outcome: 'refused', reason: 'account-dormant' } }],
  ])('%s', async ([, first, second, kept]) => {
    const link = newLink()
    await accounts.link(link)
    const before = await only(link.participantId)
    const record = (result: VerificationResult) =>
      accounts.recordVerification(link.participantId, before.version, result)
    expect(await record(first)).toBeUndefined()
    expect(await record(second)).toEqual({ ...before, ...kept })
    expect(await only(link.participantId)).toEqual({ ...before, ...kept })
  })

  test('also when they come at once', async () => {
    const link = newLink()
    await accounts.link(link)
    const { version } = await only(link.participantId)
    const record = (result: VerificationResult) =>
      accounts.recordVerification(link.participantId, version, result)
    await Promise.all([verified, refused, nameless].map(record))
    const first = await only(link.participantId)
    await Promise.all([nameless, verified, refused].map(record))
    expect(await only(link.participantId)).toEqual(first)
  })

  test('and a version that does not exist gets none', async () => {
    const participantId = newParticipant()
    expect(await accounts.recordVerification(participantId, `${now}-0123abcd`, verified)).toBeUndefined()
    expect(await accounts.read(participantId)).toEqual([])
  })
})
