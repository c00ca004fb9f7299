import { routes } from '../../../shared/operations/routes.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { isMistake } from '../../command-line.ts'
import { showInstruction } from '../instruction.ts'
import { why } from '../options.ts'
import { payoutForms, readPayouts, readSubjects } from '../subject.ts'

const subjects = {
  name: 'subjects',
  takes: 'a participant (P-00017) or up to 1,000 payouts (P-00017/incentive-2)',
  many: true,
} as const

const overSubjects = (verb: Pick<Verb, 'name' | 'summary' | 'examples' | 'notes'>): Verb => ({
  ...verb,
  words: [subjects],
  options: { reason: why },
  routes: [routes.instruct],
  plan({ words, texts }) {
    const read = readSubjects(words)
    if (isMistake(read)) return read
    const body = present({ instruction: verb.name, subjects: read, reason: texts.reason })
    return plan(routes.instruct, { body }, showInstruction)
  },
})

const inquire: Verb = {
  name: 'inquire',
  summary: routes.inquire.summary,
  words: [{ name: 'payouts', takes: `up to 100 ${payoutForms}`, many: true }],
  routes: [routes.inquire],
  examples: [['P-00017/incentive-2', 'have the partner asked next what became of it']],
  notes: 'Asking moves no money, however often.',
  plan({ words }) {
    const payouts = readPayouts(words)
    return isMistake(payouts) ? payouts : plan(routes.inquire, { body: { payouts } }, showInstruction)
  },
}

export const payouts: readonly Verb[] = [
  inquire,
  overSubjects({
    name: 'hold',
    summary: 'Keeps payouts from being sent until unhold.',
    examples: [
      ['P-00017 --reason "doubtful certificate, ticket 4711"', 'the whole participant'],
      ['P-00017/incentive-2 P-00018/survey-1 --reason "ticket 4711"', 'single payouts'],
    ],
    notes: `What is with the partner already cannot be stopped any more and is listed as such.
A hold does not take money back.`,
  }),
  overSubjects({
    name: 'unhold',
    summary: 'Lets held payouts go on.',
    examples: [['P-00017 --reason "certificate confirmed, ticket 4711"', 'the whole participant']],
    notes: `They go on from where their facts put them: scheduled, waiting, or failed as before.
It takes two people where one of them is held as account-shared, which clears the account for all that is paid later,
or as attempt-at-work: its partner says that an attempt which it had rejected is in progress, and may yet pay it.
Lifted, it is asked about again before anything is sent there, and held again while that is so; elsewhere nobody is
asked.`,
  }),
  overSubjects({
    name: 'cancel',
    summary: 'Ends payouts for good; takes two people.',
    examples: [['P-00017/incentive-3 --reason "certificate revoked, decree 12/2020"', 'one payout']],
    notes: 'Only what is provably unpaid can be cancelled, and nothing brings it back.',
  }),
]
