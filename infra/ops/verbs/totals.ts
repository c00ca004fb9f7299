import type * as z from 'zod'
import { repairDaysMax } from '../../../shared/finance/repair.ts'
import type { repairAnswer } from '../../../shared/operations/repairs.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { toneOf } from '../../command/paint.ts'
import { table } from '../../command/table.ts'
import {
  plan,
  present,
  type Session,
  type Shown,
  type Stopped,
  type Verb,
  type View,
} from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { count, counted } from '../../local/text.ts'
import { untilEnded } from '../long-work.ts'
import { wait, why } from '../options.ts'

/** Repairs of finance's sums and movement files. */

type Repair = z.output<typeof repairAnswer>

/** A year's journal is read in hours; whoever waits longer looks again. */
const momentsMax = 20_000

const progressOf = ({ entries, read, parts, of }: Repair): string =>
  read
    ? `${count(entries)} entries of the journal read, ${count(parts)} of ${count(of)} days at partners compared`
    : `${count(entries)} entries of the journal read so far`

function showRepair(repair: Repair, { paint, command }: View): Shown {
  const { id, from, to, state, sums, movements, startedBy, at, endedAt } = repair
  const ended = endedAt === undefined ? '' : `, ended ${moment(endedAt)}`
  const wrong = sums + movements > 0
  return {
    lines: [
      `${paint(toneOf(state), state)}  ${from} to ${to}: ${progressOf(repair)}`,
      ...(state === 'done' && !wrong ? ['nothing to change: sums and files are what the journal says'] : []),
      ...(sums > 0 ? [`  the sums of ${counted(sums, 'day')} at a partner written anew`] : []),
      ...(movements > 0 ? [`  ${counted(movements, 'movement')} added to the files`] : []),
      `repair ${id}, started by ${startedBy} on ${moment(at)}${ended}`,
    ],
    ...(state === 'running' && { hints: [`Follow it: ${command(`repair ${id} --wait`)}`] }),
    ...(state === 'stopped' && { code: exitCodes.refused }),
  }
}

/** The repair once it has ended, if the session stays with it; as it is then, if it takes too long. */
const completeRepair = (repair: Repair, session: Session): Promise<Repair | Stopped> =>
  untilEnded(repair, session, {
    name: `repair ${repair.id}`,
    momentsMax,
    progressOf,
    ask: () => session.ask(routes.repair, { parameters: { id: repair.id } }),
  })

const day = 'a day, written YYYY-MM-DD'
const id = { name: 'id', takes: 'the id of a repair, as repairs lists it' }
const example = '0198c0de-4a52-8cc1-b9a4-8f0d6c1a2b3c'

const start: Verb = {
  name: 'repair-totals',
  summary: routes.startRepair.summary,
  options: {
    from: { value: 'DAY', says: 'the first day in Jakarta', takes: day },
    to: { value: 'DAY', says: 'the last, itself included', takes: day },
    reason: why,
    wait,
  },
  routes: [routes.startRepair, routes.repair],
  examples: [
    [
      '--from 2020-10-14 --to 2020-10-14 --reason "finance verify: 2020-10-14 at gopay differs"',
      'what verify of finance has found',
    ],
  ],
  notes: `It reads the whole journal, piece by piece, whatever the days: seconds for a thousand participants, hours for a million.
Then it writes sums anew that differ, and adds movements to the files that lack them: reconciliation and the
warehouse see them from then on. It changes no entry and no payout, and repeated it changes nothing more. At most ${repairDaysMax}
days at a time; those of the last 25 hours are refused: what is still on its way would be counted twice.`,
  plan: ({ texts: { from, to, reason } }) =>
    plan(routes.startRepair, { body: present({ from, to, reason }) }, showRepair, completeRepair),
}

const list: Verb = {
  name: 'repairs',
  summary: routes.repairs.summary,
  routes: [routes.repairs],
  examples: [['', 'the latest, and how far each has come']],
  plan: () =>
    plan(routes.repairs, {}, ({ repairs }, { paint }) => {
      const lines = table(
        repairs,
        [
          { title: 'REPAIR', text: (repair) => repair.id },
          { title: 'STATE', text: ({ state }) => state, tone: ({ state }) => toneOf(state) },
          { title: 'FROM', text: ({ from }) => from },
          { title: 'TO', text: ({ to }) => to },
          { title: 'ENTRIES', right: true, text: ({ entries }) => count(entries) },
          { title: 'SUMS', right: true, text: ({ sums }) => count(sums) },
          { title: 'MOVEMENTS', right: true, text: ({ movements }) => count(movements) },
          { title: 'STARTED (WIB)', text: ({ at }) => moment(at) },
          { title: 'BY', text: ({ startedBy }) => startedBy },
        ],
        paint,
      )
      return { lines: lines.length > 0 ? lines : ['no repair was ever started'] }
    }),
}

const one: Verb = {
  name: 'repair',
  summary: routes.repair.summary,
  words: [id],
  options: { wait },
  routes: [routes.repair],
  examples: [[`${example} --wait`, 'stay until it is done']],
  plan: ({ words: [repair = ''] }) =>
    plan(routes.repair, { parameters: { id: repair } }, showRepair, completeRepair),
}

const stop: Verb = {
  name: 'repair stop',
  summary: routes.stopRepair.summary,
  words: [id],
  routes: [routes.stopRepair],
  examples: [[example, 'what it has written is right, and stays']],
  plan: ({ words: [repair = ''] }) =>
    plan(routes.stopRepair, { parameters: { id: repair }, body: {} }, (answer, view) => ({
      lines: showRepair(answer, view).lines,
    })),
}

export const repairs: readonly Verb[] = [start, list, one, stop]
