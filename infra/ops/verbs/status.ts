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
  const of = (kinds: readonly string[]): string => (kinds.length > 1 ? '' : ` for ${kinds[0]}`)
  const closed = Object.keys(paused)
  if (closed.length > 1) return 'paused'
  const parts = [
    ...(closed.length > 0 ? [`paused${of(closed)}`] : []),
    ...(canary ? [`canary${of(canary.kinds)}, ${canary.left} left`] : []),
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
    { title: 'ASKED', right: true, text: ({ asked }) => payouts(asked) },
    { title: 'NEXT', text: ({ asked }) => oldest(asked) },
    {
      title: 'FAILED',
      right: true,
      text: ({ failed }) => payouts(failed),
      tone: ({ failed }) => (failed.count > 0 ? 'bad' : undefined),
    },
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
    const { since = '', reason = '', by = '' } = pauses[0]?.[1] ?? {}
    const when = `since ${moment(since)} (${age(since, now)})`
    return `${paint('bad', `${partner} is paused`)} for ${kinds} payouts ${when} by ${by}: ${reason}`
  })
}

function showStatus(answer: Status, view: View): Shown {
  const lanes = Object.entries(answer.partners).map(([partner, lane]) => ({ ...lane, partner }))
  const elsewhere = [
    ['waiting for an account', answer.waiting],
    ['held', answer.held],
  ] as const
  const letters = Object.entries(answer.deadLetters)
  return {
    lines: [
      `${moment(answer.at)} in Jakarta`,
      ...apart(table(lanes, laneColumns(view), view.paint)),
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
  examples: [['', 'every lane: what is due, asked about, failed, and whether it is open']],
  notes: `DUE may be sent now and is not yet; ASKED is pending or unknown at the partner and asked about again at NEXT:
nobody has to do anything but wait; LATER has a day that has not come. FLOAT is what no payment has taken. A figure
with a + is a part: there was more than was counted.`,
  plan: () => plan(routes.status, {}, showStatus),
}
