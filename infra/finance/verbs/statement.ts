import { createHash } from 'node:crypto'
import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { statementAnswer } from '../../../shared/finance/schemas.ts'
import { canonicalJson } from '../../../shared/ledger/canonical.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { toneOf } from '../../command/paint.ts'
import { apart } from '../../command/table.ts'
import { type Plan, printable, printableText, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment, second } from '../../command/words.ts'
import { counted } from '../../local/text.ts'
import { money, type SheetColumn, sheet } from '../sheet.ts'

type Statement = z.output<typeof statementAnswer>
type Owed = Statement['payouts'][number]
type Entry = Statement['chains'][number]['entries'][number]

const columns: readonly SheetColumn<Owed>[] = [
  { title: 'PAYOUT', name: 'payout', value: ({ payout }) => payout },
  {
    title: 'AMOUNT',
    name: 'amount',
    right: true,
    value: ({ amount }) => amount,
    text: ({ amount }) => money(amount),
  },
  { title: 'STATE', name: 'state', value: ({ state }) => state, tone: ({ state }) => toneOf(state) },
  { title: 'SINCE', name: 'since', value: ({ since }) => since, text: ({ since }) => moment(since) },
  { title: 'PARTNER', name: 'partner', value: ({ partner = null }) => partner },
  {
    title: 'ACCOUNT',
    name: 'last_four',
    value: ({ lastFour = null }) => lastFour,
    text: ({ lastFour }) => (lastFour === undefined ? '' : `…${lastFour}`),
  },
  { title: 'REFERENCE', name: 'reference', value: ({ reference = null }) => reference },
  { title: "PARTNER'S", name: 'reference_no', value: ({ referenceNo = null }) => referenceNo },
]

const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex')

/** Where the chains are not what their hashes say: the subject and number of an entry, or the subject whose end is wrong. */
function brokenIn({ chains }: Pick<Statement, 'chains'>): readonly string[] {
  return chains.flatMap(({ subject, entries, hash }) => {
    const hashes = ['', ...entries.map(hashOf)]
    const broken = entries.find(
      ({ seq, previousHash }, index) => seq !== index + 1 || previousHash !== hashes[index],
    )
    if (broken) return [`${subject} ${broken.seq}`]
    return hashes.at(-1) === hash ? [] : [`the end of ${subject}`]
  })
}

const movementLines = (entries: readonly Entry[], paint: View['paint']): readonly string[] =>
  sheet(
    entries.flatMap((entry) => entry.postings.map((posting) => ({ ...entry, ...posting }))),
    [
      { title: 'WHEN (WIB)', name: 'at', value: ({ at }) => at, text: ({ at }) => second(at) },
      { title: 'ENTRY', name: 'entry', value: ({ subject, seq }) => `${subject} ${seq}` },
      { title: 'WHAT', name: 'type', value: ({ event }) => event.type },
      {
        title: 'RUPIAH',
        name: 'amount',
        right: true,
        value: ({ amount }) => amount,
        text: (row) => money(row.amount),
      },
      { title: 'FROM', name: 'from', value: ({ from }) => from },
      { title: 'TO', name: 'to', value: ({ to }) => to },
    ],
    paint,
  ).lines

/** `broken`: what `brokenIn` says of the statement as it was written. */
function showStatement(statement: Statement, broken: readonly string[], { paint }: View): Shown {
  const { participantId, wave, scheme, decrees, payouts, owed, paid, chains, at } = statement
  const { lines, csv } = sheet(payouts, columns, paint)
  const entries = chains
    .flatMap((chain) => chain.entries)
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
  const verdict =
    broken.length === 0
      ? paint(
          'good',
          `${counted(entries.length, 'entry').replace('entrys', 'entries')}, each following from the one before it`,
        )
      : paint('bad', `the journal is not what was written: ${broken.map(printableText).join(', ')}`)
  return {
    lines: [
      paint('strong', `${participantId}, wave ${wave}, ${scheme} (${Object.values(decrees).join(', ')})`),
      `owed ${formatRupiah(owed)} at most, paid ${formatRupiah(paid)} by ${moment(at)} in Jakarta`,
      ...apart(lines),
      ...apart(movementLines(entries, paint)),
      ...apart([verdict]),
    ],
    csv,
    ...(broken.length > 0 && { code: exitCodes.refused }),
  }
}

/** Hashes are of what was written: they are checked before what a terminal obeys is taken out of its texts. */
const statementPlan = (participantId: string): Plan => ({
  route: routes.statement,
  request: { parameters: { participantId } },
  async finish(body) {
    const written = statementAnswer.safeParse(body)
    if (!written.success) return undefined
    const broken = brokenIn(written.data)
    const shown = statementAnswer.parse(printable(written.data))
    return { json: body, show: (view) => showStatement(shown, broken, view) }
  },
})

export const statement: Verb = {
  name: 'statement',
  summary: routes.statement.summary,
  words: [{ name: 'participantId', takes: 'the id of a participant, such as P-00017' }],
  routes: [routes.statement],
  examples: [
    ['P-00017', 'what was owed and paid, and every movement'],
    ['P-00017 --json', 'the same with all entries and hashes, for an auditor'],
  ],
  notes: `An auditor needs nothing of ours: --json has every entry. Of each chain, take an entry, write it as JSON with the
keys of all its objects in alphabetical order and no spaces, and take the SHA-256 of that: it is the next entry's
previousHash, and the last one's is the chain's hash. What moved to accounts paid/… less what moved from them is what
was paid. Names and account numbers are in none of it.`,
  plan: ({ words: [participantId = ''] }) => statementPlan(participantId),
}
