import type * as z from 'zod'
import { breakStates, type breaksAnswer, type runsAnswer } from '../../../shared/finance/break-schemas.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { apart } from '../../command/table.ts'
import { given, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { counted } from '../../local/text.ts'
import { filters, period } from '../options.ts'
import { money, sheet } from '../sheet.ts'

const { partner } = filters

function showRuns({ runs }: z.output<typeof runsAnswer>, { paint }: View): Shown {
  const { lines, csv } = sheet(
    runs,
    [
      { title: 'DAY', name: 'day', value: ({ day }) => day },
      { title: 'PARTNER', name: 'partner', value: ({ partner: name }) => name },
      { title: 'RUN', name: 'run', right: true, value: ({ run }) => run },
      { title: 'WHEN', name: 'at', value: ({ at }) => at, text: ({ at }) => moment(at) },
      { title: 'SETTLED', name: 'settled', right: true, value: ({ summary }) => summary.settled },
      { title: 'UNREADABLE', name: 'unparsable', right: true, value: ({ summary }) => summary.unparsable },
      {
        title: 'BREAKS',
        name: 'breaks',
        right: true,
        value: ({ summary }) => Object.values(summary.breaks).reduce((sum, found) => sum + found, 0),
        tone: ({ summary }) => (Object.keys(summary.breaks).length > 0 ? 'bad' : 'good'),
      },
      { title: 'SUMMARY', name: 'hash', value: ({ hash }) => hash, text: ({ hash }) => hash.slice(0, 12) },
    ],
    paint,
  )
  return { lines: lines.length > 0 ? lines : ['no statement of these days has been reconciled'], csv }
}

type Breaks = z.output<typeof breaksAnswer>
type Break = Breaks['breaks'][number]

const aboutOf = ({ partnerReferenceNo, referenceNo, document, line }: Break): string =>
  partnerReferenceNo ?? referenceNo ?? document ?? (line === undefined ? '' : `line ${line}`)

const remarkLines = ({ id, remarks }: Break): readonly string[] =>
  remarks.map(({ at, by, note, assignedTo, writtenOffBy }) => {
    const done = writtenOffBy === undefined ? '' : `, written off with ${writtenOffBy}`
    return `${id}  ${moment(at)} ${by}${assignedTo === undefined ? '' : `, for ${assignedTo}`}${done}: ${note}`
  })

function showBreaks({ breaks, at }: Breaks, { paint }: View): Shown {
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
        tone: ({ state }) => (state === 'resolved' ? 'good' : 'bad'),
      },
      { title: 'FIRST SEEN', name: 'first_seen', value: ({ firstSeen }) => firstSeen },
      { title: 'LAST SEEN', name: 'last_seen', value: ({ lastSeen }) => lastSeen },
      { title: 'DAYS', name: 'age_days', right: true, value: ({ age }) => age },
    ],
    paint,
  )
  const remedies = new Map(breaks.map(({ kind, remedy }) => [kind, remedy]))
  return {
    lines: [
      ...(lines.length > 0 ? lines : ['there is no such break']),
      ...apart([...remedies].map(([kind, remedy]) => `${kind}: ${remedy}`)),
      ...apart(breaks.flatMap(remarkLines)),
      ...apart([`${counted(breaks.length, 'break')}, ${moment(at)} in Jakarta`]),
    ],
    csv,
  }
}

export const reconciling: readonly Verb[] = [
  {
    name: 'reconcile',
    summary: routes.runs.summary,
    options: { ...period, partner },
    routes: [routes.runs],
    examples: [['--from 2020-10-01 --to 2020-10-31', 'the statements of a month']],
    notes: `A statement is reconciled when it arrives. Here is the last run of each day: SETTLED are payments whose outcome
nobody knew and the statement shows; the hash signs the summary, which is in --json.`,
    plan: ({ texts: { from, to = from, partner: name } }) =>
      plan(routes.runs, { query: given({ from, to, partner: name }) }, showRuns),
  },
  {
    name: 'breaks',
    summary: routes.breaks.summary,
    options: {
      partner,
      state: {
        value: 'STATE',
        says: `${breakStates.join(', ')} (those that are not resolved)`,
        takes: `one of ${breakStates.join(', ')}`,
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
  },
]
