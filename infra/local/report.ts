import { type Instant, jakartaDate } from '../../shared/domain/instant.ts'
import { deferralReasons, rejectionRemedy } from '../../shared/domain/outcome.ts'
import { formatRupiah } from '../../shared/domain/rupiah.ts'
import { remedyOfRepeated } from '../../shared/domain/state.ts'
import type { EventFigures } from './audit/events.ts'
import { type Alignment, count, counted, table } from './text.ts'

/** What an audit finds. Money is whole rupiah. */
export type Figures = {
  readonly events: Omit<EventFigures, 'lost'>
  readonly entitlements: number
  /** By state, every state named. */
  readonly payouts: Readonly<Record<string, number>>
  /** By reason: not paid, and the last attempt or verification failed. */
  readonly failed: Readonly<Record<string, number>>
  readonly rupiah: Readonly<
    Record<'accrued' | 'payable' | 'inTransit' | 'paid' | 'cancelled' | 'overpaid', number>
  >
  /** Ours, and what the partner's own book says, net of refunds. */
  readonly partners: Readonly<
    Record<string, Readonly<Record<'paid' | 'rupiah' | 'partnerBookPaid' | 'partnerBookRupiah', number>>>
  >
  /** Payouts for which the partners' books show more than their amount. */
  readonly doublePaid: number
  /** Events without a trace, and payouts that nobody would work on. */
  readonly lost: number
  readonly booksBalance: boolean
}

/** What `--json` prints. */
export type Report = Figures & {
  /** Where the run went on with other events than it was given before: `events` are those dated after this. */
  readonly eventsSince?: Instant
  /** On average over the payouts paid at their first attempt. */
  readonly writeUnitsPerPayout: number
  readonly payoutsPerSecond: number
  /** Of wall time, from start to finish. */
  readonly seconds: number
}

export const isSound = ({ doublePaid, lost, booksBalance }: Report): boolean =>
  doublePaid === 0 && lost === 0 && booksBalance

/** Whose move it is; a payout that came back waits for an operator to look at it. */
const remedies: Readonly<Record<string, string>> = {
  ...Object.fromEntries(deferralReasons.map((reason) => [reason, remedyOfRepeated(reason)])),
  'attempts-exhausted': remedyOfRepeated('attempts-exhausted'),
  ...rejectionRemedy,
  returned: 'operator',
}

/** Largest first; equal ones by name. */
const ranked = (counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts)
    .filter(([, number]) => number > 0)
    .sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1))

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

function section(title: string, rows: readonly (readonly string[])[], ...alignments: Alignment[]): string[] {
  return ['', title, ...indented(table(rows, ['left', ...alignments]))]
}

function eventSection({ events, eventsSince }: Report, unpublished: number): string[] {
  const { received, accepted, duplicate, quarantined } = events
  const reasons = ranked(quarantined)
  const all = reasons.reduce((sum, [, number]) => sum + number, 0)
  const rows = [
    ['received', count(received)],
    ['accepted', count(accepted)],
    ['duplicate', count(duplicate)],
    ['quarantined', count(all)],
    ...reasons.map(([reason, number]) => [`  ${reason}`, count(number)]),
    ...(unpublished > 0 ? [['dated later, not published', count(unpublished)]] : []),
  ]
  const title = eventsSince === undefined ? 'Events' : `Events after ${jakartaDate(eventsSince)}`
  return section(title, rows, 'right')
}

function payoutSection({ entitlements, payouts }: Report): string[] {
  const rows = Object.entries(payouts).filter(([, number]) => number > 0)
  const all = rows.reduce((sum, [, number]) => sum + number, 0)
  const title = `Payouts: ${count(all)} under ${counted(entitlements, 'entitlement')}`
  return section(
    title,
    rows.map(([state, number]) => [state, count(number)]),
    'right',
  )
}

function failureSection({ failed }: Report): string[] {
  if (ranked(failed).length === 0) return []
  const rows = ranked(failed).map(([reason, number]) => [
    reason,
    count(number),
    remedies[reason] ?? 'operator',
  ])
  return section('Failed and not paid since: why, how many, whose move', rows, 'right', 'left')
}

function rupiahSection({ rupiah }: Report): string[] {
  const { accrued, payable, inTransit, paid, cancelled, overpaid } = rupiah
  const rows = [
    ['accrued', accrued],
    ['paid', paid],
    ['in transit', inTransit],
    ['payable', payable],
    ['cancelled, back in the budget', cancelled],
    ['overpaid, to be recovered', overpaid],
  ] as const
  const named = rows.map(([name, amount]) => [name, formatRupiah(amount)])
  return section('Rupiah', named, 'right')
}

function partnerSection({ partners }: Report): string[] {
  const rows = Object.entries(partners).map(
    ([partner, { paid, rupiah, partnerBookPaid, partnerBookRupiah }]) => [
      partner,
      count(paid),
      formatRupiah(rupiah),
      count(partnerBookPaid),
      formatRupiah(partnerBookRupiah),
    ],
  )
  const head = ['', 'paid', 'by our books', 'paid', "by the partner's"]
  return section('Partners', [head, ...rows], 'right', 'right', 'right', 'right')
}

function promiseSection({ doublePaid, lost, booksBalance }: Report): string[] {
  const rows = [
    ['paid twice', count(doublePaid)],
    ['lost', count(lost)],
    ['the books balance', booksBalance ? 'yes' : 'NO'],
  ]
  return section('Promises', rows, 'right')
}

/** The report for people. `unpublished`: lines dated after the end of the run. */
export function describeReport(report: Report, unpublished: number): string {
  const { writeUnitsPerPayout, payoutsPerSecond, seconds } = report
  const lines = [
    ...eventSection(report, unpublished),
    ...payoutSection(report),
    ...failureSection(report),
    ...rupiahSection(report),
    ...partnerSection(report),
    ...promiseSection(report),
    '',
    `${writeUnitsPerPayout} write units per payout · ${payoutsPerSecond} payouts per second · ${seconds} seconds`,
  ]
  return lines.slice(1).join('\n')
}
