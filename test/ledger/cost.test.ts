import { afterAll, describe, expect, test, vi } from 'vitest'
import type { Certificate, Entitlement } from '../../shared/domain/facts.ts'
import { instant, plusSeconds } from '../../shared/domain/instant.ts'
import { newControl } from '../../shared/domain/permit.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import type { LedgerWithAccounts, Participants } from '../../shared/ledger/ports.ts'
import { startTestEngine } from '../support/engine.ts'
import { capacityOf } from './capacity.ts'
import {
  accrualOf,
  certifiedOf,
  claimOf,
  entitlementOf,
  linkOf,
  newCertificate,
  newParticipant,
  now,
  openRow,
  rowsOf,
} from './examples.ts'

// Other engines report other figures than the embedded one, whose figures are AWS's.
vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined)
const engine = await startTestEngine()
afterAll(() => engine.stop())

const client = engine.connect()
const consumed = capacityOf(client)
let metered: { owner: string; units: number }[] = []
const ledger = engine.open(client, (owner, _, units) => metered.push({ owner, units: units() }))

/** Units of one act by the meter and by the engine, and on whose account the meter was told to put them. */
async function costOf(act: (ledger: LedgerWithAccounts) => Promise<unknown>) {
  metered = []
  consumed()
  await act(ledger)
  const units = metered.reduce((sum, write) => sum + write.units, 0)
  return { metered: units, engine: consumed(), owners: [...new Set(metered.map(({ owner }) => owner))] }
}

type Act = (ledger: LedgerWithAccounts, participantId: string) => Promise<unknown>
const nothing: Act = () => Promise.resolve()
const entitle: Act = ({ participants }, participantId) => {
  const entitlement = entitlementOf(participantId)
  return participants.entitle(entitlement, accrualOf(entitlement))
}
const further = (
  participants: Participants,
  how: 'recordCertificate' | 'replaceCertificate',
  entitlement: Entitlement,
  certificate: Certificate,
) => participants[how](entitlement, certificate, certifiedOf(entitlement, certificate))
const placeRows: Act = ({ participants }, participantId) =>
  Promise.all(rowsOf(entitlementOf(participantId)).map(participants.project))
const open: Act = ({ participants }, participantId) => participants.project(openRow(participantId))
const link: Act = ({ accounts }, participantId) => accounts.link(linkOf(participantId, participantId))
const versionOf = async ({ accounts }: LedgerWithAccounts, participantId: string) => {
  const [account] = await accounts.read(participantId)
  return account?.version ?? ''
}
const lateRow = (participantId: string) => ({ ...openRow(participantId), seq: 3 })

describe('what is written for a participant costs what the engine says, and is put on the participant’s account', () => {
  test.for<readonly [string, number, Act, Act]>([
    ['the first certificate: three items twice', 6, nothing, entitle],
    ['its rows: seven, four of them in a list', 11, entitle, placeRows],
    [
      'a later certificate',
      6,
      entitle,
      ({ participants }, id) =>
        further(participants, 'recordCertificate', entitlementOf(id), newCertificate()),
    ],
    [
      'an earlier certificate',
      8,
      entitle,
      async ({ participants }, id) => {
        const { entitlement } = await participants.read(id)
        if (entitlement)
          await further(participants, 'replaceCertificate', entitlement, newCertificate(instant(0)))
      },
    ],
    ['a survey', 1, nothing, ({ participants }, id) => participants.recordSurvey(id, 1, now)],
    ['an account', 2, nothing, link],
    [
      'a verification',
      1,
      link,
      async (all, id) =>
        all.accounts.recordVerification(id, await versionOf(all, id), { outcome: 'verified', name: 'BUDI' }),
    ],
    ['a claim', 1, nothing, ({ journal }, id) => journal.append([], claimOf(id, 'incentive-1'))],
    ['a row into its first list', 2, nothing, open],
    [
      'a row into another list',
      3,
      open,
      ({ participants }, id) => participants.project({ ...lateRow(id), list: 'held#0' }),
    ],
    ['a row at its place', 1, open, ({ participants }, id) => participants.project(lateRow(id))],
    [
      'a row out of its list',
      2,
      open,
      ({ participants }, id) => {
        const { list: _, at: __, ...row } = lateRow(id)
        return participants.project(row)
      },
    ],
    [
      'a row put off within its list',
      3,
      open,
      ({ participants }, id) => participants.postpone(openRow(id), plusSeconds(now, 60), 1),
    ],
  ])('%s: %i', async ([, units, before, act]) => {
    const participantId = newParticipant()
    await before(ledger, participantId)
    const cost = await costOf(() => act(ledger, participantId))
    expect(cost).toEqual({ metered: units, engine: units, owners: [participantId] })
  })

  test('an account that several have linked: the second marks both, whoever comes later only itself', async () => {
    const link = () => ledger.accounts.link(linkOf(newParticipant(), '4455'))
    await link()
    expect(await costOf(link)).toMatchObject({ metered: 6, engine: 6 })
    for (let later = 0; later < 3; later++)
      expect(await costOf(link)).toMatchObject({ metered: 4, engine: 4 })
  })
})

describe('what is written for a lane costs what the engine says, and is put on the lane’s account', () => {
  const permits = Object.fromEntries(
    Array.from({ length: 10 }, (_, nth) => [
      `permit-${nth}`,
      {
        at: now,
        payouts: [{ participantId: 'P-1', payout: 'incentive-1', amount: rupiah(600_000) } as const],
      },
    ]),
  )
  const control = { ...newControl(now), version: 1 }
  test.for<readonly [string, number, (ledger: LedgerWithAccounts, partner: string) => Promise<unknown>]>([
    ['a control row', 1, ({ lanes }, partner) => lanes.write(partner, control)],
    [
      'a control row over a kilobyte',
      2,
      ({ lanes }, partner) => lanes.write(partner, { ...control, permits }),
    ],
    ['a cursor', 1, ({ lanes }, partner) => lanes.moveCursor(partner, { startedAt: now, places: {} })],
    [
      'funding',
      8,
      ({ lanes }, partner) =>
        lanes.fund({
          partner,
          scheme: scheme2020.name,
          budget: scheme2020.budget,
          amount: rupiah(1_000_000),
          document: 'TREASURY-1',
          at: now,
          by: 'finance',
        }),
    ],
  ])('%s: %i', async ([what, units, act]) => {
    const cost = await costOf(() => act(ledger, what))
    expect(cost).toEqual({ metered: units, engine: units, owners: [`partner#${what}`] })
  })
})

test('an event in quarantine costs its size', async () => {
  const refused = { hash: 'ab12', reason: 'unreadable', detail: 'not JSON', body: 'x'.repeat(3_000), at: now }
  const cost = await costOf(({ quarantine }) => quarantine.refuse(refused))
  expect(cost).toMatchObject({ metered: 4, engine: 4 })
})

/*
 * No engine names the units of a write it refuses; the documentation does: as if it had been applied, but for the
 * index. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
describe('what is refused costs as if it had been applied, but for the index', () => {
  test.for<readonly [string, number, Act, Act]>([
    ['a certificate that is there', 6, entitle, entitle],
    [
      'an entry whose place is taken',
      1,
      ({ journal }, id) => journal.append([], claimOf(id, 'incentive-1')),
      ({ journal }, id) => journal.append([], claimOf(id, 'incentive-1')),
    ],
    [
      'a row that has seen more',
      1,
      open,
      ({ participants }, id) => participants.project({ ...openRow(id), seq: 0 }),
    ],
    [
      'a second verification',
      1,
      async (all, id) => {
        await link(all, id)
        const version = await versionOf(all, id)
        await all.accounts.recordVerification(id, version, { outcome: 'verified', name: 'BUDI' })
      },
      async (all, id) =>
        all.accounts.recordVerification(id, await versionOf(all, id), { outcome: 'verified', name: 'BUDI' }),
    ],
  ])('%s: %i', async ([, units, before, act]) => {
    const participantId = newParticipant()
    await before(ledger, participantId)
    expect(await costOf(() => act(ledger, participantId))).toMatchObject({ metered: units, engine: 0 })
  })
})
