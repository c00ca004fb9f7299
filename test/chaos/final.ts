import { audit } from '../../infra/local/audit/audit.ts'
import { readHoldings } from '../../infra/local/audit/holdings.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import { overpaidAttempt } from '../../shared/domain/fold.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import { floatBreaks, listBreaks } from '../support/promises.ts'
import type { Problem } from './checks.ts'
import { dateBreaks, factBreaks, governingBreaks, movementBreaks, unpaidBreaks } from './dues.ts'
import { tables } from './environments.ts'
import { shards } from './functions.ts'
import type { MemoryDatabase } from './memory/database.ts'

/** What must be true once everything is quiet and everybody was asked: our books, their books, events, lists, lanes. */
export async function finalProblems(
  database: MemoryDatabase,
  ledger: LedgerWithAccounts,
  published: readonly string[],
  books: ReadonlyMap<string, Book>,
): Promise<readonly Problem[]> {
  const holdings = await readHoldings({ database: database.connect(), tables })
  const { problems, payouts, figures } = audit({ holdings, published, books, shards })
  const [lists, floats] = await Promise.all([
    listBreaks(ledger, payouts, shards),
    floatBreaks(ledger, holdings),
  ])
  const contradicted = new Set(
    payouts
      .filter(({ standing }) => overpaidAttempt(standing))
      .map(({ participantId, payout }) => `paid twice: ${participantId} ${payout}`),
  )
  const named = (check: string) => (detail: string) => ({ check, subject: subjectIn(detail), detail })
  return [
    // What a partner has paid against its word is in our books as that.
    ...problems.filter((problem) => !contradicted.has(problem)).map(named('audit')),
    ...lists.map(named('list')),
    ...floats.map(named('float')),
    ...governingBreaks(holdings),
    ...dateBreaks(holdings, payouts, shards),
    ...movementBreaks(holdings, payouts, books),
    ...unpaidBreaks(holdings, payouts),
    ...factBreaks(holdings, figures.events.accepted),
  ]
}

/** The payout that a sentence is about, if it names one. */
const subjectIn = (sentence: string): string => /P-\d+ (?:incentive|survey)-\d/.exec(sentence)?.[0] ?? ''
