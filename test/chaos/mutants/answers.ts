import type { Mutant } from './mutant.ts'

const decide = 'shared/domain/decide.ts'
const fold = 'shared/domain/fold.ts'
const outcomes = 'shared/partners/snap/outcomes.ts'
const codes = 'shared/partners/snap/codes.ts'

/** What a partner's answer, or its silence, is taken for. */
export const answerMutants: readonly Mutant[] = [
  {
    name: 'lost-is-rejected',
    sentence: 'A connection that breaks after the request counts as one that was never made.',
    file: 'shared/partners/snap/exchange.ts',
    before: "if (answer.result !== 'answered') return unknown(answer.result, { externalId })",
    after:
      "if (answer.result !== 'answered') return { meaning: { means: 'deferred', reason: 'not-connected' }, fields: {}, evidence: {} }",
  },
  {
    name: 'error-is-rejected',
    sentence: 'An internal error of the partner counts as a refusal.',
    file: codes,
    before: "'504 00': unknown('server-error')",
    after: "'504 00': rejected('request-refused')",
  },
  {
    name: 'progress-is-deferred',
    sentence: 'A transfer in progress counts as put off, so that a new reference is sent beside it.',
    file: codes,
    before: "'202 00': { means: 'pending' }",
    after: "'202 00': deferred('rate-limited')",
  },
  {
    name: 'not-found-is-paid',
    sentence: 'A transfer that the partner does not know counts as paid.',
    file: outcomes,
    before: "'07': 'not-found'",
    after: "'07': 'paid'",
  },
  {
    name: 'not-found-is-failed',
    sentence: 'A transfer that the partner does not know counts as failed.',
    file: outcomes,
    before: "'07': 'not-found'",
    after: "'07': 'failed'",
  },
  {
    name: 'code-not-found-is-failed',
    sentence: 'An inquiry that is answered 404xx01 counts as proof that nothing was paid.',
    file: outcomes,
    before: "if (meaning.means === 'not-found') return { outcome: 'not-found', evidence }",
    after: "if (meaning.means === 'not-found') return { outcome: 'failed', evidence }",
  },
  {
    name: 'inconsistent-is-paid',
    sentence: 'A reference that the partner knows with other parameters (404xx18) counts as paid.',
    file: outcomes,
    before: 'return unknown(meaning.cause, evidence)',
    after:
      "return meaning.cause === 'inconsistent-request' ? { outcome: 'paid', evidence } : unknown(meaning.cause, evidence)",
  },
  {
    name: 'second-rejection',
    sentence: 'A rejection that answers a second send counts as proof against the first.',
    file: decide,
    before: 'attempt.sends > 1 &&',
    after: 'attempt.sends > 2 &&',
  },
  {
    name: 'other-amount',
    sentence: 'An answer about another amount is taken for ours.',
    file: outcomes,
    before: '(named.amount === undefined || readAmount(named.amount) === asked.amount)',
    after: 'true',
  },
  {
    name: 'other-reference',
    sentence: 'An answer about another transfer is taken for ours.',
    file: outcomes,
    before: '(named.reference === undefined || named.reference === asked.partnerReferenceNo) &&',
    after: '',
  },
  {
    name: 'early-failure',
    sentence: 'What a partner says while it is still at work closes an attempt.',
    file: decide,
    before: 'if (endings.includes(outcome.outcome) && !isSettledAt(attempt, askedAt, resend))',
    after: 'if (false)',
  },
  {
    name: 'refund-ignored',
    sentence: 'A payment that came back stays paid.',
    file: fold,
    before: "event.evidence.status === '04'",
    after: "event.evidence.status === '40'",
  },
  {
    name: 'refund-is-rejected',
    sentence: 'A payment that came back is written down as one that was never made.',
    file: decide,
    before:
      "return { event: { type: 'disbursed', attempt: number, evidence: { ...evidence, status: '04' } } }",
    after: "return { event: { type: 'rejected', attempt: number, reason: 'failed-at-partner', evidence } }",
  },
  {
    name: 'statement-trusted',
    sentence: 'What only a statement calls returned is paid again as soon as another account is linked.',
    file: fold,
    before: 'const concerned = returnedByStatement(standing) || obstacle?.version === account?.version',
    after: 'const concerned = obstacle?.version === account?.version',
  },
  {
    name: 'statement-row-left',
    sentence: 'A run that died behind what it has learnt from a statement leaves the payout in no list.',
    file: 'functions/reconcile/judging.ts',
    before: 'if (found) await bringUpToDate(deps, found)',
    after: '',
  },
  {
    name: 'name-ignored',
    sentence: 'An account is paid whoever the partner says that it belongs to.',
    file: outcomes,
    before: 'if (!namesAgree(account.holderName, verifiedName, salutations))',
    after: 'if (false)',
  },
  {
    name: 'document-at-once',
    sentence: 'A document closes an attempt that may still be sent.',
    file: 'shared/domain/document.ts',
    before: "if (!isBeyondSending(attempt, now, windows)) return refuse('too-early')",
    after: '',
  },
]
