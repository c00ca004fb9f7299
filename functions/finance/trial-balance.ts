import type * as z from 'zod'
import { isRefused, type Refused, refuse } from '../../shared/api/problem.ts'
import type { Look } from '../../shared/api/step.ts'
import {
  type CivilDate,
  civilDate,
  earliest,
  epochMs,
  type Instant,
  instant,
  isCivilDate,
  jakartaDate,
  jakartaTimestamp,
  parseInstant,
  plusDays,
  startOfDay,
} from '../../shared/domain/instant.ts'
import type { Posting } from '../../shared/domain/postings.ts'
import { balancesOf, type Cell, cellsOf, createTally } from '../../shared/finance/cube.ts'
import type { proofAnswer, proofQuery, trialBalanceAnswer } from '../../shared/finance/schemas.ts'
import { dueBy } from '../../shared/finance/totals.ts'
import type { FinanceDependencies } from './dependencies.ts'

type Account = z.input<typeof trialBalanceAnswer>['accounts'][number]

const endOf = (day: CivilDate): Instant => instant(epochMs(startOfDay(plusDays(day, 1))) - 1)

/** The instant that a query means, at the latest now; a day is meant to its end. */
function cutOffOf(at: string | undefined, now: Instant): Instant | Refused {
  if (at === undefined) return now
  const meant = isCivilDate(at) ? endOf(civilDate(at)) : parseInstant(at)
  return meant === undefined ? refuse(400, 'The query cannot be read. at: no instant') : earliest(meant, now)
}

/** In Jakarta, as it may be asked for again. */
export const toTheMillisecond = (at: Instant): string =>
  jakartaTimestamp(at).replace('+', `${at.slice(19, 23)}+`)

const accountsOf = (sums: ReadonlyMap<string, number>): Account[] =>
  [...sums]
    .filter(([, rupiah]) => rupiah !== 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([account, rupiah]) => ({ account, rupiah }))

/** What a day's movements up to an instant have moved; refused where they cannot be read within one answer. */
async function cellsUntil(
  { movements }: FinanceDependencies,
  day: CivilDate,
  cutOff: Instant,
  timeLeft: Look['timeLeft'],
): Promise<readonly Cell[] | Refused> {
  const tally = createTally()
  for await (const movement of movements.readDay(day)) {
    if (!timeLeft())
      return refuse(
        422,
        `${day} has more movements than one answer can read: ask for the end of a day, which needs none of them.`,
      )
    if (movement.at <= cutOff) tally.add(cellsOf(movement))
  }
  return tally.cells()
}

/** Every account at an instant: from the totals of whole days, and where the instant is within one, from its movements. */
export async function trialBalance(
  deps: FinanceDependencies,
  at: string | undefined,
  { now, timeLeft }: Look,
): Promise<z.input<typeof trialBalanceAnswer> | Refused> {
  const cutOff = cutOffOf(at, now)
  if (typeof cutOff !== 'string') return cutOff
  const day = jakartaDate(cutOff)
  const isWhole = cutOff === now || cutOff === endOf(day)
  const days = await deps.totals.read(undefined, isWhole ? day : plusDays(day, -1))
  const rest = isWhole ? [] : await cellsUntil(deps, day, cutOff, timeLeft)
  if (isRefused(rest)) return rest
  const accounts = accountsOf(balancesOf([...days.flatMap(({ cells }) => cells), ...rest]))
  const sum = accounts.reduce((total, { rupiah }) => total + rupiah, 0)
  const countedTo = toTheMillisecond(earliest(cutOff, dueBy(now)))
  return { cutOff: toTheMillisecond(cutOff), countedTo, accounts, sum }
}

type Proven = z.input<typeof proofAnswer>['accounts'][number]

/** Every account that entries have touched, as they come: those up to an instant in one sum, those after it in others. */
function createProof(countedTo: Instant) {
  const accounts = new Map<string, Proven>()
  function add(account: string, name: 'rupiah' | 'received' | 'given', amount: number): void {
    const known = accounts.get(account) ?? { account, rupiah: 0, received: 0, given: 0 }
    accounts.set(account, { ...known, [name]: known[name] + amount })
  }
  return {
    add({ from, to, amount }: Posting, at: Instant): void {
      const isLater = at > countedTo
      add(to, isLater ? 'received' : 'rupiah', amount)
      add(from, isLater ? 'given' : 'rupiah', isLater ? amount : -amount)
    },
    accounts: (): Proven[] =>
      [...accounts.values()]
        .filter(({ rupiah, received, given }) => rupiah !== 0 || received !== 0 || given !== 0)
        .sort((one, other) => (one.account < other.account ? -1 : 1)),
  }
}

/** The same from the journal alone, of one share of it. Shares are equal enough: the largest decides how many to take. */
export async function proof(
  { history }: FinanceDependencies,
  { share, of, at, countedTo: text }: z.output<typeof proofQuery>,
  now: Instant,
): Promise<z.input<typeof proofAnswer> | Refused> {
  if (share >= of) return refuse(400, `The query cannot be read. share: from 0 to ${of - 1}`)
  const cutOff = cutOffOf(at, now)
  if (typeof cutOff !== 'string') return cutOff
  const countedTo = text === undefined ? cutOff : parseInstant(text)
  if (countedTo === undefined) return refuse(400, 'The query cannot be read. countedTo: no instant')
  const sums = createProof(countedTo)
  let [entries, later] = [0, 0]
  for await (const owned of history.owners(share, of))
    for (const { at: moment, postings } of owned.filter((entry) => entry.at <= cutOff)) {
      entries += 1
      if (moment > countedTo) later += 1
      for (const posting of postings) sums.add(posting, moment)
    }
  return { accounts: sums.accounts(), entries, later }
}
