import type * as z from 'zod'
import { financeRoutes as routes } from '../../shared/finance/routes.ts'
import { type figure, type proofAnswer, trialBalanceAnswer } from '../../shared/finance/schemas.ts'
import { exitCodes } from '../command/exit-codes.ts'
import { apart } from '../command/table.ts'
import {
  given,
  isStopped,
  type Plan,
  printable,
  type Session,
  type Shown,
  type Stopped,
  type View,
} from '../command/verb.ts'
import { second } from '../command/words.ts'
import { count } from '../local/text.ts'
import { money } from './sheet.ts'
import { notAllCounted } from './verification.ts'

/**
 * The same balances three times over: from the sums, from the journal entry by entry, and from the payouts' rows. The sums
 * are behind the journal, and payments may move while all is read: of what was written since `countedTo`, the sums have
 * none, some or all, and so do the rows, which are read before the journal. So a balance may be off by as much as later
 * entries have brought or taken, and by nothing where there are none.
 */

type TrialBalance = z.output<typeof trialBalanceAnswer>
type Figure = z.output<typeof figure>
type Account = z.output<typeof proofAnswer>['accounts'][number]
type Proof = {
  readonly accounts: ReadonlyMap<string, Account>
  readonly entries: number
  readonly later: number
  /** Only of now: rows know nothing of the past. */
  readonly states?: Readonly<Record<string, Figure>>
}
export type Difference = { readonly what: string; readonly sums: number; readonly proven: number }

/** Which books hold what a payout in this state is. */
const bookOf: Readonly<Record<string, string>> = {
  waiting: 'payable',
  scheduled: 'payable',
  failed: 'payable',
  returned: 'payable',
  held: 'payable',
  sending: 'in-transit',
  pending: 'in-transit',
  unknown: 'in-transit',
  paid: 'paid',
}

const untouched = { rupiah: 0, received: 0, given: 0 }
const sumOf = (one: Account, { rupiah, received, given: taken }: typeof untouched): Account => ({
  account: one.account,
  rupiah: one.rupiah + rupiah,
  received: one.received + received,
  given: one.given + taken,
})

async function readJournal(
  session: Session,
  instants: Readonly<Record<string, string>>,
  shares: number,
): Promise<Omit<Proof, 'states'> | Stopped> {
  const accounts = new Map<string, Account>()
  let [entries, later] = [0, 0]
  for (let share = 0; share < shares; share++) {
    session.progress(`${count(entries)} entries, share ${count(share + 1)} of ${count(shares)}`)
    const query = { ...instants, share: String(share), of: String(shares) }
    const part = await session.ask(routes.proof, { query })
    if (isStopped(part)) return part
    entries += part.entries
    later += part.later
    for (const each of part.accounts)
      accounts.set(each.account, sumOf(each, accounts.get(each.account) ?? untouched))
  }
  return { accounts, entries, later }
}

/** Answers that the rows of the whole programme take, twice. */
const answersMax = 5_000

async function readStates(session: Session): Promise<Readonly<Record<string, Figure>> | Stopped> {
  const states: Record<string, Figure> = {}
  let after: string | undefined
  for (let answers = 0; answers < answersMax; answers++) {
    const part = await session.ask(routes.states, { query: given({ after }) })
    if (isStopped(part)) return part
    for (const [state, figure] of Object.entries(part.states)) {
      const { count: number, rupiah } = states[state] ?? { count: 0, rupiah: 0 }
      states[state] = { count: number + figure.count, rupiah: rupiah + figure.rupiah }
    }
    after = part.next
    if (after === undefined) return states
    session.progress(`${count(Object.values(states).reduce((sum, each) => sum + each.count, 0))} payouts`)
  }
  session.say('There are more payouts than the programme can have')
  return { stopped: exitCodes.refused }
}

type Compared = Difference & { readonly low: number; readonly high: number }

/** What one of them says otherwise than the sums, and later entries do not explain. */
function differencesOf({ accounts }: TrialBalance, proof: Proof): readonly Difference[] {
  const sums = new Map(accounts.map(({ account, rupiah }) => [account, rupiah]))
  const names = [...new Set([...sums.keys(), ...proof.accounts.keys()])].sort()
  const pairs = names.map((account): Compared => {
    const { rupiah: proven, received, given: taken } = proof.accounts.get(account) ?? untouched
    const range = { low: proven - taken, high: proven + received }
    return { what: account, sums: sums.get(account) ?? 0, proven, ...range }
  })
  return [...pairs, ...stateComparisons(sums, proof)]
    .filter((pair) => pair.sums < pair.low || pair.sums > pair.high)
    .map(({ what, sums: kept, proven }) => ({ what, sums: kept, proven }))
}

const inBook = <Item>(book: string, accounts: Iterable<readonly [string, Item]>): Item[] =>
  [...accounts].flatMap(([account, item]) => (account.startsWith(`${book}/`) ? [item] : []))
const total = (amounts: readonly number[]): number => amounts.reduce((sum, each) => sum + each, 0)

function stateComparisons(
  sums: ReadonlyMap<string, number>,
  { states, accounts }: Proof,
): readonly Compared[] {
  if (!states) return []
  return ['payable', 'in-transit', 'paid'].map((book) => {
    const proven = total(
      Object.entries(states).map(([state, { rupiah }]) => (bookOf[state] === book ? rupiah : 0)),
    )
    // Neither the sums nor the rows need have what is later: one may have all of it, and the other nothing.
    const later = total(inBook(book, accounts).map(({ received, given: taken }) => received + taken))
    return {
      what: `payouts that are ${book}, by their rows`,
      ...{ sums: total(inBook(book, sums)), proven, low: proven - later, high: proven + later },
    }
  })
}

/** The proof with later entries taken for counted. */
const withLater = ({ accounts, ...proof }: Proof): Proof => ({
  ...proof,
  accounts: new Map(
    [...accounts].map(([account, { rupiah, received, given: taken }]) => [
      account,
      { ...untouched, account, rupiah: rupiah + received - taken },
    ]),
  ),
})

/** `later` is 0 where the sums and the rows have all entries. */
type Judged = Pick<Proof, 'entries' | 'later'> & {
  readonly states?: NonNullable<Proof['states']>
  readonly differences: readonly Difference[]
}
function judge(balance: TrialBalance, proof: Proof): Judged {
  const { entries, later, states } = proof
  const isAllThere = differencesOf(balance, withLater(proof)).length === 0
  return {
    ...{ entries, later: isAllThere ? 0 : later, ...(states && { states }) },
    differences: isAllThere ? [] : differencesOf(balance, proof),
  }
}

function showProof(
  { entries, later, states, differences }: Judged,
  countedTo: string,
  { paint, command }: View,
): Shown {
  const what = `${count(entries)} entries of the journal${states ? ' and the states of all payouts' : ''}`
  const lines =
    differences.length === 0
      ? [`${paint('good', `proven: ${what} say the same`)}${notAllCounted({ later, countedTo })}`]
      : differences.map(({ what: name, sums, proven }) =>
          paint('bad', `${name}: ${money(sums)} by the sums, ${money(proven)} proven`),
        )
  return {
    lines,
    ...(differences.length > 0 && {
      hints: [
        `What is later than ${second(countedTo)} in Jakarta does not explain it: ${command('verify')} names the days that are wrong`,
      ],
      code: exitCodes.refused,
    }),
  }
}

/** A plan for a trial balance with its proof. */
export function provenPlan(
  at: string | undefined,
  shares: number,
  show: (balance: TrialBalance, view: View) => Shown,
): Plan {
  return {
    route: routes.trialBalance,
    request: { query: given({ at }) },
    async finish(body, session) {
      const read = trialBalanceAnswer.safeParse(printable(body))
      if (!read.success) return undefined
      const { cutOff, countedTo } = read.data
      const states = at === undefined ? await readStates(session) : undefined
      if (isStopped(states)) return states
      // Of now, the journal is read to its end: then it has whatever the rows have seen.
      const instants = given({ at: at === undefined ? undefined : cutOff, countedTo })
      const journal = await readJournal(session, instants, shares)
      if (isStopped(journal)) return journal
      const proof = judge(read.data, { ...journal, ...(states && { states }) })
      return {
        json: { ...read.data, proof },
        show(view) {
          const [shown, proven] = [show(read.data, view), showProof(proof, countedTo, view)]
          return { ...shown, ...proven, lines: [...shown.lines, ...apart(proven.lines)] }
        },
      }
    },
  }
}
