import { type NamedRules, once } from './rule.ts'

/** What finance and the auditors would want to hear of at once. */
export const books: NamedRules = [
  [
    'paid-twice',
    {
      watched: { of: 'partner', metric: 'PaymentOverpaid', countedBy: ['pay', 'inquire', 'reconcile'] },
      condition: once,
      silence: 'well',
      because: 'One is one too many.',
    },
  ],
  [
    'journal-tampered',
    {
      watched: { of: 'stage', metric: 'JournalTampered', countedBy: ['publish'] },
      condition: once,
      silence: 'well',
      because: 'No function may change or delete an entry: one means that somebody has.',
    },
  ],
  [
    'audit-tampered',
    {
      watched: { of: 'stage', metric: 'AuditTampered', countedBy: ['digest'] },
      condition: once,
      silence: 'well',
      because: 'Records of a day that has ended never change: one means that somebody has changed them.',
    },
  ],
  [
    'break-found',
    {
      watched: { of: 'stage', metric: 'BreakFound', countedBy: ['reconcile'] },
      condition: once,
      silence: 'well',
      because: 'A partner’s books and ours differ in a way that does not mend itself.',
    },
  ],
  [
    'statement-refused',
    {
      watched: { of: 'stage', metric: 'StatementRefused', countedBy: ['reconcile'] },
      condition: once,
      silence: 'well',
      because: 'Until the day has a statement that can be used, nothing that it would show is known.',
    },
  ],
  [
    'reconcile-postponed',
    {
      watched: { of: 'stage', metric: 'ReconcilePostponed', countedBy: ['reconcile'] },
      condition: once,
      silence: 'well',
      because: 'Until the partner’s next statement, later days go on from what was corrected.',
    },
  ],
  [
    'statement-missing',
    {
      watched: { of: 'partner', metric: 'StatementMissing', countedBy: ['arrivals'] },
      condition: once,
      silence: 'well',
      because: 'It is looked for once a day, at noon, and then there is still half a day to ask the partner.',
    },
  ],
]
