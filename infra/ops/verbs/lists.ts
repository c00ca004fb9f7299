import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { uselessFilters } from '../../../shared/operations/list-filters.ts'
import { routes } from '../../../shared/operations/routes.ts'
import type { ListedPayout, listAnswer, listNames } from '../../../shared/operations/schemas.ts'
import { toneOf } from '../../command/paint.ts'
import { type Column, table } from '../../command/table.ts'
import { type Options, plan, present, type Shown, type Verb, type View } from '../../command/verb.ts'
import { age, moment } from '../../command/words.ts'
import type { Given } from '../../command-line.ts'
import { count, counted } from '../../local/text.ts'
import { filters } from '../options.ts'
import { everyPage, pagesMax } from '../paging.ts'

type List = z.output<typeof listAnswer>
type ListName = (typeof listNames)[number]

/** The filter that the options make. */
export const filterOf = ({ texts }: Given): Record<string, unknown> =>
  present({
    partner: texts.partner,
    reason: texts.reason,
    remedy: texts.remedy,
    wave: texts.wave,
    kind: texts.kind,
    since: texts.since,
    olderThan: texts['older-than'],
  })

const columns = (list: ListName, { now }: View): readonly Column<ListedPayout>[] => [
  { title: 'PAYOUT', text: ({ participantId, payout }) => `${participantId}/${payout}` },
  { title: 'AMOUNT', right: true, text: ({ amount }) => formatRupiah(amount) },
  { title: 'WAVE', right: true, text: ({ wave }) => String(wave) },
  { title: 'PARTNER', text: ({ partner = '' }) => partner },
  { title: 'ACCOUNT', text: ({ lastFour }) => (lastFour === undefined ? '' : `…${lastFour}`) },
  { title: 'ATTEMPT', right: true, text: ({ attempt }) => (attempt === undefined ? '' : String(attempt)) },
  {
    title: 'STATE',
    text: ({ state }) => (list === 'failed' || list === 'unknown' ? state : ''),
    tone: ({ state }) => toneOf(state),
  },
  { title: 'REASON', text: ({ reason = '' }) => reason },
  {
    title: 'MOVE',
    text: ({ remedy = '' }) => remedy,
    tone: ({ remedy }) => (remedy === 'operator' ? 'strong' : undefined),
  },
  { title: 'SINCE', text: ({ since }) => moment(since) },
  { title: 'AGE', right: true, text: ({ since }) => age(since, now) },
  { title: 'ASKED AGAIN', text: ({ at }) => (list === 'unknown' && at !== undefined ? age(at, now) : '') },
  {
    title: 'TRIED AGAIN',
    text: ({ at, since }) => (list === 'due' && at !== undefined && at !== since ? age(at, now) : ''),
  },
]

/** What all pages come to, where that is more than the page shows. */
const inAll = ({ page, total, next }: List): readonly string[] =>
  next !== undefined && total && total.count > page.count
    ? [
        `in all ${total.atLeast ? 'at least ' : ''}${counted(total.count, 'payout')}, ${formatRupiah(total.rupiah)}`,
      ]
    : []

const show =
  (list: ListName, given: Given) =>
  (answer: List, view: View): Shown => {
    const { payouts, page, next } = answer
    const limit = given.texts.limit === undefined ? '' : ` --limit ${given.texts.limit}`
    const sum = `${counted(page.count, 'payout')}, ${formatRupiah(page.rupiah)}`
    const options = Object.entries(given.texts).filter(([name]) => name in filters)
    const only = given.switches.has('eligible') ? ' --eligible' : ''
    const filter = options.map(([name, value]) => ` --${name} ${value}`).join('') + only
    if (payouts.length === 0 && next === undefined)
      return { lines: [`no payout is ${described[list]}${filter && ` (${filter.trim()})`}`] }
    return {
      lines: [
        ...table(payouts, columns(list, view), view.paint),
        view.paint('strong', next === undefined ? sum : `${sum}, and there are more`),
        ...inAll(answer).map((line) => view.paint('strong', line)),
      ],
      ...(next !== undefined && {
        hints: [
          `All of them: ${view.command(`${list}${filter} --all`)}`,
          `The next page: ${view.command(`${list}${filter}${limit} --cursor ${next}`)}`,
        ],
      }),
    }
  }

const pageMax = 500

const joined = (all: List, { payouts, page, next }: List): List => ({
  payouts: [...all.payouts, ...payouts],
  page: { count: all.page.count + page.count, rupiah: all.page.rupiah + page.rupiah },
  ...(next !== undefined && { next }),
})

const described: Readonly<Record<ListName, string>> = {
  due: 'due and not sent yet',
  failed: 'failed or returned',
  unknown: 'pending or unknown at a partner',
  held: 'held',
  waiting: 'waiting for an account',
}

const pageOptions = {
  limit: { value: 'N', says: `at most so many (50)`, takes: `a whole number from 1 to ${pageMax}` },
  cursor: { value: 'TEXT', says: 'go on where a page ended', takes: 'what the page before has given' },
  all: { says: `every page, up to ${count(pagesMax * pageMax)} payouts` },
} as const

/** The filters that choose something of a list. */
function optionsOf(list: ListName): Options {
  const chosen = Object.entries(filters).filter(([name]) => !(name in uselessFilters[list]))
  return {
    ...Object.fromEntries(chosen),
    ...(list === 'unknown' && { eligible: { says: 'only what no statement has and may be settled by now' } }),
  }
}

const listVerb = (list: ListName, examples: Verb['examples'], notes: string): Verb => ({
  name: list,
  summary: `Payouts that are ${described[list]}, ${list === 'unknown' ? 'in the order of the next question' : 'oldest first'}.`,
  options: { ...optionsOf(list), ...pageOptions },
  routes: [routes.list],
  examples,
  notes,
  plan(given) {
    const { limit, cursor } = given.texts
    const all = given.switches.has('all')
    if (all && limit !== undefined) return { mistake: '--all and --limit exclude each other: choose one' }
    const eligible = given.switches.has('eligible') ? 'true' : undefined
    const filter = { ...filterOf(given), eligible }
    const query = present({ ...filter, list, limit: all ? String(pageMax) : limit, cursor })
    const texts = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))
    return plan(
      routes.list,
      { query: texts },
      show(list, given),
      all ? everyPage(routes.list, texts, joined) : undefined,
    )
  },
})

export const lists: readonly Verb[] = [
  listVerb(
    'due',
    [['--partner gopay --older-than 1', 'what should have been sent a day ago']],
    `These are sent as soon as calendar, rate and float allow. What is due and does not move waits for its lane: see status.
What was put off, its partner having had no answer about it, comes last and says when it is tried again.`,
  ),
  listVerb(
    'failed',
    [
      ['--remedy operator', 'what waits for you'],
      [
        '--partner bni --reason account-dormant --older-than 14',
        'a reason at a partner, for two weeks already',
      ],
      ['--since 2020-10-01 --all --json', 'all since a day, for a program'],
    ],
    `Failed means proven not paid; returned, that the money came back, which is an operator's to see to, and has no reason.
MOVE is who can repair it: participant (link another account), partner, operator. What it takes afterwards is retry.`,
  ),
  listVerb(
    'unknown',
    [
      ['--partner gopay --older-than 2', 'what a partner has owed an answer for two days'],
      ['--partner gopay --eligible', 'for which two people may want the document now'],
    ],
    `Nobody knows whether these were paid, so nobody can send them again. The system goes on asking; inquire puts some
first, and settle closes one by the partner's document. --eligible are those that the partner says it does not find, no
statement has and settle takes, as of its last statement; show says what another one lacks, or from when on.`,
  ),
  listVerb(
    'held',
    [
      ['--reason account-shared', 'accounts that two participants have linked'],
      ['--reason attempt-at-work', 'a partner is still at work on what it had rejected'],
      ['--partner ovo --older-than 7', 'what would go to a partner, for a week already'],
    ],
    "What is held is not sent until unhold, or is cancelled: whichever, the move is an operator's.",
  ),
  listVerb(
    'waiting',
    [['--wave 4 --older-than 30', 'participants of a wave who have linked no account for a month']],
    `These are due as soon as the participant has linked an account: nobody else can do anything. Without an account there is
no partner yet, so that there is no --partner to choose by.`,
  ),
]
