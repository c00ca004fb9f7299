import { readFileSync } from 'node:fs'
import { routes } from '../../../shared/operations/routes.ts'
import { exitCodes } from '../exit-codes.ts'
import { showInstruction } from '../instruction.ts'
import { table } from '../table.ts'
import { plan, type Verb } from '../verb.ts'
import { age, moment } from '../words.ts'

const hash = { name: 'hash', takes: 'the hash of a refused event, whole, as quarantine lists it' }
const example = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const list: Verb = {
  name: 'quarantine',
  alias: 'quarantine list',
  summary: routes.quarantine.summary,
  routes: [routes.quarantine],
  examples: [['', 'what was refused, why, and since when']],
  notes: 'The events themselves may hold account numbers, so only their hashes and the reasons are shown.',
  plan: () =>
    plan(routes.quarantine, {}, ({ events }, { now, paint }) => {
      const lines = table(
        events,
        [
          { title: 'HASH', text: (event) => event.hash },
          { title: 'REASON', text: ({ reason }) => reason },
          { title: 'REFUSED', text: ({ at }) => moment(at) },
          { title: 'AGE', right: true, text: ({ at }) => age(at, now) },
          { title: 'DETAIL', text: ({ detail }) => detail },
        ],
        paint,
      )
      return { lines: lines.length > 0 ? lines : ['no event is in quarantine'] }
    }),
}

const show: Verb = {
  name: 'quarantine show',
  summary: 'Why one event was refused.',
  words: [{ name: 'hash', takes: 'the hash of a refused event, or how it begins' }],
  routes: [routes.quarantine],
  examples: [[example.slice(0, 8), 'the event whose hash begins so']],
  plan: ({ words: [beginning = ''] }) =>
    plan(
      routes.quarantine,
      {},
      ({ events }, { now, paint, command }) => {
        if (events.length === 0)
          return { lines: [`no event ${beginning} is in quarantine`], code: exitCodes.refused }
        return {
          lines: events.flatMap((event) => [
            paint('strong', event.hash),
            `${event.reason}, refused ${moment(event.at)} (${age(event.at, now)})`,
            event.detail,
          ]),
          hints: [
            `Send it again: ${command(`quarantine resubmit ${events[0]?.hash} [--file REPAIRED.json]`)}`,
          ],
        }
      },
      async ({ events }) => ({ events: events.filter((event) => event.hash.startsWith(beginning)) }),
    ),
}

/** The text of a file; `-` is standard input. */
function readEvent(file: string): string | undefined {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    return undefined
  }
}

const resubmit: Verb = {
  name: 'quarantine resubmit',
  summary: routes.resubmit.summary,
  words: [hash],
  options: {
    file: {
      value: 'FILE',
      says: 'the repaired event, an EventBridge envelope; - reads standard input (the event as it came)',
      takes: 'the name of a file with one event of at most 200,000 characters',
      field: 'event',
    },
  },
  routes: [routes.resubmit],
  examples: [
    [example, 'as it is: for events that were refused by mistake, or too early'],
    [`${example} --file event.json`, 'with its fields put right'],
  ],
  notes: 'It goes through intake like any other event, and may be refused again.',
  plan({ words: [event = ''], texts: { file } }) {
    const repaired = file === undefined ? undefined : readEvent(file)
    if (file !== undefined && repaired === undefined) return { mistake: `--file ${file} cannot be read` }
    const body = repaired === undefined ? {} : { event: repaired }
    return plan(routes.resubmit, { parameters: { hash: event }, body }, showInstruction)
  },
}

export const quarantine: readonly Verb[] = [list, show, resubmit]
