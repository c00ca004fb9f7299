import { describe, expect, onTestFinished, test } from 'vitest'
import { ageing } from '../../../functions/finance/ageing.ts'
import { float } from '../../../functions/finance/float.ts'
import { openWarehouse } from '../../../infra/warehouse/duckdb.ts'
import { jakartaDate } from '../../../shared/domain/instant.ts'
import type { Movement } from '../../../shared/finance/movement.ts'
import { openHistory } from '../../../shared/ledger/dynamodb/history.ts'
import { project, readCase } from '../../../shared/ledger/payout.ts'
import { notFound, paid, pending, unknown } from '../../domain/examples.ts'
import { createMovementFolder } from '../../support/movement-folder.ts'
import { funded, type Office, openOffice, shards } from '../ops/office.ts'
import { dependencies, movementsOf } from './books.ts'

/** Money on its way: in the list of what is due until somebody looks at the outcome, and asked about for days. */

const day = 86_400
const died = () => Promise.reject(new Error('the machine has died'))

/** Claims a payout at gopay, of which nobody ever hears. */
async function sent(office: Office): Promise<string> {
  const id = await office.participant('gopay')
  const { partner, pay } = office.lane('gopay')
  partner.pays(died)
  await pay(id)
  expect(await office.entries(id)).toEqual(['claimed'])
  expect(await office.row(id)).toMatchObject({ state: 'scheduled' })
  return id
}

async function answered(office: Office) {
  const look = { now: office.now(), timeLeft: () => true }
  const { rows } = await ageing(dependencies(office), look)
  return rows.flatMap(({ standing, partner, bands }) =>
    Object.entries(bands).flatMap(([band, { count, rupiah }]) =>
      count === 0 ? [] : [{ standing, partner, band, payouts: count, rupiah }],
    ),
  )
}
async function inTransit(office: Office) {
  const rows = await answered(office)
  return rows.flatMap(({ standing, ...row }) => (standing === 'in-transit' ? [row] : []))
}

/** By SQL over the movement files. */
async function asked({ engine, now }: Office) {
  const client = engine.connect()
  const folder = createMovementFolder()
  onTestFinished(() => {
    client.destroy()
    folder.remove()
  })
  const movements: Movement[] = []
  const owners = openHistory(client, engine.tables.journal).owners(0, 1)
  for await (const movement of movementsOf(owners)) movements.push(movement)
  folder.write('shard-1-9', movements)
  const warehouse = await openWarehouse(folder.path)
  onTestFinished(warehouse.close)
  return warehouse.ask('ageing', [jakartaDate(now()), now()])
}

describe('what is in transit', () => {
  test('is as old as its claim, whatever was heard and done since: as SQL over the movement files says', async () => {
    const office = await openOffice()
    const lane = office.lane('gopay')
    const resendSeconds = 30 * day
    await office.participant('gopay')
    await office.failed('gopay')
    await lane.pay(await office.participant('gopay'), paid)
    const forgotten = await office.participant('gopay')
    await lane.pay(forgotten, pending)
    office.pass(3 * day)
    lane.partner.tells(notFound)
    await lane.inquire()
    expect(await office.entries(forgotten)).toEqual(['claimed', 'pending', 'unknown'])
    expect(await inTransit(office)).toEqual(await asked(office))

    const again = await office.participant('gopay')
    await lane.pay(again, unknown())
    office.pass(7 * day)
    lane.partner.tells(notFound, notFound)
    lane.partner.pays(unknown())
    await lane.inquire(resendSeconds)
    expect(await office.entries(again)).toEqual(['claimed', 'unknown', 'resent', 'unknown'])
    expect(await inTransit(office)).toEqual(await asked(office))

    await sent(office)
    const seen = await sent(office)
    const found = await readCase(office.ledger, { participantId: seen, payout: 'incentive-1' })
    if (found) await project(office.ledger, found, shards)
    expect(await office.row(seen)).toMatchObject({ state: 'sending', list: expect.stringMatching(/^open#/) })
    const rows = await asked(office)
    expect(rows.map(({ band, payouts }) => [band, payouts])).toEqual([
      ['0-1', 2],
      ['2-7', 1],
      ['8-30', 1],
    ])
    expect(await inTransit(office)).toEqual(rows)
    office.pass(200)
    expect(await inTransit(office)).toEqual(rows)
  })

  test('is not due, too', async () => {
    const office = await openOffice()
    await sent(office)
    await office.participant('gopay')
    const one = { partner: 'gopay', band: '0-1', payouts: 1, rupiah: 600_000 }
    expect(await answered(office)).toEqual([
      { standing: 'due', ...one },
      { standing: 'in-transit', ...one },
    ])
  })
})

describe('a float', () => {
  test('has lost what is being sent, and does not need it once more', async () => {
    const office = await openOffice()
    await sent(office)
    const seen = await sent(office)
    const found = await readCase(office.ledger, { participantId: seen, payout: 'incentive-1' })
    if (found) await project(office.ledger, found, shards)
    await office.participant('gopay')
    const { partners } = await float(dependencies(office), 7, office.now())
    expect(partners.find(({ partner }) => partner === 'gopay')).toMatchObject({
      available: funded - 2 * 600_000,
      needed: { count: 1, rupiah: 600_000 },
      topUp: 0,
    })
  })
})
