import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import { routes } from '../../../shared/operations/routes.ts'
import type { quarantinedEvent } from '../../../shared/operations/undelivered.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { table } from '../../command/table.ts'
import { given, isStopped, plan, printable, type Shown, type Verb, type View } from '../../command/verb.ts'
import { age, moment } from '../../command/words.ts'
import { counted } from '../../local/text.ts'
import { showInstruction } from '../instruction.ts'
import { cutOff, everyPage } from '../paging.ts'

const hash = { name: 'hash', takes: 'the hash of a refused event, whole, as quarantine lists it' }
const example = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const showEvents =
  (none: string) =>
  ({ events, next }: z.output<typeof routes.quarantine.answer>, { now, paint, command }: View): Shown => {
    const lines = table(
      events.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
      [
        { title: 'HASH', text: (event) => event.hash },
        { title: 'REASON', text: ({ reason }) => reason },
        { title: 'REFUSED (WIB)', text: ({ at }) => moment(at) },
        { title: 'AGE', right: true, text: ({ at }) => age(at, now) },
        { title: 'DETAIL', text: ({ detail }) => detail },
      ],
      paint,
    )
    return {
      lines: lines.length > 0 ? [...lines, ...cutOff({ next })] : [none],
      ...(next !== undefined && { hints: [`The next page: ${command(`quarantine --cursor ${next}`)}`] }),
    }
  }

const list: Verb = {
  name: 'quarantine',
  alias: 'quarantine list',
  summary: routes.quarantine.summary,
  options: {
    cursor: { value: 'HASH', says: 'go on where an answer ended', takes: 'what the answer before has given' },
  },
  routes: [routes.quarantine],
  examples: [['', 'what was refused, why, and since when']],
  notes: `An answer has its oldest first. Where there are more than it holds, it has those whose hashes come first, and what is
behind --cursor may be older. The events themselves may hold account numbers: quarantine show shows what may be seen of
one.`,
  plan({ texts: { cursor } }) {
    const query = given({ cursor })
    const none = cursor === undefined ? 'no event is in quarantine' : 'no event further on is in quarantine'
    const pages = everyPage(routes.quarantine, query, (all, { events, next }) => ({
      events: [...all.events, ...events],
      ...(next !== undefined && { next }),
    }))
    return plan(routes.quarantine, { query }, showEvents(none), pages)
  },
}

type Event = z.output<typeof quarantinedEvent>

function showEvent({ hash, reason, at, detail, event, hidden }: Event, { now, paint, command }: View): Shown {
  const rest =
    hidden > 0 ? [`not shown, since nobody knows what is in there: ${counted(hidden, 'field')}`] : []
  return {
    lines: [
      paint('strong', hash),
      `${reason}, refused ${moment(at)} (${age(at, now)})`,
      detail,
      ...(event === undefined
        ? ['it cannot be read as an event']
        : JSON.stringify(event, null, 2).split('\n')),
      ...rest,
    ],
    hints: [`Send it again: ${command(`quarantine resubmit ${hash} [--file REPAIRED.json]`)}`],
  }
}

/** Hashes are listed in their order, so that those which begin alike follow what they begin with. */
const searched = (beginning: string) => ({ query: { cursor: beginning.slice(0, 63), limit: '1' } })

const show: Verb = {
  name: 'quarantine show',
  summary: routes.quarantined.summary,
  words: [{ name: 'hash', takes: 'the hash of a refused event, or how it begins' }],
  routes: [routes.quarantine, routes.quarantined],
  examples: [[example.slice(0, 8), 'the event whose hash begins so']],
  notes: 'Account numbers are shown by their last four digits, and names not at all.',
  plan: ({ words: [beginning = ''] }) => {
    if (!/^[0-9a-f]{1,64}$/.test(beginning)) {
      return {
        mistake: `quarantine show cannot use “${beginning}”: it takes the hash of a refused event, or how it begins`,
      }
    }
    return {
      route: routes.quarantine,
      request: searched(beginning),
      async finish(body, session) {
        const read = routes.quarantine.answer.safeParse(body)
        if (!read.success) return undefined
        const found = read.data.events.find(({ hash }) => hash.startsWith(beginning))
        if (!found) {
          const lines = [`no event ${beginning} is in quarantine`]
          return { json: body, show: () => ({ lines, code: exitCodes.refused }) }
        }
        const event = await session.ask(routes.quarantined, { parameters: { hash: found.hash } })
        if (isStopped(event)) return event
        const shown = routes.quarantined.answer.parse(printable(event))
        return { json: event, show: (view) => showEvent(shown, view) }
      },
    }
  },
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
