import type { Entry } from '../../shared/domain/entry.ts'
import { type CivilDate, jakartaDate, latest, plusDays } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import type { PayoutCase } from '../../shared/ledger/payout.ts'
import type { MatchedLine } from '../../shared/reconciliation/matched.ts'
import { toleranceOf } from '../../shared/reconciliation/tolerance.ts'
import { log } from '../../shared/runtime/log.ts'
import { inBatches } from '../batches.ts'
import type { OpsDependencies } from './dependencies.ts'

/** The lines of partners' statements that reconciliation has found to be a participant's attempts. */

type Days = { readonly from: CivilDate; readonly to: CivilDate }
type Attempt = {
  readonly partner: string
  readonly payout: Payout
  readonly reference: string
  readonly days: readonly Days[]
}

/** A line that was matched, and the reference by which it was found. */
export type FoundLine = MatchedLine & { readonly reference: string }

/** Attempts looked for side by side in one batch. */
const attemptsMax = 4

/** Spans of days that touch, made one; they come in the order of their first days. */
function joined(spans: readonly Days[]): readonly Days[] {
  const all: Days[] = []
  for (const span of spans) {
    const last = all.at(-1)
    if (last && span.from <= plusDays(last.to, 1))
      all[all.length - 1] = { ...last, to: latest(last.to, span.to) }
    else all.push(span)
  }
  return all
}

/** Days of statements that may have a line of an attempt: around every entry, as far as partner and we may lie apart. */
function daysOf(entries: readonly Entry[], partner: string): readonly Days[] {
  const tolerance = toleranceOf(partner)
  const days = entries.map(({ at }) => jakartaDate(at))
  const [first] = days
  if (first === undefined) return []
  return joined(
    days.map((day) => ({ from: latest(first, plusDays(day, -tolerance)), to: plusDays(day, tolerance) })),
  )
}

const attemptsOf = ({ standing, chain, payout }: PayoutCase): readonly Attempt[] =>
  standing.attempts.map(({ claim: { attempt, partner, reference } }) => ({
    partner,
    payout,
    reference,
    days: daysOf(
      chain.filter(({ event }) => 'attempt' in event && event.attempt === attempt),
      partner,
    ),
  }))

/** What statements say of one attempt. `unread`: nobody can say now, and what comes of the others says nothing of it. */
type Looked = { readonly found: readonly FoundLine[] } | { readonly unread: Unread }
export type Unread = Pick<Attempt, 'partner' | 'payout' | 'reference'>

async function linesOf(
  { matchedLines }: Pick<OpsDependencies, 'matchedLines'>,
  { partner, payout, reference, days }: Attempt,
): Promise<Looked> {
  try {
    const found = await Promise.all(days.map((span) => matchedLines.matchedLinesOf(partner, reference, span)))
    return { found: found.flat().map((line) => ({ ...line, reference })) }
  } catch (error) {
    log.error('statement lines not read', error, { partner, reference })
    return { unread: { partner, payout, reference } }
  }
}

/** Every line that was matched with one of the attempts at these payouts, and the attempts whose lines cannot be read. */
export async function matchedWith(
  deps: Pick<OpsDependencies, 'matchedLines'>,
  cases: readonly PayoutCase[],
): Promise<{ readonly matched: readonly FoundLine[]; readonly unread: readonly Unread[] }> {
  const looked = await inBatches(cases.flatMap(attemptsOf), attemptsMax, (batch) =>
    Promise.all(batch.map((attempt) => linesOf(deps, attempt))),
  )
  return {
    matched: looked.flatMap((each) => ('found' in each ? each.found : [])),
    unread: looked.flatMap((each) => ('unread' in each ? each.unread : [])),
  }
}
