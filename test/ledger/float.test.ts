import { afterAll, describe, expect, test } from 'vitest'
import type { DocumentCommand } from '../../shared/domain/document.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { applyDocument } from '../../shared/ledger/float.ts'
import { readCase } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import { failed, paid, rejected, unknown } from '../domain/examples.ts'
import { createLane, funded, incentive, type Lane, settledSeconds } from '../functions/lane.ts'
import { startTestEngine } from '../support/engine.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()
const windows = { settleWindowSeconds: 900, idempotencyWindowSeconds: 0 }

/** A payout of which the partner gives no answer, past its windows. */
async function unknownPayout(lane: Lane): Promise<string> {
  const participantId = await lane.participant()
  lane.partner.pays(unknown())
  await lane.pay([[participantId]])
  lane.pass(1_050)
  return participantId
}

async function act(
  lane: Lane,
  participantId: string,
  command: DocumentCommand,
  on: LedgerWithAccounts = ledger,
  by = 'ops/ani/1',
) {
  const found = await readCase(on, { participantId, payout: 'incentive-1' })
  if (!found) throw new Error('no such payout')
  return applyDocument(on, found, command, { at: lane.now(), by })
}
const attest = (lane: Lane, outcome: 'paid' | 'not-paid'): DocumentCommand => ({
  command: 'attest',
  attempt: 1,
  outcome,
  document: 'BNI-17',
  now: lane.now(),
  windows,
})
const recovered: DocumentCommand = { command: 'recovered', attempt: 1, document: 'BNI-18' }
const writeOff: DocumentCommand = { command: 'write-off', attempt: 1, document: 'BNI-19' }

/** An attempt that was rejected, and paid all the same while the next one was sent. */
async function overpaidPayout(lane: Lane): Promise<string> {
  const participantId = await lane.participant()
  lane.partner.pays(rejected('failed-at-partner'), async () => {
    await lane.operate(participantId, {
      command: 'settle',
      attempt: 1,
      seq: 1,
      outcome: paid,
    })
    return paid
  })
  lane.partner.tells(failed)
  await lane.pay([[participantId]])
  await lane.operate(participantId, { command: 'retry', reason: 'repaired' })
  lane.pass(settledSeconds)
  await lane.pay([[participantId]])
  // What a person has written did not go through the lane: it is settled here.
  await lane.changeControl({ available: rupiah(funded - 2 * incentive) })
  return participantId
}

describe('what people know by a document', () => {
  test.for([
    ['paid', ['disbursed'], funded - incentive],
    ['not-paid', ['rejected'], funded],
  ] as const)(
    '%s is written down, and the lane has what that leaves',
    async ([outcome, written, available]) => {
      const lane = await createLane(ledger)
      const participantId = await unknownPayout(lane)
      const { entries, now } = await act(lane, participantId, attest(lane, outcome))
      expect(entries.map(({ event }) => event.type)).toEqual(written)
      expect(now.chain.at(-1)).toMatchObject({ by: 'ops/ani/1', event: { evidence: { document: 'BNI-17' } } })
      expect(await lane.float()).toEqual({ available, permits: 0 })
      expect(await lane.misstatedFloat()).toBe(0)
    },
  )

  test('that may not be said yet leaves the lane alone', async () => {
    const lane = await createLane(ledger)
    const participantId = await unknownPayout(lane)
    const before = await lane.control()
    const early = { ...attest(lane, 'not-paid'), windows: { ...windows, idempotencyWindowSeconds: 86_400 } }
    expect(await act(lane, participantId, early)).toMatchObject({ refusal: 'too-early', entries: [] })
    expect(await lane.control()).toEqual(before)
  })

  test('by many at once is written down once, and frees its float once', async () => {
    const lane = await createLane(ledger)
    const participantId = await unknownPayout(lane)
    const acts = Array.from({ length: 4 }, (_, nth) =>
      act(lane, participantId, attest(lane, 'not-paid'), ledger, `ops/ani/${nth}`),
    )
    const applied = await Promise.all(acts)
    expect(applied.flatMap(({ entries }) => entries)).toHaveLength(1)
    expect(await lane.float()).toEqual({ available: funded, permits: 0 })
  })

  test('that somebody else proves in between is theirs', async () => {
    const lane = await createLane(ledger)
    const participantId = await unknownPayout(lane)
    const found = await readCase(ledger, { participantId, payout: 'incentive-1' })
    if (!found) throw new Error('no such payout')
    lane.partner.tells(paid)
    await lane.inquire()
    const writer = { at: lane.now(), by: 'ops/ani/1' }
    const late = await applyDocument(ledger, found, attest(lane, 'not-paid'), writer)
    expect(late).toMatchObject({ refusal: 'already-settled' })
    expect(await lane.float()).toEqual({ available: funded - incentive, permits: 0 })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test.for([
    ['recovered', recovered, funded - incentive],
    ['written-off', writeOff, funded - 2 * incentive],
  ] as const)('of money paid twice: %s', async ([type, command, available]) => {
    const lane = await createLane(ledger)
    const participantId = await overpaidPayout(lane)
    expect(await lane.misstatedFloat()).toBe(0)
    const { entries } = await act(lane, participantId, command)
    expect(entries.map(({ event }) => event.type)).toEqual([type])
    expect((await lane.float()).available).toBe(available)
    expect(await lane.misstatedFloat()).toBe(0)
    expect(await act(lane, participantId, command)).toMatchObject({ refusal: 'nothing-new' })
    expect((await lane.float()).available).toBe(available)
  })
})

describe('should a person’s writer die', () => {
  /** The lane's row is written `writes` times, and then the worker is gone. */
  function dyingAfter(writes: number): LedgerWithAccounts {
    let left = writes
    const write: typeof ledger.lanes.write = async (partner, control) => {
      if (left-- === 0) throw new Error('killed')
      return ledger.lanes.write(partner, control)
    }
    return { ...ledger, lanes: { ...ledger.lanes, write } }
  }

  test.for([
    [0, 'before it announces', ['claimed', 'unknown']],
    [1, 'behind its entry', ['claimed', 'unknown', 'rejected']],
  ] as const)('after %i writes, %s, release makes up for it', async ([writes, , entries]) => {
    const lane = await createLane(ledger)
    const participantId = await unknownPayout(lane)
    const gone = act(lane, participantId, attest(lane, 'not-paid'), dyingAfter(writes))
    await expect(gone).rejects.toThrow('killed')
    expect(await lane.entries(participantId)).toEqual(entries)
    lane.pass(3 * 86_400)
    // Something that is due, so that release has a reason to look at the lane.
    await lane.participant()
    await lane.release()
    expect(await lane.misstatedFloat()).toBe(0)
    const repeated = await act(lane, participantId, attest(lane, 'not-paid'), ledger, 'ops/ani/2')
    expect(repeated.refusal).toBe(writes === 0 ? undefined : 'attempt-closed')
    expect((await lane.float()).available).toBe(funded)
  })
})
