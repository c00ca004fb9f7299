import { routes } from '../../../shared/operations/routes.ts'
import { plan, present, type Verb } from '../../command/verb.ts'
import { showInstruction } from '../instruction.ts'
import { document, why } from '../options.ts'

export const settle: Verb = {
  name: 'settle',
  summary: "Closes an attempt whose outcome is unknown, by the partner's document; takes two people.",
  words: [{ name: 'reference', takes: "an attempt's reference, such as P-00017-I2-A1" }],
  options: {
    paid: { says: 'the document shows that it was paid' },
    'not-paid': { says: 'the document shows that it was not, and never will be' },
    document,
    reason: why,
  },
  routes: [routes.instruct],
  examples: [
    ['P-00017-I2-A1 --paid --document BNI-2020-10-31 --reason "on the statement"', 'it was paid after all'],
    ['P-00017-I2-A1 --not-paid --document BNI/4711 --reason "BNI: never arrived"', 'it may be retried then'],
  ],
  notes: `A timeout is no proof, and neither is “not found”: --not-paid takes the partner's own word that the money has not
moved and will not. It is refused where a debit of the same amount is unmatched on the partner's statements and its
break is not written off, and where one bears the attempt's own reference, whatever its amount, until the statement is
corrected or has a credit that takes the debit back. It is refused, too, where a day has more unmatched debits than are
kept, and one of the others may be the payment, until that statement is corrected. What else they say, both people are
told; unknown --eligible lists what no statement has.
Either outcome is refused while the attempt's request may be sent to the partner once more, or be accepted late: at
gopay for 55 days, elsewhere for less than 20 minutes after its last send. The refusal says from when on; show,
once no statement has it. Until then the partner's own answer decides, or its statement: a debit on it settles as paid
at once.
What is pending no document settles: the partner still calls it so. Its own changed answer closes it, or its
statement; inquire has it asked again.`,
  plan({ words: [text], texts, switches }) {
    if (switches.has('paid') === switches.has('not-paid'))
      return { mistake: 'settle takes either --paid or --not-paid: say what the document shows' }
    const outcome = switches.has('paid') ? 'paid' : 'not-paid'
    const { document: number, reason } = texts
    const fields = { instruction: 'settle', reference: text, outcome, document: number, reason }
    return plan(routes.instruct, { body: present(fields) }, showInstruction)
  },
}
