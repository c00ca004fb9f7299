import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { table } from '../../command/table.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { showInstruction } from '../instruction.ts'
import { partner, why } from '../options.ts'

const breakWord = { name: 'break', takes: "a break's 16 letters and digits, as breaks shows them" }

const breaksVerb: Verb = {
  name: 'breaks',
  summary: routes.breaks.summary,
  options: { partner, all: { says: 'those that are resolved or written off, too' } },
  routes: [routes.breaks],
  examples: [['--partner bni', 'what is open at BNI, oldest first']],
  notes: `A break resolves itself when a later statement, or a corrected one of the same day, no longer has it.
--json shows its remedy, and all that was said of it.`,
  plan: ({ texts, switches }) => {
    const query = {
      ...(texts.partner !== undefined && { partner: texts.partner }),
      ...(switches.has('all') && { all: 'true' }),
    }
    return plan(routes.breaks, { query }, ({ breaks, more }, { paint }) => {
      const lines = table(
        breaks,
        [
          { title: 'BREAK', text: ({ id }) => id },
          { title: 'KIND', text: ({ kind }) => kind },
          { title: 'STATE', text: ({ state }) => state },
          { title: 'AMOUNT', right: true, text: ({ amount }) => formatRupiah(amount) },
          { title: 'REFERENCE', text: ({ reference = '' }) => reference },
          { title: 'SINCE', text: ({ firstSeen }) => firstSeen },
          { title: 'DAYS', right: true, text: ({ age }) => `${age}` },
          { title: 'WITH', text: ({ assignedTo = '' }) => assignedTo },
        ],
        paint,
      )
      const rest = more > 0 ? [`and ${more} more`] : []
      return { lines: lines.length > 0 ? [...lines, ...rest] : ['our books and the statements agree'] }
    })
  },
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
