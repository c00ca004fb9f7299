import { audit } from '../../infra/local/audit/audit.ts'
import { readHoldings } from '../../infra/local/audit/holdings.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import { floatBreaks, listBreaks } from '../support/promises.ts'
import { cashBreaks, statusesIn } from './cash.ts'
import type { Problem } from './checks.ts'
import { leftOpen } from './closing.ts'
import type { Database } from './database.ts'
import { strangersPaid } from './destinations.ts'
import {
  dateBreaks,
  factBreaks,
  governingBreaks,
  movementBreaks,
  noteBreaks,
  type Tricky,
  undone,
} from './dues.ts'
import { tables } from './environments.ts'
import type { Funds } from './funds.ts'
import type { Permits } from './permits.ts'
import { sharingBreaks } from './sharing.ts'
import { type StatusOf, untold } from './statements.ts'
import type { World } from './world.ts'

type Quiet = {
  readonly database: Database
  readonly ledger: LedgerWithAccounts
  readonly world: World
  readonly books: ReadonlyMap<string, Book>
  readonly funds: Pick<Funds, 'breaks'>
  readonly permits: Pick<Permits, 'breaks'>
  /** While payments may still leave: what could have been done, too, must be done. */
  readonly now?: Instant
}

/** What must be true whenever everything is quiet and everybody was asked: our books, their books, events, lists, lanes. */
export async function quietProblems({
  database,
  ledger,
  world,
  books,
  funds,
  permits,
  now,
}: Quiet): Promise<readonly Problem[]> {
  const { shards } = world
  const published = world.arrivals.map(({ body }) => body)
  const holdings = await readHoldings({ database: database.connect(), tables })
  const { problems, payouts, figures } = audit({ holdings, published, books, shards })
  const [lists, floats] = await Promise.all([
    listBreaks(ledger, payouts, shards),
    floatBreaks(ledger, holdings),
  ])
  const contradicted = new Set(
    payouts
      .filter(({ standing: { attempts } }) => attempts.some(isOverpaid))
      .map(({ participantId, payout }) => `paid twice: ${participantId} ${payout}`),
  )
  // Before closing, the last statements have not come yet.
  const statusOf = statusesIn(payouts)
  const stillToCome = new Set(
    now === undefined ? [] : [...books.values()].flatMap((book) => refundsUntold(book, statusOf)),
  )
  const isKnown = (problem: string) => contradicted.has(problem) || stillToCome.has(referenceIn(problem))
  const named = (check: string) => (detail: string) => ({ check, subject: subjectIn(detail), detail })
  return [
    // What a partner has paid against its word is in our books as that.
    ...problems.filter((problem) => !isKnown(problem)).map(named('audit')),
    ...lists.map(named('list')),
    ...floats.map(named('float')),
    ...governingBreaks(holdings),
    ...noteBreaks(holdings),
    ...dateBreaks(holdings, payouts, shards),
    ...cashBreaks(holdings, payouts, books),
    ...movementBreaks(holdings, payouts, books),
    ...strangersPaid(world.holders, books),
    ...(now === undefined
      ? [...sharingBreaks(holdings), ...leftOpen(payouts), ...permits.breaks(world.endAt)]
      : undone(holdings, payouts, { now, books, tricky: trickyIn(world) })),
    ...funds.breaks(),
    ...factBreaks(holdings, figures.events.accepted),
  ]
}

/** Given up or not: the partner has paid it beside another. */
const isOverpaid = ({ status, ending }: Attempt): boolean => status === 'overpaid' || ending === 'written-off'

/** The payout that a sentence is about, if it names one. */
const subjectIn = (sentence: string): string => /P-\d+ (?:incentive|survey)-\d/.exec(sentence)?.[0] ?? ''

/** The reference of which a sentence says that two books differ. */
const referenceIn = (sentence: string): string => /^books: ([\w-]+):/.exec(sentence)?.[1] ?? ''

/** References of what we hold as paid and the partner has got back since. */
const refundsUntold = (book: Book, statusOf: StatusOf): readonly string[] =>
  untold(book, statusOf)
    .filter(({ direction }) => direction === 'credit')
    .map(({ partnerReferenceNo }) => partnerReferenceNo)

function trickyIn({ holders }: World): Tricky {
  const known = new Set(
    holders.flatMap(({ partner, number, behaviour }) => (behaviour ? [`${partner} ${number}`] : [])),
  )
  return (partner, number) => known.has(`${partner} ${number}`)
}
