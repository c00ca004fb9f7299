import {
  type Command,
  checkTransition,
  type Decision,
  decide,
  draft,
  type Situation,
} from '../domain/decide.ts'
import type { Entry, PayoutEvent } from '../domain/entry.ts'
import type { Entitlement, Facts } from '../domain/facts.ts'
import { replay, type Standing, stateOf } from '../domain/fold.ts'
import type { Instant } from '../domain/instant.ts'
import type { Payout } from '../domain/payout.ts'
import { type PayoutRow, projectRow } from '../domain/row.ts'
import { BrokenChain } from './chain.ts'
import type { Account, Accounts, LedgerWithAccounts, Participants, PayoutKey } from './ports.ts'

/**
 * One payout as its chain and its participant's facts show it now, and the one way to change it: decide, append,
 * and write the row again.
 */
export type PayoutCase = Situation & {
  readonly chain: readonly Entry[]
  readonly facts: Facts & { readonly entitlement: Entitlement }
  readonly accounts: readonly Account[]
  /** The row as it was when the case was read. */
  readonly row?: PayoutRow
}

/** Who writes, in words that are unique to the invocation: `pay/3f2c…`. */
export type Writer = { readonly at: Instant; readonly by: string }

/** A writer that loses more races than this for one entry is not racing: something is wrong. */
const racesMax = 5

/** What a payout's chain says. Throws `BrokenChain` where it contradicts itself. */
export function standingOf(participantId: string, payout: Payout, chain: readonly Entry[]): Standing {
  try {
    return replay(chain)
  } catch (cause) {
    const name = `${participantId}/${payout}`
    throw new BrokenChain(`the chain of ${payout} of ${participantId} is broken`, { payout: name, cause })
  }
}

/** A payout's case from what was read of it. Throws `BrokenChain` where its chain contradicts itself. */
export function caseOf(
  participantId: string,
  payout: Payout,
  read: Pick<PayoutCase, 'chain' | 'facts' | 'accounts' | 'row'>,
): PayoutCase {
  const { scheme } = read.facts.entitlement
  const standing = standingOf(participantId, payout, read.chain)
  const state = stateOf(standing, read.facts, payout)
  return { ...read, participantId, payout, scheme, standing, state }
}

export type ParticipantReader = {
  readonly participants: Pick<Participants, 'read'>
  readonly accounts: Pick<Accounts, 'read'>
}

/** Everything known of a participant but the journal. */
export async function readParticipant(
  ledger: ParticipantReader,
  participantId: string,
): Promise<{ facts: Facts; accounts: readonly Account[]; rows: readonly PayoutRow[] }> {
  const [{ rows, ...known }, accounts] = await Promise.all([
    ledger.participants.read(participantId),
    ledger.accounts.read(participantId),
  ])
  return { facts: { ...known, accounts }, accounts, rows }
}

/**
 * Reads payouts strongly consistently, at most 33, in their order; `undefined` where the participant has no entitlement.
 * `trusting`: a row that has seen no entry stands for an empty chain, which spares a read. Should that be out of date,
 * the first append finds its place taken, and the chain is read then.
 */
export async function readCases(
  ledger: LedgerWithAccounts,
  payouts: readonly PayoutKey[],
  trusting = false,
): Promise<readonly (PayoutCase | undefined)[]> {
  const chainOf = ({ participantId, payout }: PayoutKey) => ledger.journal.read(participantId, payout)
  const [records, accountsRead, chainsRead] = await Promise.all([
    ledger.participants.readEach(payouts),
    Promise.all(payouts.map(({ participantId }) => ledger.accounts.read(participantId))),
    trusting ? [] : Promise.all(payouts.map(chainOf)),
  ])
  return Promise.all(
    payouts.map(async (one, index) => {
      const { rows = [], entitlement, surveys = {} } = records[index] ?? {}
      const accounts = accountsRead[index] ?? []
      if (!entitlement) return undefined
      const [row] = rows
      const chain = chainsRead[index] ?? (row?.seq === 0 ? [] : await chainOf(one))
      const facts = { entitlement, surveys, accounts }
      return caseOf(one.participantId, one.payout, { chain, facts, accounts, ...(row && { row }) })
    }),
  )
}

/** One payout, as `readCases` reads it. */
export async function readCase(
  ledger: LedgerWithAccounts,
  payout: PayoutKey,
): Promise<PayoutCase | undefined> {
  const [found] = await readCases(ledger, [payout])
  return found
}

/** The case with one entry more; `overtaken` when another writer was first. */
async function append(
  ledger: LedgerWithAccounts,
  before: PayoutCase,
  event: PayoutEvent,
  { at, by }: Writer,
): Promise<{ after: PayoutCase; entry: Entry } | 'overtaken'> {
  const { participantId, payout, chain } = before
  const entry = await ledger.journal.append(chain, draft(before, event, at, by))
  if (entry === 'overtaken') return 'overtaken'
  const after = caseOf(participantId, payout, { ...before, chain: [...chain, entry] })
  checkTransition(before.state.state, event, after.state.state)
  return { after, entry }
}

async function again(ledger: LedgerWithAccounts, { participantId, payout }: PayoutCase): Promise<PayoutCase> {
  const read = await readCase(ledger, { participantId, payout })
  if (!read) throw new Error(`${payout} of ${participantId} has lost its entitlement`)
  return read
}

export type Applied = {
  /** The case as it stands afterwards. */
  readonly now: PayoutCase
  /** What was written, in order; empty after a refusal. */
  readonly entries: readonly Entry[]
  readonly refusal?: Extract<Decision, { refusal: string }>['refusal']
}

/**
 * Decides and appends; loses a race, reads again and decides again. What must follow on its own (a refund seen with
 * the payment, money that surfaced) is appended, too. Does not write the row. `beforehand` is awaited before the entry of
 * each decision, which after a race may be another than anybody has foreseen.
 */
export async function apply(
  ledger: LedgerWithAccounts,
  start: PayoutCase,
  command: Command,
  writer: Writer,
  beforehand: (event: PayoutEvent) => Promise<void> = async () => {},
): Promise<Applied> {
  let now = start
  for (let race = 0; race < racesMax; race++) {
    const decision = decide(now, command)
    if ('refusal' in decision) return { now, entries: [], refusal: decision.refusal }
    await beforehand(decision.event)
    const appended = await append(ledger, now, decision.event, writer)
    if (appended !== 'overtaken') return followUp(ledger, appended.after, appended.entry, writer)
    now = await again(ledger, now)
  }
  throw new Error(`${start.payout} of ${start.participantId} was overtaken ${racesMax} times`)
}

async function followUp(
  ledger: LedgerWithAccounts,
  now: PayoutCase,
  entry: Entry,
  writer: Writer,
): Promise<Applied> {
  const decision = decide(now, { command: 'continue' })
  if ('refusal' in decision) return { now, entries: [entry] }
  const appended = await append(ledger, now, decision.event, writer)
  // Another writer that was first has seen the same and written it.
  if (appended === 'overtaken') return { now: await again(ledger, now), entries: [entry] }
  return { now: appended.after, entries: [entry, appended.entry] }
}

/** Writes the row of a case, reading again for as long as another projector has seen something this one has not. */
export async function project(
  ledger: LedgerWithAccounts,
  start: PayoutCase,
  shards: number,
): Promise<PayoutRow> {
  let now = start
  for (let race = 0; race < racesMax; race++) {
    const row = projectRow(now.participantId, now.payout, now, shards)
    const stored = await ledger.participants.project(row)
    if (stored === 'projected') return row
    if (stored.seq >= row.seq && stored.facts >= row.facts) return stored
    now = await again(ledger, now)
  }
  throw new Error(`the row of ${start.payout} of ${start.participantId} was overtaken ${racesMax} times`)
}
