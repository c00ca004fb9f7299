import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { type breaksAnswer, statementDays } from '../../../shared/operations/breaks.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { apart, type Column, table } from '../../command/table.ts'
import { given as asked, plan, present, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import type { Given } from '../../command-line.ts'
import { counted } from '../../local/text.ts'
import { showInstruction } from '../instruction.ts'
import { partner, why } from '../options.ts'

const breakWord = { name: 'break', takes: "a break's 16 letters and digits, as breaks shows them" }

type Breaks = z.output<typeof breaksAnswer>
type Break = Breaks['breaks'][number]

const columns: readonly Column<Break>[] = [
  { title: 'BREAK', text: ({ id }) => id },
  { title: 'PARTNER', text: ({ partner: name }) => name },
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'STATE', text: ({ state }) => state },
  { title: 'DIRECTION', text: ({ direction = '' }) => direction },
  { title: 'AMOUNT', right: true, text: ({ amount }) => formatRupiah(amount) },
  { title: 'REFERENCE', text: ({ reference = '' }) => reference },
  { title: 'SINCE', text: ({ firstSeen }) => firstSeen },
  { title: 'DAYS', right: true, text: ({ age }) => `${age}` },
  { title: 'WITH', text: ({ assignedTo = '' }) => assignedTo },
  { title: 'DETAIL', text: ({ detail = '' }) => detail },
]

/** How far the statements go that all this is said of: where there are none, no break means nothing. */
function statementLines({ statements }: Breaks): readonly string[] {
  const none = statements.filter(({ lastDay }) => lastDay === undefined).map(({ partner: name }) => name)
  const last = statements.flatMap(({ partner: name, lastDay }) => (lastDay ? [`${name} ${lastDay}`] : []))
  return [
    ...(last.length > 0 ? [`last statement reconciled: ${last.join(', ')}`] : []),
    ...(none.length > 0
      ? [`no statement of the last ${statementDays} days is reconciled: ${none.join(', ')}`]
      : []),
  ]
}

const showBreaks =
  ({ texts, switches }: Given) =>
  (answer: Breaks, { paint, command }: View): Shown => {
    const { breaks: found, more, next } = answer
    const lines = table(found, columns, paint)
    const remedies = new Map(found.map(({ kind, remedy }) => [kind, remedy]))
    const notes = found.flatMap(({ id, notes: said }) =>
      said.map(({ at, by, note }) => `${id}  ${moment(at)} ${by}: ${note}`),
    )
    const options = `${texts.partner === undefined ? '' : ` --partner ${texts.partner}`}${switches.has('all') ? ' --all' : ''}`
    return {
      lines: [
        ...(lines.length > 0 ? lines : [`no ${switches.has('all') ? '' : 'open '}break is known`]),
        ...apart([...remedies].map(([kind, remedy]) => `${kind}: ${remedy}`)),
        ...apart(notes),
        ...apart([...statementLines(answer), ...(more > 0 ? [`and ${counted(more, 'newer break')}`] : [])]),
      ],
      ...(next !== undefined && {
        hints: [`The next page: ${command(`breaks${options} --cursor ${next}`)}`],
      }),
    }
  }

const breaksVerb: Verb = {
  name: 'breaks',
  summary: routes.breaks.summary,
  options: {
    partner: { ...partner, says: 'only at this partner' },
    all: { says: 'those that are resolved or written off, too' },
    cursor: { value: 'TEXT', says: 'go on where a page ended', takes: 'what the page before has given' },
  },
  routes: [routes.breaks],
  examples: [
    ['', 'what is open at all partners, oldest first'],
    ['--partner bni', 'the same of one'],
  ],
  notes: `A break resolves itself when a later statement, or a corrected one of the same day, no longer has it. Below the
table stand what each kind asks for, what people have said, and how far each partner's statements go: of a partner
without a statement, that there is no break says nothing.`,
  plan: (given) =>
    plan(
      routes.breaks,
      {
        query: asked({
          partner: given.texts.partner,
          all: given.switches.has('all') ? 'true' : undefined,
          cursor: given.texts.cursor,
        }),
      },
      showBreaks(given),
    ),
}

const explainBreak: Verb = {
  name: 'explain-break',
  summary: 'Notes why there is a break, and who sees to it.',
  words: [breakWord],
  options: {
    partner,
    note: { ...why, says: 'what is known of it; it stays for ever, so no names and no account numbers' },
    'assigned-to': { value: 'NAME', says: 'who sees to it', takes: 'the name that they sign in with' },
  },
  routes: [routes.instruct],
  examples: [
    ['0123456789abcdef --partner bni --assigned-to budi --note "asked BNI, ticket 4711"', 'Budi has asked'],
  ],
  plan: ({ words: [id], texts }) => {
    const { partner: name, note, 'assigned-to': assignedTo } = texts
    const fields = { instruction: 'explain-break', partner: name, break: id, note, assignedTo }
    return plan(routes.instruct, { body: present(fields) }, showInstruction)
  },
}

const writeOffBreak: Verb = {
  name: 'write-off-break',
  summary: 'Pursues a break no further; takes two people.',
  words: [breakWord],
  options: { partner, reason: why },
  routes: [routes.instruct],
  examples: [
    [
      '0123456789abcdef --partner bni --reason "fee of one rupiah, decided by the treasury"',
      'it is given up',
    ],
  ],
  notes:
    'It moves no money in our books: a float that is short stays short there until the treasury books it.',
  plan: ({ words: [id], texts }) => {
    const fields = { instruction: 'write-off-break', partner: texts.partner, break: id, reason: texts.reason }
    return plan(routes.instruct, { body: present(fields) }, showInstruction)
  },
}

export const breaks: readonly Verb[] = [breaksVerb, explainBreak, writeOffBreak]
