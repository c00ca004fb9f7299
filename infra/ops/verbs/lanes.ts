import { routes } from '../../../shared/operations/routes.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { showInstruction } from '../instruction.ts'
import { amount, document, filters, partner, readAmount, why } from '../options.ts'

type Described = Pick<Verb, 'name' | 'summary' | 'examples' | 'notes'>

const overFloat = (verb: Described): Verb => ({
  ...verb,
  options: { partner, amount, document },
  routes: [routes.instruct],
  plan({ texts }) {
    const fields = { partner: texts.partner, amount: readAmount(texts.amount), document: texts.document }
    return plan(routes.instruct, { body: present({ instruction: verb.name, ...fields }) }, showInstruction)
  },
})

const overDoor = (verb: Described): Verb => ({
  ...verb,
  options: {
    partner,
    programme: { says: 'all partners' },
    kind: { ...filters.kind, says: 'only payouts of this kind (both)' },
    reason: why,
  },
  routes: [routes.instruct],
  plan({ texts, switches }) {
    if ((texts.partner !== undefined) === switches.has('programme'))
      return { mistake: `${verb.name} takes either --partner NAME or --programme: say how much of it all` }
    const fields = { partner: texts.partner, kind: texts.kind, reason: texts.reason }
    return plan(routes.instruct, { body: present({ instruction: verb.name, ...fields }) }, showInstruction)
  },
})

export const lanes: readonly Verb[] = [
  overDoor({
    name: 'pause',
    summary: 'Stops sending: one partner or all, one kind of payout or both.',
    examples: [
      ['--partner gopay --reason "GoPay maintenance until Monday"', 'one partner'],
      ['--programme --kind survey --reason "surveys under review"', 'one kind everywhere'],
    ],
    notes: `It holds at once for all that waits; a worker that is busy with a batch stops within a second of it, and finishes the
payment under way. What has been sent is asked about as ever. Nothing is lost: payouts wait where they are. status shows
the reason for as long as it lasts. Given again it counts anew: no resumption that was asked for before lifts it.`,
  }),
  overDoor({
    name: 'resume',
    summary: 'Sends again, a few payments at first.',
    examples: [
      ['--partner gopay --reason "GoPay is back"', 'one partner'],
      ['--partner ovo --kind survey --reason "reviewed"', 'one kind; the other is left as it is'],
    ],
    notes: `At most five payments of what is resumed go out until one of them is paid; then it opens fully. If all five end
unpaid it is paused again. To re-open a lane that has paused itself takes two people.`,
  }),
  overFloat({
    name: 'fund',
    summary: 'Books money that was put at a partner; takes two people.',
    examples: [
      ['--partner bni --amount Rp1,000,000,000 --document SP2D-2020-0042', 'the treasury has paid in'],
    ],
    notes: `Beyond the budget of the scheme it is refused, and says what is left. A lane that was paused for an empty float goes
on; one that stays paused for something else is named, and resume opens it. A document is booked once: where that was
done before the partner had the money, and the lane has paused itself since, resume opens it.`,
  }),
  overFloat({
    name: 'sweep',
    summary: 'Books money that a partner has given back; takes two people.',
    examples: [['--partner bni --amount Rp250,000,000 --document NTPN-2021-0007', 'the rest after closing']],
    notes: 'No more than no payment has taken.',
  }),
  overFloat({
    name: 'fee',
    summary: 'Books a fee that a partner has taken from the float; takes two people.',
    examples: [
      [
        '--partner bni --amount Rp2,500 --document INV-2020-0031',
        "as the statement's line has it, with its document",
      ],
    ],
    notes: `No more than no payment has taken. Reconciliation of the day on which it is booked matches it with the statement's
line, and the break of an earlier run is resolved.`,
  }),
]
