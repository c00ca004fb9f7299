import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import {
  type RecoveryState,
  type recoveryAnswer,
  recoveryStates,
} from '../../../shared/operations/schemas.ts'
import { type Column, table } from '../../command/table.ts'
import { given, plan, present, type Shown, type Verb, type View } from '../../command/verb.ts'
import { age, moment } from '../../command/words.ts'
import { showInstruction } from '../instruction.ts'
import { document, why } from '../options.ts'
import { cutOff, everyPage } from '../paging.ts'

const reference = {
  name: 'reference',
  takes: "an attempt's reference, as recovery shows it under PAID AGAIN BY",
}

type Recoveries = z.output<typeof recoveryAnswer>
type Case = Recoveries['cases'][number]

const columns: readonly Column<Case>[] = [
  { title: 'PAYOUT', text: ({ participantId, payout }) => `${participantId}/${payout}` },
  { title: 'PARTNER', text: ({ partner }) => partner },
  { title: 'AMOUNT', right: true, text: ({ amount }) => formatRupiah(amount) },
  { title: 'PAID BY', text: ({ paidBy = '' }) => paidBy },
  { title: 'PAID AGAIN BY', text: ({ overpaidBy }) => overpaidBy },
  { title: 'SINCE', text: ({ since }) => moment(since) },
]
const openColumns = ({ now }: View): readonly Column<Case>[] => [
  ...columns,
  { title: 'AGE', right: true, text: ({ since }) => age(since, now) },
]
const closedColumns: readonly Column<Case>[] = [
  ...columns,
  { title: 'CLOSED', text: ({ closedAt }) => (closedAt === undefined ? '' : moment(closedAt)) },
  { title: 'DOCUMENT', text: ({ document: number = '' }) => number },
]

const none: Readonly<Record<RecoveryState, string>> = {
  open: 'no case is open; what was paid while another attempt is still open is none yet: see unknown',
  recovered: 'no money that was paid twice has come back',
  'written-off': 'nothing that was paid twice was given up',
}

const show =
  (state: RecoveryState) =>
  ({ cases, next }: Recoveries, view: View): Shown => {
    const lines = table(cases, state === 'open' ? openColumns(view) : closedColumns, view.paint)
    return { lines: [...(cases.length > 0 ? lines : [none[state]]), ...cutOff({ next })] }
  }

const recovery: Verb = {
  name: 'recovery',
  summary: routes.recovery.summary,
  options: {
    state: {
      value: 'STATE',
      says: 'cases that are so (open)',
      takes: `one of ${recoveryStates.join(', ')}`,
    },
  },
  routes: [routes.recovery],
  examples: [
    ['', 'every open case, with the two references that were both paid'],
    ['--state written-off', 'what was given up, when, and by which document'],
  ],
  notes: `A case ends with recovered, when the money is back, or with write-off. What was paid while another attempt of its
payout is open is no case yet: if that is paid, too, it becomes one; else the payout was paid once. Until then unknown
lists the payout.`,
  plan({ texts }) {
    const state = recoveryStates.find((one) => one === texts.state)
    const query = given({ state: texts.state })
    const pages = everyPage(routes.recovery, query, (all, { cases, next }) => ({
      cases: [...all.cases, ...cases],
      ...(next !== undefined && { next }),
    }))
    return plan(routes.recovery, { query }, show(state ?? 'open'), pages)
  },
}

const recovered: Verb = {
  name: 'recovered',
  summary: 'Notes that money paid twice has come back; takes two people.',
  words: [reference],
  options: { document },
  routes: [routes.instruct],
  examples: [['P-00017-I2-A1 --document BNI-CR-2020-118', "the partner's credit note is here"]],
  plan: ({ words: [text], texts }) => {
    const fields = { instruction: 'recovered', reference: text, document: texts.document }
    return plan(routes.instruct, { body: present(fields) }, showInstruction)
  },
}

const writeOff: Verb = {
  name: 'write-off',
  summary: 'Gives up money that was paid twice; takes two people.',
  words: [reference],
  options: { document, reason: why },
  routes: [routes.instruct],
  examples: [
    ['P-00017-I2-A1 --document BA-2021-07 --reason "account closed, decided by the treasury"', 'it is lost'],
  ],
  plan: ({ words: [text], texts }) => {
    const { document: number, reason } = texts
    const fields = { instruction: 'write-off', reference: text, document: number, reason }
    return plan(routes.instruct, { body: present(fields) }, showInstruction)
  },
}

export const recoveries: readonly Verb[] = [recovery, recovered, writeOff]
