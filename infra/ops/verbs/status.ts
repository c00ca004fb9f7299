import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import type { statusAnswer } from '../../../shared/operations/schemas.ts'
import type { Tone } from '../../command/paint.ts'
import { apart, type Column, table } from '../../command/table.ts'
import { plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { age, moment } from '../../command/words.ts'
import { count, counted } from '../../local/text.ts'

type Status = z.output<typeof statusAnswer>
type Lane = Status['partners'][string] & { readonly partner: string }
type Total = Status['held']

const payouts = ({ count: number, atLeast }: Total): string => `${count(number)}${atLeast ? '+' : ''}`
const money = ({ rupiah, atLeast }: Total): string => `${formatRupiah(rupiah)}${atLeast ? '+' : ''}`

/** A lane in a few words. */
function doorOf({ paused, canary }: Lane): string {
  const closed = Object.keys(paused)
  if (closed.length > 1) return 'paused'
  const parts = [
    ...closed.map((kind) => `paused for ${kind}`),
    ...Object.entries(canary ?? {}).map(([kind, left]) => `canary for ${kind}, ${left} left`),
  ]
  return parts.length > 0 ? parts.join('; ') : 'open'
}

const doorTone = (lane: Lane): Tone =>
  Object.keys(lane.paused).length > 0 ? 'bad' : lane.canary ? 'open' : 'good'

const laneColumns = ({ now }: View): readonly Column<Lane>[] => {
  const oldest = ({ oldest: since }: Total) => (since === undefined ? '' : age(since, now))
  return [
    { title: 'LANE', text: ({ partner }) => partner },
    { title: 'DUE', right: true, text: ({ due }) => payouts(due) },
    { title: 'RUPIAH', right: true, text: ({ due }) => money(due) },
    { title: 'OLDEST', text: ({ due }) => oldest(due) },
    { title: 'PUT OFF', right: true, text: ({ putOff }) => (putOff ? payouts(putOff) : '') },
    { title: 'LATER', right: true, text: ({ later }) => payouts(later) },
    {
      title: 'FLOAT',
      right: true,
      text: ({ available }) => formatRupiah(available),
      tone: ({ available, due }) => (available < due.rupiah ? 'bad' : undefined),
    },
    {
      title: 'RELEASED',
      text: ({ lastRelease }) => (lastRelease === undefined ? '' : age(lastRelease, now)),
    },
    {
      title: 'DOOR',
      text: doorOf,
      tone: doorTone,
    },
  ]
}

/** What is no longer, or not yet, the lane's to send: how many, and for how long the oldest. */
const workColumns = ({ now }: View): readonly Column<Lane>[] => {
  const of = (title: string, total: (lane: Lane) => Total, tone?: Tone): readonly Column<Lane>[] => [
    {
      title,
      right: true,
      text: (lane) => payouts(total(lane)),
      tone: (lane) => (total(lane).count > 0 ? tone : undefined),
    },
    {
      title: 'OLDEST',
      text: (lane) => {
        const { oldest } = total(lane)
        return oldest === undefined ? '' : age(oldest, now)
      },
    },
  ]
  return [
    { title: 'LANE', text: ({ partner }) => partner },
    ...of('IN FLIGHT', ({ inFlight }) => inFlight),
    ...of('PENDING', ({ pending }) => pending),
    ...of('UNKNOWN', ({ unknown }) => unknown),
    ...of('FAILED', ({ failed }) => failed, 'bad'),
    ...of('HELD', ({ held }) => held),
  ]
}

const restColumns = ({ now }: View): readonly Column<readonly [string, Total]>[] => [
  { title: 'ELSEWHERE', text: ([name]) => name },
  { title: 'PAYOUTS', right: true, text: ([, total]) => payouts(total) },
  { title: 'RUPIAH', right: true, text: ([, total]) => money(total) },
  { title: 'OLDEST', text: ([, { oldest }]) => (oldest === undefined ? '' : age(oldest, now)) },
]

/** One line a pause: kinds that were paused together share it. */
function pauseLines({ partner, paused }: Lane, { now, paint }: View): string[] {
  const together = Map.groupBy(Object.entries(paused), ([, pause]) => JSON.stringify(pause))
  return [...together.values()].map((pauses) => {
    const kinds = pauses.map(([kind]) => kind).join(' and ')
    const { since = '', reason = '', by = '', note, confirmed } = pauses[0]?.[1] ?? {}
    const when = `since ${moment(since)} (${age(since, now)})`
    const again =
      confirmed === undefined ? '' : `, wanted again ${moment(confirmed)} (${age(confirmed, now)})`
    const why = `${reason}${again}${note === undefined ? '' : `: ${note}`}`
    return `${paint('bad', `${partner} is paused`)} for ${kinds} payouts ${when} by ${by}: ${why}`
  })
}

function showStatus(answer: Status, view: View): Shown {
  const lanes = Object.entries(answer.partners).map(([partner, lane]) => ({ ...lane, partner }))
  const elsewhere = [
    ['waiting for an account', answer.waiting],
    ['held, at whatever partner', answer.held],
  ] as const
  const letters = Object.entries(answer.deadLetters)
  return {
    lines: [
      `${moment(answer.at)} in Jakarta`,
      ...apart(table(lanes, laneColumns(view), view.paint)),
      ...apart(table(lanes, workColumns(view), view.paint)),
      ...apart(table(elsewhere, restColumns(view), view.paint)),
      ...apart(lanes.flatMap((lane) => pauseLines(lane, view))),
      ...apart(
        letters.map(([queue, number]) => view.paint('bad', `${queue} holds ${counted(number, 'message')}`)),
      ),
    ],
    ...(letters.length > 0 && { hints: [`What is in the dead-letter queues: ${view.command('dlq')}`] }),
  }
}

export const status: Verb = {
  name: 'status',
  summary: routes.status.summary,
  routes: [routes.status],
  examples: [['', 'every lane: what is due, in flight, unknown, failed or held, and whether it is open']],
  notes: `DUE may be sent now and is not yet; of these, PUT OFF is what the partner could not be asked about, and is tried
again by itself, daily in the end. LATER has a day that has not come; IN FLIGHT is with a worker. PENDING and UNKNOWN
are asked about again: nobody has to do anything but wait. OLDEST is for how long the oldest is so; of what is due,
since its day. FLOAT is what no payment has taken; RELEASED, how long ago the lane was last given anything to send. A
figure with a + is a part: there was more than was counted.`,
  plan: () => plan(routes.status, {}, showStatus),
}
