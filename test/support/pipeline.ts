import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Envelope } from '../../infra/local/bus.ts'
import type { BehaviourNumber } from '../../infra/local/partners/behaviours.ts'
import type { Movement } from '../../infra/local/partners/book.ts'
import type { Simulator } from '../../infra/local/partners/simulator.ts'
import { type ProgrammeOptions, stage, startProgramme } from '../../infra/local/programme.ts'
import type { LocalStack } from '../../infra/local/stack.ts'
import { type Attempt, replay } from '../../shared/domain/fold.ts'
import {
  epochMs,
  type Instant,
  instant,
  jakartaTimestamp,
  parseInstant,
} from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { createPeople, type Person, type TestAccount } from './person.ts'
import { checkPromises } from './promises.ts'
import type { Tap } from './tap.ts'
import { type Differences, writeTemplate } from './template.ts'

/** The whole pipeline on this machine, as a scenario sees it: people, their events, virtual time, and both books. */
export type Pipeline = {
  readonly stack: LocalStack
  /** Reads, and writes what only people may: pauses and funding. */
  readonly ledger: LedgerWithAccounts
  partner(name: PartnerName): Simulator
  now(): Instant
  /** An account that the partner knows. */
  account(partner: PartnerName, behaviour?: BehaviourNumber): TestAccount
  newcomer(partner: PartnerName, behaviour?: BehaviourNumber): Person
  /** Puts events on the bus at this moment. */
  publish(...events: readonly Envelope[]): void
  /** Puts a body into intake's queue that EventBridge could not have delivered. */
  deliver(body: string): void
  /** A newcomer whose certificate and account arrive at this moment. */
  enrol(partner: PartnerName, behaviour?: BehaviourNumber): Person
  /** Lets virtual time pass. */
  pass(time: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): Promise<void>
  /** The same, up to an ISO 8601 time. */
  until(time: string): Promise<void>
  row(person: Person, payout?: Payout): Promise<PayoutRow>
  /** What the journal has of a payout: the types of its entries. */
  story(person: Person, payout?: Payout): Promise<string[]>
  attempts(person: Person, payout?: Payout): Promise<readonly Attempt[]>
  /** What the partners' books have of a person: `gopay incentive-1 600000`, a refund negative; oldest first. */
  credits(person: Person): string[]
  /** When the partners paid a person, by payout: `2020-09-18T10:00:00+07:00`. */
  paidAt(person: Person): Readonly<Partial<Record<Payout, string>>>
  /** Failures of ours that the functions have logged since this was last asked. */
  failures(): string[]
  /** How many events came to what. */
  figures(): Promise<Awaited<ReturnType<typeof checkPromises>>['figures']>
  /** Fails, in words, where a promise is broken or a function has logged an error that nobody expected. */
  promisesKept(): Promise<void>
  stop(): Promise<void>
}

const minute = 60_000

export type PipelineOptions = Pick<ProgrammeOptions, 'concurrency' | 'floats'> &
  Differences & {
    /** Virtual time, ISO 8601. */
    readonly startAt: string
    /** Goes between the functions and the engine. */
    readonly tap?: Tap
  }

/** Starts everything. */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { shards = stage.shards, rates, startAt, tap, ...programmeOptions } = options
  const directory = mkdtempSync(join(tmpdir(), 'pipeline-'))
  let failures: string[] = []
  const onLog = (functionName: string, line: string) => {
    if (line.includes('"level":"ERROR"')) failures.push(`${functionName}: ${line}`)
  }
  function takeFailures(): string[] {
    const logged = failures
    failures = []
    return logged
  }
  const programme = await startProgramme({
    ...programmeOptions,
    startAt: Date.parse(startAt),
    template: await writeTemplate(directory, { shards, ...(rates && { rates }) }),
    onLog,
    ...(tap && { dynamodbEndpoint: tap.endpoint }),
  })
  const { stack, partners, database, tables } = programme
  tap?.leadTo(stack.endpoints.dynamodb)
  const noKey = () => Promise.reject(new Error('tests link accounts by events'))
  const ledger = openLedgerWithAccounts(database, tables, () => {}, noKey)
  const now = () => instant(stack.clock.now())
  const people = createPeople(now)
  const published: string[] = []

  function partner(name: PartnerName): Simulator {
    const simulator = partners.get(name)
    if (!simulator) throw new Error(`${name} has no simulator`)
    return simulator
  }

  function account(name: PartnerName, behaviour?: BehaviourNumber): TestAccount {
    const opened = people.newAccount(name, behaviour)
    partner(name).knowAccount(opened.number, opened.holderName)
    return opened
  }

  const newcomer = (name: PartnerName, behaviour?: BehaviourNumber) =>
    people.newcomer(account(name, behaviour))

  function publish(...events: readonly Envelope[]): void {
    for (const event of events) {
      stack.publish(event)
      published.push(JSON.stringify(event))
    }
  }

  const movements = (person: Person): (Movement & { partner: string; payout: Payout })[] =>
    [...partners]
      .flatMap(([name, { book }]) => book.movements().map((movement) => ({ ...movement, partner: name })))
      .flatMap((movement) => {
        const parsed = parseReference(movement.partnerReferenceNo)
        return parsed?.participantId === person.id ? [{ ...movement, payout: parsed.payout }] : []
      })
      .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))

  const read = (person: Person, payout: Payout = 'incentive-1') => ledger.journal.read(person.id, payout)
  const check = () => checkPromises(programme, ledger, published, shards)

  return {
    stack,
    ledger,
    partner,
    now,
    account,
    newcomer,
    publish,
    deliver(body) {
      stack.send(`${stage.name}-intake`, body)
      published.push(body)
    },
    enrol(name, behaviour) {
      const person = newcomer(name, behaviour)
      publish(person.certificate(), person.link())
      return person
    },
    pass: ({ days = 0, hours = 0, minutes = 0 }) =>
      stack.runUntil(stack.clock.now() + ((days * 24 + hours) * 60 + minutes) * minute),
    async until(time) {
      const instant = parseInstant(time)
      if (!instant) throw new RangeError(`not an instant: ${time}`)
      await stack.runUntil(epochMs(instant))
    },
    async row(person, payout = 'incentive-1') {
      const { rows } = await ledger.participants.read(person.id)
      const row = rows.find((candidate) => candidate.payout === payout)
      if (!row) throw new Error(`${person.id} has no ${payout}`)
      return row
    },
    story: async (person, payout) => (await read(person, payout)).map(({ event }) => event.type),
    attempts: async (person, payout) => replay(await read(person, payout)).attempts,
    credits: (person) =>
      movements(person).map(
        ({ partner, payout, direction, amount }) =>
          `${partner} ${payout} ${direction === 'debit' ? amount : -amount}`,
      ),
    paidAt: (person) =>
      Object.fromEntries(
        movements(person)
          .filter(({ direction }) => direction === 'debit')
          .map(({ payout, at }) => [payout, jakartaTimestamp(at)]),
      ),
    failures: takeFailures,
    figures: async () => (await check()).figures,
    async promisesKept() {
      const { problems } = await check()
      expect([...problems, ...takeFailures()]).toEqual([])
    },
    async stop() {
      await programme.stop()
      await tap?.stop()
      rmSync(directory, { recursive: true })
    },
  }
}
