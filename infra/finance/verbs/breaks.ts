import type * as z from 'zod'
import { type breaksAnswer, shownStates } from '../../../shared/finance/break-schemas.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import type { Tone } from '../../command/paint.ts'
import { apart } from '../../command/table.ts'
import { given, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { counted } from '../../local/text.ts'
import { filters } from '../options.ts'
import { money, sheet } from '../sheet.ts'

const { partner } = filters

type Breaks = z.output<typeof breaksAnswer>
type Break = Breaks['breaks'][number]

const aboutOf = ({ partnerReferenceNo, referenceNo, document, line }: Break): string =>
  partnerReferenceNo ?? referenceNo ?? document ?? (line === undefined ? '' : `line ${line}`)

const remarksOf = ({ remarks }: Break): readonly string[] =>
  remarks.map(({ at, by, note, assignedTo, writtenOffBy }) => {
    const done = writtenOffBy === undefined ? '' : `, written off with ${writtenOffBy}`
    return `${moment(at)} ${by}${assignedTo === undefined ? '' : `, for ${assignedTo}`}${done}: ${note}`
  })

const tones: Readonly<Record<Break['state'], Tone>> = {
  new: 'bad',
  persisting: 'bad',
  resolved: 'good',
  'written-off': 'quiet',
}

/** How many there are; what is given up is nobody's work any more, and so is counted apart. */
function countedAll(breaks: readonly Break[]): string {
  const count = (...states: readonly Break['state'][]) =>
    breaks.filter(({ state }) => states.includes(state)).length
  const [given, resolved] = [count('written-off'), count('resolved')]
  return [
    `${counted(count('new', 'persisting'), 'break')} open`,
    ...(given > 0 ? [`${given} written off`] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
  ].join(', ')
}

function showBreaks({ breaks, more, at }: Breaks, { paint }: View): Shown {
  const { lines, csv } = sheet(
    breaks,
    [
      { title: 'BREAK', name: 'id', value: ({ id }) => id },
      { title: 'PARTNER', name: 'partner', value: ({ partner: name }) => name },
      { title: 'KIND', name: 'kind', value: ({ kind }) => kind },
      {
        title: 'RUPIAH',
        name: 'amount',
        right: true,
        value: ({ amount }) => amount,
        text: ({ amount }) => money(amount),
      },
      { title: 'ABOUT', name: 'about', value: aboutOf },
      {
        title: 'STATE',
        name: 'state',
        value: ({ state }) => state,
        tone: ({ state }) => tones[state],
      },
      { title: 'FIRST SEEN', name: 'first_seen', value: ({ firstSeen }) => firstSeen },
      { title: 'LAST SEEN', name: 'last_seen', value: ({ lastSeen }) => lastSeen },
      { title: 'DAYS', name: 'age_days', right: true, value: ({ age }) => age },
      { title: 'DIRECTION', name: 'direction', value: ({ direction = null }) => direction },
      { title: 'DETAIL', name: 'detail', value: ({ detail = null }) => detail },
      // Below the table for people, where each remedy stands once.
      { title: '', name: 'remedy', value: ({ remedy }) => remedy, text: () => '' },
      { title: '', name: 'remarks', value: (one) => remarksOf(one).join('; '), text: () => '' },
    ],
    paint,
  )
  const remedies = new Map(breaks.map(({ kind, remedy }) => [kind, remedy]))
  return {
    lines: [
      ...(lines.length > 0 ? lines : ['there is no such break']),
      ...apart([...remedies].map(([kind, remedy]) => `${kind}: ${remedy}`)),
      ...apart(breaks.flatMap((one) => remarksOf(one).map((line) => `${one.id}  ${line}`))),
      ...apart([
        `${countedAll(breaks)}, ${moment(at)} in Jakarta`,
        ...(more > 0 ? [`and ${counted(more, 'newer one')}: --partner and --state name fewer`] : []),
      ]),
    ],
    csv,
  }
}

export const breaks: Verb = {
  name: 'breaks',
  summary: routes.breaks.summary,
  options: {
    partner,
    state: {
      value: 'STATE',
      says: `${shownStates.join(', ')} (those that are not resolved)`,
      takes: `one of ${shownStates.join(', ')}`,
    },
  },
  routes: [routes.breaks],
  examples: [
    ['', 'what is open, the oldest first'],
    ['--partner bni --state resolved', 'what has been cleared up at one partner'],
  ],
  notes: 'To explain one or to write it off is for the operators: npm run ops -- --help.',
  plan: ({ texts: { partner: name, state } }) =>
    plan(routes.breaks, { query: given({ partner: name, state }) }, showBreaks),
}
