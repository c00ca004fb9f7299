import { describe, expect, test } from 'vitest'
import { openLedgerWithAccounts } from '../../../shared/ledger/dynamodb/open.ts'
import { createMemoryDatabase } from '../../chaos/memory/database.ts'
import { pointOf } from '../../chaos/points.ts'
import { failed, paid, unknown } from '../../domain/examples.ts'
import { createLane, type Lane, settledSeconds } from '../lane.ts'

/* Two answers about one attempt overtake each other, and the worker that learns of the payment dies: the simulator comes to
 * it once in thousands of worlds (`metByChance` in test/chaos/coverage.ts). */

const names = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' }
type Death = { readonly event: 'surfaced' | 'overpaid'; readonly when: 'before' | 'after' }

/** A ledger whose worker dies as it writes an entry, until it is revived. */
function openMortalLedger({ event, when }: Death) {
  let state: 'mortal' | 'dead' | 'immortal' = 'mortal'
  const client = createMemoryDatabase(names).connect(async (command, apply) => {
    if (state === 'dead') throw new Error('a dead worker does nothing')
    if (state === 'immortal' || pointOf(command).point !== `append ${event}`) return apply()
    if (when === 'after') await apply()
    state = 'dead'
    throw new Error('the worker dies')
  })
  const key = () => Promise.resolve('key of the tests')
  return {
    ledger: openLedgerWithAccounts(client, names, () => {}, key),
    died: () => state === 'dead',
    revive: () => {
      state = 'immortal'
    },
  }
}

/** A question under way, while another is told that the attempt has failed; what happens then, before it is answered. */
async function overtaken(lane: Lane, meanwhile: (participantId: string) => Promise<void>): Promise<string> {
  const participantId = await lane.participant()
  lane.partner.pays(unknown())
  await lane.pay([[participantId]])
  lane.pass(settledSeconds)
  lane.partner.tells(async () => {
    lane.partner.tells(failed)
    await lane.inquire()
    await meanwhile(participantId)
    return paid
  })
  await expect(lane.inquire()).rejects.toThrow('a dead worker does nothing')
  return participantId
}

/** Once release has looked at what the dead worker has left on the control row. */
async function misstatedFloat(lane: Lane): Promise<number> {
  lane.pass(3 * 86_400)
  await lane.release()
  return lane.misstatedFloat()
}

describe.for(['before', 'after'] as const)('a worker that dies %s it writes', (when) => {
  test('that money has surfaced: it is found before anything else is sent', async () => {
    const { ledger, died, revive } = openMortalLedger({ event: 'surfaced', when })
    const lane = await createLane(ledger)
    const participantId = await overtaken(lane, async () => {})
    expect(died()).toBe(true)
    revive()
    if (when === 'before') {
      await lane.operate(participantId, { command: 'retry', reason: 'the participant asks' })
      lane.partner.tells(paid)
    }
    await lane.pay([[participantId]])
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid' })
    expect((await lane.entries(participantId)).filter((entry) => entry === 'surfaced')).toHaveLength(1)
    expect(lane.partner.asked.filter(({ call }) => call === 'send')).toHaveLength(1)
    expect(await misstatedFloat(lane)).toBe(0)
  })

  test('that money was paid twice: a statement tells it, once', async () => {
    const { ledger, died, revive } = openMortalLedger({ event: 'overpaid', when })
    const lane = await createLane(ledger)
    const participantId = await overtaken(lane, async (id) => {
      await lane.operate(id, { command: 'retry', reason: 'the participant asks' })
      lane.partner.tells(failed)
      lane.partner.pays(paid)
      await lane.pay([[id]])
    })
    expect(died()).toBe(true)
    revive()
    const { seq = 0 } = (await lane.chain(participantId, 'incentive-1')).at(-1) ?? {}
    await lane.operate(participantId, { command: 'settle', attempt: 1, seq, outcome: paid })
    const entries = await lane.entries(participantId)
    expect(entries.filter((entry) => entry === 'overpaid')).toHaveLength(1)
    expect(await lane.row(participantId)).toMatchObject({
      state: 'paid',
      list: expect.stringMatching(/^overpaid#/),
    })
    // People book by statements what has moved, and with it the float: here nobody has.
    const booked = when === 'before' ? -600_000 : 0
    expect((await misstatedFloat(lane)) + booked).toBe(0)
  })
})
