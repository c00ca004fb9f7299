import { decide } from '../../shared/domain/decide.ts'
import type { DocumentCommand } from '../../shared/domain/document.ts'
import type { CivilDate, Instant } from '../../shared/domain/instant.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import { applyDocument } from '../../shared/ledger/float.ts'
import { type Applied, type PayoutCase, readCases } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts, PayoutKey } from '../../shared/ledger/ports.ts'
import type { Item } from '../../shared/reconciliation/item.ts'
import { documentOfLine, judge, type Verdict } from '../../shared/reconciliation/judge.ts'
import { casesMax, inBatches } from '../batches.ts'
import { bringUpToDate } from '../cases.ts'

export type JudgingDependencies = {
  readonly ledger: LedgerWithAccounts
  readonly shards: number
  /** Told of what was written about a payout. */
  readonly report: (partner: string, applied: Applied) => void
}

/** Of whose statement of which day; `invocation` is unique: with the line it signs what is written. */
export type Judging = {
  readonly partner: string
  readonly day: CivilDate
  readonly now: Instant
  readonly invocation: string
}

type Settle = Extract<Verdict, { verdict: 'settle' }>

function commandOf(line: Item, { attempt }: Settle, { partner, now }: Judging): DocumentCommand {
  const { direction, referenceNo } = line
  return {
    command: 'stated',
    attempt,
    direction: direction === 'credit' ? 'credit' : 'debit',
    document: documentOfLine(partner, line),
    ...(referenceNo !== undefined && { referenceNo }),
    now,
  }
}

/** Writes down what the line proves, and looks again; `open` while a sender may still settle the attempt itself. */
async function settle(
  deps: JudgingDependencies,
  found: PayoutCase,
  line: Item,
  verdict: Settle,
  judging: Judging,
): Promise<Verdict> {
  const command = commandOf(line, verdict, judging)
  if ('refusal' in decide(found, command)) return { verdict: 'open' }
  // Release tells by the signature what a dead worker has left to settle: it bears one entry that moves the float.
  const writer = { at: judging.now, by: `reconcile/${judging.invocation}/${line.id}` }
  const applied = await applyDocument(deps.ledger, found, command, writer)
  await bringUpToDate(deps, applied.now)
  deps.report(judging.partner, applied)
  const after = judge(line, applied.now, judging.partner, judging.day)
  return after.verdict === 'settle' ? { verdict: 'open' } : after
}

const payoutOf = ({ partnerReferenceNo = '' }: Item): PayoutKey | undefined => {
  const parsed = parseReference(partnerReferenceNo)
  return parsed && { participantId: parsed.participantId, payout: parsed.payout }
}

const nameOf = ({ participantId, payout }: PayoutKey): string => `${participantId} ${payout}`

/** Lines of one payout are judged one after the other: each may be news to the next. */
async function judgeBatch(
  deps: JudgingDependencies,
  lines: readonly Item[],
  judging: Judging,
): Promise<readonly Verdict[]> {
  const keys = new Map(lines.flatMap((line) => payoutOf(line) ?? []).map((key) => [nameOf(key), key]))
  const cases = await readCases(deps.ledger, [...keys.values()])
  const known = new Map([...keys.keys()].map((name, index) => [name, cases[index]]))
  const verdicts: Verdict[] = []
  for (const line of lines) {
    const key = payoutOf(line)
    const found = key && known.get(nameOf(key))
    const verdict = judge(line, found, judging.partner, judging.day)
    if (verdict.verdict !== 'settle' || !key || !found) {
      // A run that died behind its entry has left the row, in whose list nobody would look for the payout.
      if (found) await bringUpToDate(deps, found)
      verdicts.push(verdict)
      continue
    }
    verdicts.push(await settle(deps, found, line, verdict, judging))
    const [again] = await readCases(deps.ledger, [key])
    known.set(nameOf(key), again)
  }
  return verdicts
}

/** What the journal says to lines that no movement matches, in their order; what is news to it, it is told. */
export const judgeLines = (
  deps: JudgingDependencies,
  lines: readonly Item[],
  judging: Judging,
): Promise<readonly Verdict[]> => inBatches(lines, casesMax, (batch) => judgeBatch(deps, batch, judging))
