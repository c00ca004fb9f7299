import { type Audit, audit } from '../../infra/local/audit/audit.ts'
import { chainsOf, type Holdings, readHoldings } from '../../infra/local/audit/holdings.ts'
import type { JudgedPayout } from '../../infra/local/audit/payouts.ts'
import type { Programme } from '../../infra/local/programme.ts'
import { partnerNames } from '../../infra/stages.ts'
import { isOpen } from '../../shared/domain/fold.ts'
import type { Permit } from '../../shared/domain/permit.ts'
import { availableChange } from '../../shared/domain/postings.ts'
import { lists } from '../../shared/domain/row.ts'
import { participantCeiling, scheme2020 } from '../../shared/domain/scheme.ts'
import type { Ledger } from '../../shared/ledger/ports.ts'

const everyList = (shards: number) =>
  Array.from({ length: shards }, (_, shard) => [
    lists.waiting(shard),
    lists.held(shard),
    ...partnerNames.flatMap((partner) =>
      [lists.open, lists.inquire, lists.failed].map((list) => list(partner, shard)),
    ),
  ]).flat()

const placesMax = 10_000

/** How often each payout is in a list, as `<participant> <payout>`. */
async function listed({ worklist }: Ledger, shards: number): Promise<ReadonlyMap<string, number>> {
  const nominate = (list: string) => worklist.nominate(list, { limit: placesMax })
  const places = await Promise.all(everyList(shards).map(nominate))
  const counts = new Map<string, number>()
  for (const { participantId, payout } of places.flat()) {
    const name = `${participantId} ${payout}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** Payouts that nobody would work on, or that two would. */
export async function listBreaks(
  ledger: Ledger,
  payouts: readonly JudgedPayout[],
  shards: number,
): Promise<string[]> {
  const counts = await listed(ledger, shards)
  return payouts.flatMap(({ participantId, payout, state }) => {
    const atRest = state.state === 'paid' || state.state === 'cancelled'
    const forSurvey = state.state === 'waiting' && state.missing === 'survey'
    const expected = atRest || forSurvey ? 0 : 1
    const count = counts.get(`${participantId} ${payout}`) ?? 0
    return count === expected ? [] : [`${participantId} ${payout}, ${state.state}, is in ${count} lists`]
  })
}

/** References that a partner has paid more than once. */
function repeatedPayments({ partners }: Programme): string[] {
  return [...partners].flatMap(([partner, { book }]) => {
    const debits = book.movements().filter(({ direction }) => direction === 'debit')
    const references = debits.map(({ partnerReferenceNo }) => partnerReferenceNo)
    const repeated = references.filter((reference, index) => references.indexOf(reference) !== index)
    return repeated.map((reference) => `${partner} paid ${reference} again`)
  })
}

/** Payouts with more than one attempt that is open or paid, and participants with more than their due. */
function excess(payouts: readonly JudgedPayout[]): string[] {
  const taken = payouts.flatMap(({ participantId, payout, amount, standing }) =>
    standing.attempts
      .filter((attempt) => isOpen(attempt) || attempt.status === 'paid' || attempt.status === 'overpaid')
      .map(() => ({ participantId, name: `${participantId} ${payout}`, amount })),
  )
  const twice = [...Map.groupBy(taken, ({ name }) => name)].filter(([, attempts]) => attempts.length > 1)
  const rich = [...Map.groupBy(taken, ({ participantId }) => participantId)].filter(
    ([, attempts]) => attempts.reduce((sum, { amount }) => sum + amount, 0) > participantCeiling(scheme2020),
  )
  return [
    ...twice.map(([name]) => `${name} has two attempts that are open or paid`),
    ...rich.map(([id]) => `${id} gets too much`),
  ]
}

/** What a worker's permit still hides of the float: its payouts' amounts, as the worker's own entries moved them, less what
 *  release has given back of them. */
function hiddenBy(
  worker: string,
  { payouts, givenBack = 0 }: Permit,
  partner: string,
  { participants }: Holdings,
): number {
  return payouts.reduce((sum, { participantId, payout, amount }) => {
    const chain = participants.get(participantId)?.chains.get(payout) ?? []
    const own = chain.filter(({ by }) => by === worker).flatMap(({ postings }) => postings)
    return sum + amount + availableChange(own, partner)
  }, -givenBack)
}

/** Lanes that may spend other than the journal leaves them, what permits hide included. */
export async function floatBreaks({ lanes }: Ledger, holdings: Holdings): Promise<string[]> {
  const postings = [...chainsOf(holdings)].flatMap((chain) => chain.flatMap(({ postings }) => postings))
  const checks = partnerNames.map(async (partner) => {
    const { available, permits } = await lanes.read(partner)
    const hidden = Object.entries(permits).map(([id, permit]) => hiddenBy(id, permit, partner, holdings))
    const known = hidden.reduce((sum, amount) => sum + amount, available)
    const left = availableChange(postings, partner)
    return known === left ? [] : [`${partner} may spend ${known}, but the journal leaves it ${left}`]
  })
  return (await Promise.all(checks)).flat()
}

/**
 * What must be true whenever the pipeline is quiet, whatever went before. `problems` says in words what is not.
 * `published`: the queue bodies of all events so far.
 */
export async function checkPromises(
  programme: Programme,
  ledger: Ledger,
  published: readonly string[],
  shards: number,
): Promise<{ readonly problems: readonly string[]; readonly figures: Audit['figures'] }> {
  const holdings = await readHoldings(programme)
  const books = new Map([...programme.partners].map(([partner, { book }]) => [partner, book]))
  const { figures, problems, payouts } = audit({ holdings, published, books, shards })
  const breaks = await Promise.all([listBreaks(ledger, payouts, shards), floatBreaks(ledger, holdings)])
  return {
    figures,
    problems: [...problems, ...repeatedPayments(programme), ...excess(payouts), ...breaks.flat()],
  }
}
