import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { kindOf, type Payout } from '../../shared/domain/payout.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { type PayoutRow, projectRow } from '../../shared/domain/row.ts'
import { payoutsOf } from '../../shared/domain/scheme.ts'
import { BrokenChain } from '../../shared/ledger/chain.ts'
import { type PayoutCase, readCase } from '../../shared/ledger/payout.ts'
import type { showAnswer } from '../../shared/operations/schemas.ts'
import { readAllCases } from '../cases.ts'
import { absencesIn } from './absence.ts'
import type { OpsDependencies } from './dependencies.ts'
import { listed, shownAt } from './listed.ts'
import { matchedWith } from './matched.ts'
import { nextMove } from './next-move.ts'
import { timelineOf, verificationOf } from './timeline.ts'

type Shown = z.input<typeof showAnswer>
type ShownPayout = Shown['payouts'][number]

/** The row as the journal has it now; the stored one where that has seen everything, since only it knows of postponements. */
function currentRow({ row, ...found }: PayoutCase, shards: number): PayoutRow {
  const projected = projectRow(found.participantId, found.payout, found, shards)
  return row?.seq === projected.seq && row.facts === projected.facts ? row : projected
}

/** What is known besides the journal: of lanes by the partner, of attempts by their reference. */
type Known = {
  readonly controls: ReadonlyMap<string, Control>
  readonly absences: ReadonlyMap<string, string>
  readonly shards: number
  readonly now: Instant
}

const attemptsOf = ({ standing }: PayoutCase, { absences }: Known): ShownPayout['attempts'] =>
  standing.attempts.map(({ claim, status, since, sends }) => {
    const statements = absences.get(claim.reference)
    return {
      attempt: claim.attempt,
      reference: claim.reference,
      partner: claim.partner,
      lastFour: claim.lastFour,
      status,
      since: shownAt(since),
      sends,
      ...(statements !== undefined && { statements }),
    }
  })

function showPayout(found: PayoutCase, known: Known): ShownPayout {
  const { controls, shards, now } = known
  const { state, payout } = found
  const lane = state.state === 'scheduled' ? controls.get(state.partner) : undefined
  const lanePaused = lane?.paused[kindOf(payout)] !== undefined
  const row = currentRow(found, shards)
  const triedAgain = row.inquiries === undefined ? undefined : row.at
  return {
    ...listed(row),
    attempts: attemptsOf(found, known),
    ...nextMove(state, { now, lanePaused, ...(triedAgain !== undefined && { triedAgain }) }),
  }
}

/** The control rows of the lanes that some of the payouts wait to be sent through. */
async function controlsOf({ ledger }: OpsDependencies, cases: readonly PayoutCase[]) {
  const partners = cases.flatMap(({ state }) => (state.state === 'scheduled' ? [state.partner] : []))
  const read = [...new Set(partners)].map(async (name) => [name, await ledger.lanes.read(name)] as const)
  return new Map(await Promise.all(read))
}

type Readable = { readonly cases: readonly PayoutCase[]; readonly damaged: readonly Payout[] }

/** One payout after another, so that a damaged journal hides no other. Throws `BrokenChain` where there is no other. */
async function readEach({ ledger, scheme }: OpsDependencies, participantId: string): Promise<Readable> {
  const cases: PayoutCase[] = []
  const damaged: Payout[] = []
  let broken: BrokenChain | undefined
  for (const payout of payoutsOf(scheme)) {
    try {
      const found = await readCase(ledger, { participantId, payout })
      if (found) cases.push(found)
    } catch (error) {
      if (!(error instanceof BrokenChain)) throw error
      broken = error
      damaged.push(payout)
    }
  }
  if (broken && cases.length === 0) throw broken
  return { cases, damaged }
}

/** Every payout whose journal can be read, in the scheme's order; none where nobody is entitled. */
async function readReadable(deps: OpsDependencies, participantId: string): Promise<Readable> {
  try {
    return { cases: (await readAllCases(deps.ledger, participantId)) ?? [], damaged: [] }
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error
    return readEach(deps, participantId)
  }
}

/**
 * The money timeline of one participant, from the journal and the facts. No name, no whole number. Where partners'
 * statements or the journal of a payout cannot be read it says so, and has everything else.
 */
export async function show(
  deps: OpsDependencies,
  participantId: string,
  now: Instant,
): Promise<Shown | Refused> {
  const { cases, damaged } = await readReadable(deps, participantId)
  const facts = cases[0]?.facts
  if (!facts) {
    return refuse(404, `Nobody is entitled as ${participantId}: no certificate has come in for that id.`)
  }
  const [controls, absences, breaks, { matched, unread }] = await Promise.all([
    controlsOf(deps, cases),
    absencesIn(deps, cases, now),
    deps.reconciliations.breaksOf(participantId),
    matchedWith(deps, cases),
  ])
  const known = { controls, absences, shards: deps.shards, now }
  const { wave, scheme, governing } = facts.entitlement
  const { certificateId, issuedAt, platform, trainingProvider } = governing
  return {
    participantId,
    wave,
    scheme,
    certificate: { certificateId, issuedAt: shownAt(issuedAt), platform, trainingProvider },
    accounts: facts.accounts.map((account) => ({
      partner: account.partner,
      lastFour: account.lastFour,
      linkedAt: shownAt(account.linkedAt),
      verification: verificationOf(account),
      shared: account.shared,
    })),
    payouts: cases.map((found) => showPayout(found, known)),
    timeline: timelineOf({ facts, entries: cases.flatMap(({ chain }) => chain), breaks, matched }),
    ...(unread.length > 0 && { unread: [...unread] }),
    ...(damaged.length > 0 && { damaged: [...damaged] }),
  }
}
