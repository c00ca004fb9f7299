import type { Entry } from '../../shared/domain/entry.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { lists, type PayoutRow } from '../../shared/domain/row.ts'
import { BrokenChain } from '../../shared/ledger/chain.ts'
import { standingOf } from '../../shared/ledger/payout.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import type { RetryMember } from '../../shared/operations/register.ts'
import { type ControlRows, judgeRetry, judgeRow } from '../../shared/operations/retry.ts'
import type { SkipReason } from '../../shared/operations/schemas.ts'
import { casesMax, inBatches } from '../batches.ts'
import { readAllCases } from '../cases.ts'
import type { OpsDependencies } from './dependencies.ts'
import { nominateFrom } from './pages.ts'

/** A payout that may be retried, with its row where that is known. */
export type Candidate = PayoutKey & { readonly row?: PayoutRow }
export type Judged = { readonly key: PayoutKey; readonly result: RetryMember | SkipReason }

/** What all payouts of one request are judged by. */
type Circumstances = {
  readonly controls: ControlRows
  /** Participants to whom a partner has paid something twice that has not come back: what they may still get depends on
   *  all their payouts. */
  readonly paidTwice: ReadonlySet<string>
}

/** Of the open cases, and of those given up. A partner that has paid twice more often has a trouble that no preview
 *  mends. */
const paidTwiceMax = 2_000
/** Participants read side by side in one batch; a few batches are under way at once. */
const participantsMax = 8
/** Payouts between two looks at the time. */
const portion = 16 * casesMax

async function readCircumstances({ ledger, partners, shards }: OpsDependencies): Promise<Circumstances> {
  const read = partners.map(async (partner) => [partner, await ledger.lanes.read(partner)] as const)
  const found = [lists.overpaid, lists.writtenOff].map((list) => {
    const names = Array.from({ length: shards }, (_, shard) => list(shard))
    return nominateFrom(ledger, { lists: names, range: {}, limit: paidTwiceMax })
  })
  const positions = (await Promise.all(found)).flat()
  return {
    controls: Object.fromEntries(await Promise.all(read)),
    paidTwice: new Set(positions.map(({ place }) => place.participantId)),
  }
}

/** `undefined` where the chain contradicts itself. */
function readableStanding({ participantId, payout }: PayoutRow, chain: readonly Entry[]) {
  try {
    return standingOf(participantId, payout, chain)
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error
    return undefined
  }
}

/** What a row and its whole chain tell; `undefined` where the row is behind, or does not tell enough. */
function judgeByChain(
  row: PayoutRow,
  chain: Awaited<ReturnType<OpsDependencies['ledger']['journal']['readEach']>>[number],
  controls: ControlRows,
): Judged['result'] | undefined {
  if (chain === 'broken') return 'unreadable'
  if (chain.length !== row.seq) return undefined
  const standing = readableStanding(row, chain)
  return standing ? judgeRow(row, { chain, standing }, controls) : 'unreadable'
}

/** All that is asked about one participant, judged by one reading of everything that is known of the participant. */
async function judgeParticipant(
  { ledger }: OpsDependencies,
  participantId: string,
  payouts: readonly Payout[],
  controls: ControlRows,
): Promise<readonly Judged[]> {
  const answered = (judge: (payout: Payout) => Judged['result']) =>
    payouts.map((payout) => ({ key: { participantId, payout }, result: judge(payout) }))
  try {
    const cases = (await readAllCases(ledger, participantId)) ?? []
    return answered((payout) => judgeRetry(payout, cases, controls))
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error
    return answered(() => 'unreadable')
  }
}

/** Judged by row and chain, in few requests, where these tell; the others by their participants whole. */
async function judgePortion(
  deps: OpsDependencies,
  candidates: readonly Candidate[],
  { controls, paidTwice }: Circumstances,
): Promise<readonly Judged[]> {
  const rows = candidates.flatMap(({ row }) => (row && !paidTwice.has(row.participantId) ? [row] : []))
  const quick = await inBatches(rows, casesMax, async (batch) => {
    const chains = await deps.ledger.journal.readEach(batch)
    return batch.map((row, index) => ({
      row,
      result: judgeByChain(row, chains[index] ?? 'broken', controls),
    }))
  })
  const results = new Map(quick.map(({ row, result }) => [row, result]))
  const judged: Judged[] = []
  const whole = new Map<string, Payout[]>()
  for (const { participantId, payout, row } of candidates) {
    const result = row && results.get(row)
    if (result !== undefined) judged.push({ key: { participantId, payout }, result })
    else whole.set(participantId, [...(whole.get(participantId) ?? []), payout])
  }
  const slow = await inBatches([...whole], participantsMax, async (batch) =>
    (await Promise.all(batch.map(([id, payouts]) => judgeParticipant(deps, id, payouts, controls)))).flat(),
  )
  return [...judged, ...slow]
}

/** What each payout would come to; fewer than were asked about where time has run out. */
export async function judgeAll(
  deps: OpsDependencies,
  candidates: readonly Candidate[],
  timeLeft: () => boolean,
): Promise<{ readonly judged: readonly Judged[]; readonly complete: boolean }> {
  const circumstances = await readCircumstances(deps)
  const judged: Judged[] = []
  for (let start = 0; start < candidates.length; start += portion) {
    if (!timeLeft()) return { judged, complete: false }
    judged.push(...(await judgePortion(deps, candidates.slice(start, start + portion), circumstances)))
  }
  return { judged, complete: true }
}
