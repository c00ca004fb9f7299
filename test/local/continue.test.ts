import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chosenEngine } from '../../infra/local/engine-choice.ts'
import { createFeed } from '../../infra/local/feed.ts'
import { type Kept, readKept } from '../../infra/local/kept.ts'
import type { BehaviourNumber } from '../../infra/local/partners/behaviours.ts'
import { openKept, type Programme, stage } from '../../infra/local/programme.ts'
import type { Depth } from '../../infra/local/queues.ts'
import { type RunResult, runProgramme } from '../../infra/local/run.ts'
import { partnerNames } from '../../infra/stages.ts'
import { epochMs } from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { openLedger } from '../../shared/ledger/dynamodb/open.ts'
import { at } from '../domain/examples.ts'
import { createPeople } from '../support/person.ts'

/**
 * A run that stops in the middle of a payment day, with workers dead and messages in the queues, and one that goes on
 * from what it has kept, are together what one run would have been.
 */
const directory = mkdtempSync(join(tmpdir(), 'continue-'))
afterAll(() => rmSync(directory, { recursive: true }))
const [begin, stop] = [at('2020-11-15T10:00:00+07:00'), at('2020-11-15T10:01:30+07:00')]
const [later, end] = [at('2020-11-16T10:00:00+07:00'), at('2020-11-19T10:00:00+07:00')]

let now = begin
const people = createPeople(() => now)
const arrivals = (behaviour?: BehaviourNumber) =>
  partnerNames
    .map((partner) => people.newcomer(people.newAccount(partner, behaviour)))
    .flatMap((person) => [person.link(), person.certificate(), person.survey(1)])
/** At each partner somebody who is paid at once, somebody whose payments stay pending for three days, and somebody
 *  who comes after the stop. */
const envelopes = [...arrivals(), ...arrivals('02')]
now = later
const feed = createFeed([...envelopes, ...arrivals()].map((envelope) => JSON.stringify(envelope)))

const dataDirectory = join(directory, 'parts')
let whole: RunResult
let continued: RunResult
let atTheStop: Readonly<Record<string, Depth>> = {}

/** At two partners the first worker that sends dies of it, once the money has moved, with all that it still had to do. */
function interrupt({ stack, partners }: Programme): void {
  for (const partner of ['bni', 'gopay']) {
    const simulator = partners.get(partner)
    simulator?.onTransfer(async ({ moment }) => {
      if (moment === 'before-booking') return
      simulator.onTransfer(undefined)
      await stack.crash(`${stage.name}-pay-${partner}`)
    })
  }
  stack.at(epochMs(stop), () => {
    atTheStop = stack.queueDepths()
  })
}

function kept(): Kept {
  const engine = chosenEngine()
  if (typeof engine !== 'string') throw new Error(engine.mistake)
  const found = readKept(dataDirectory, engine)
  if ('mistake' in found) throw new Error(found.mistake)
  return found
}

beforeAll(async () => {
  whole = await runProgramme({ feed, until: end, threads: 2 })
  await runProgramme({ feed, until: stop, dataDirectory, prepare: interrupt })
  continued = await runProgramme({ feed, until: end, threads: 2, dataDirectory, kept: kept() })
}, 120_000)

test('messages were lost when the run stopped', () => {
  for (const partner of ['bni', 'gopay'])
    expect(atTheStop[`local-pay-${partner}`]).toMatchObject({ inFlight: 4 })
})

test('everybody is paid as if the run had never stopped, by our books and by those of the partners', () => {
  expect(continued.problems).toEqual([])
  expect(continued.report.partners).toEqual(whole.report.partners)
  expect(continued.report.payouts).toEqual(whole.report.payouts)
  for (const { paid, partnerBookPaid } of Object.values(continued.report.partners))
    expect([paid, partnerBookPaid]).toEqual([6, 6])
})

test('the report is on the whole programme', () => {
  expect(continued.report.events).toEqual(whole.report.events)
  expect(continued.report).not.toHaveProperty('eventsSince')
  expect(continued.report.rupiah).toEqual(whole.report.rupiah)
  expect(continued.report.writeUnitsPerPayout).toBeGreaterThan(7)
})

test('what is kept can be opened, looked at and kept again; time stands still', {
  timeout: 60_000,
}, async () => {
  const before = kept()
  const opened = await openKept(dataDirectory)
  if ('mistake' in opened) throw new Error(opened.mistake)
  expect(epochMs(before.time)).toBe(opened.stack.clock.now())
  expect((await fetch(`${opened.api}/status`)).status).toBe(403)
  await opened.settle()
  opened.keep()
  await opened.stop()
  expect(kept()).toEqual(before)
})

test('money that people have booked to a partner is there afterwards', { timeout: 60_000 }, async () => {
  const opened = await openKept(dataDirectory)
  if ('mistake' in opened) throw new Error(opened.mistake)
  const { lanes } = openLedger(opened.database, opened.tables, () => {})
  const { name: scheme, budget } = scheme2020
  const details = { partner: 'ovo', scheme, budget, document: 'SP2D-2', at: end, by: 'ops/siti' }
  expect(await lanes.fund({ ...details, amount: stage.partners.ovo.funding })).toBe('funded')
  opened.keep()
  await opened.stop()
  const again = await openKept(dataDirectory)
  if ('mistake' in again) throw new Error(again.mistake)
  const arrived = (partner: string) =>
    again.partnerStates()[partner]?.book.floatMovements.map(({ amount, document }) => [document, amount])
  const { ovo, bni } = stage.partners
  expect(arrived('ovo')).toEqual([
    ['SP2D-local-ovo-1', ovo.funding],
    ['SP2D-2', ovo.funding],
  ])
  expect(arrived('bni')).toEqual([['SP2D-local-bni-1', bni.funding]])
  await again.stop()
})
