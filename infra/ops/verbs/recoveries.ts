import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { table } from '../../command/table.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { age, moment } from '../../command/words.ts'
import { showInstruction } from '../instruction.ts'
import { document, why } from '../options.ts'

const reference = {
  name: 'reference',
  takes: "an attempt's reference, as recovery shows it under PAID AGAIN BY",
}

const recovery: Verb = {
  name: 'recovery',
  summary: routes.recovery.summary,
  routes: [routes.recovery],
  examples: [['', 'every open case, with the two references that were both paid']],
  notes:
    "A case ends with recovered, when the money is back, or write-off; then it is in its participant's timeline only.",
  plan: () =>
    plan(routes.recovery, {}, ({ cases }, { now, paint }) => {
      const lines = table(
        cases,
        [
          { title: 'PAYOUT', text: ({ participantId, payout }) => `${participantId}/${payout}` },
          { title: 'PARTNER', text: ({ partner }) => partner },
          { title: 'AMOUNT', right: true, text: ({ amount }) => formatRupiah(amount) },
          { title: 'PAID BY', text: ({ paidBy }) => paidBy },
          { title: 'PAID AGAIN BY', text: ({ overpaidBy }) => overpaidBy },
          { title: 'SINCE', text: ({ since }) => moment(since) },
          { title: 'AGE', right: true, text: ({ since }) => age(since, now) },
        ],
        paint,
      )
      return { lines: lines.length > 0 ? lines : ['no partner has paid anything twice'] }
    }),
}

const recovered: Verb = {
  name: 'recovered',
  summary: 'Notes that money paid twice has come back.',
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
