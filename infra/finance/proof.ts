import type * as z from 'zod'
import { financeRoutes as routes } from '../../shared/finance/routes.ts'
import { type figure, trialBalanceAnswer } from '../../shared/finance/schemas.ts'
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
import { count } from '../local/text.ts'
import { money } from './sheet.ts'

/** The same balances three times over: from the sums, from the journal entry by entry, and from the payouts' rows. */

type TrialBalance = z.output<typeof trialBalanceAnswer>
type Figure = z.output<typeof figure>
type Proof = {
  readonly accounts: ReadonlyMap<string, number>
  readonly entries: number
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

async function readJournal(
  session: Session,
  at: string | undefined,
  shares: number,
): Promise<Pick<Proof, 'accounts' | 'entries'> | Stopped> {
  const accounts = new Map<string, number>()
  let entries = 0
  for (let share = 0; share < shares; share++) {
    session.progress(`${count(entries)} entries, share ${count(share + 1)} of ${count(shares)}`)
    const query = given({ at, share: String(share), of: String(shares) })
    const part = await session.ask(routes.proof, { query })
    if (isStopped(part)) return part
    entries += part.entries
    for (const { account, rupiah } of part.accounts)
      accounts.set(account, (accounts.get(account) ?? 0) + rupiah)
  }
  return { accounts, entries }
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

/** What one of them says otherwise than the sums. */
export function differencesOf({ accounts }: TrialBalance, proof: Proof): readonly Difference[] {
  const sums = new Map(accounts.map(({ account, rupiah }) => [account, rupiah]))
  const names = [...new Set([...sums.keys(), ...proof.accounts.keys()])].sort()
  const pairs = names.map((account) => ({
    what: account,
    sums: sums.get(account) ?? 0,
    proven: proof.accounts.get(account) ?? 0,
  }))
  return [...pairs, ...stateDifferences(sums, proof)].filter((pair) => pair.sums !== pair.proven)
}

function stateDifferences(sums: ReadonlyMap<string, number>, { states }: Proof): readonly Difference[] {
  if (!states) return []
  return ['payable', 'in-transit', 'paid'].map((book) => ({
    what: `payouts that are ${book}, by their rows`,
    sums: [...sums].reduce(
      (sum, [account, rupiah]) => sum + (account.startsWith(`${book}/`) ? rupiah : 0),
      0,
    ),
    proven: Object.entries(states).reduce(
      (sum, [state, { rupiah }]) => sum + (bookOf[state] === book ? rupiah : 0),
      0,
    ),
  }))
}

function showProof(proof: Proof, differences: readonly Difference[], { paint }: View): Shown {
  const { entries, states } = proof
  const what = `${count(entries)} entries of the journal${states ? ' and the states of all payouts' : ''}`
  const lines =
    differences.length === 0
      ? [paint('good', `proven: ${what} say the same`)]
      : differences.map(({ what: name, sums, proven }) =>
          paint('bad', `${name}: ${money(sums)} by the sums, ${money(proven)} proven`),
        )
  return {
    lines,
    ...(differences.length > 0 && {
      hints: ['The sums are up to two minutes behind: if it stays so, totals have to be mended'],
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
      // One instant for all: whatever happens meanwhile is after it.
      const journal = await readJournal(session, read.data.cutOff, shares)
      if (isStopped(journal)) return journal
      const states = at === undefined ? await readStates(session) : undefined
      if (isStopped(states)) return states
      const proof = { ...journal, ...(states && { states }) }
      const differences = differencesOf(read.data, proof)
      return {
        json: { ...read.data, proof: { entries: journal.entries, ...(states && { states }), differences } },
        show(view) {
          const [shown, proven] = [show(read.data, view), showProof(proof, differences, view)]
          return { ...shown, ...proven, lines: [...shown.lines, ...apart(proven.lines)] }
        },
      }
    },
  }
}
