import type { Mutant } from './mutant.ts'

const decide = 'shared/domain/decide.ts'
const notFound = 'shared/domain/not-found.ts'
const fold = 'shared/domain/fold.ts'
const pay = 'functions/pay/pay.ts'
const inquire = 'functions/inquire/inquire.ts'

/** Claims, sends and resends. */
export const sendingMutants: readonly Mutant[] = [
  {
    name: 'append-over',
    sentence: "An entry is put over another writer's instead of finding its place taken.",
    file: 'shared/ledger/dynamodb/journal.ts',
    before: 'table.put(entryItem(entry), absent)',
    after: "table.put(entryItem(entry), { expression: 'attribute_exists(pk) OR attribute_not_exists(pk)' })",
  },
  {
    name: 'decide-once',
    sentence: 'Whoever loses the race for an entry appends what it decided on before the race.',
    file: 'shared/ledger/payout.ts',
    before: 'const decision = decide(now, command)',
    after: 'const decision = decide(start, command)',
  },
  {
    name: 'own-put-unknown',
    sentence: 'A put that is repeated after a lost answer takes its own item for that of another writer.',
    file: 'shared/ledger/dynamodb/table.ts',
    before: 'if (error.Item?.putId?.S === putId) return { written: true }',
    after: '',
  },
  {
    name: 'send-unclaimed',
    sentence: 'The money is sent before the journal says so.',
    file: pay,
    before: "const claimed = await apply(deps.ledger, payable.now, { command: 'claim', claim },",
    after:
      "await request.send(deps.now())\n  const claimed = await apply(deps.ledger, payable.now, { command: 'claim', claim },",
  },
  {
    name: 'send-again',
    sentence: 'A send of which nothing is known is sent again at once, without asking.',
    file: pay,
    before: 'const outcome = maySend(claim, now) ? await request.send(now) : unsent(now)',
    after:
      "const first = await request.send(deps.now())\n  const outcome = first.outcome === 'unknown' ? await request.send(deps.now()) : first",
  },
  {
    name: 'unknown-closed',
    sentence: 'An unknown attempt counts as closed, so that a new reference is sent beside it.',
    file: fold,
    before: "= ['sending', 'pending', 'unknown']",
    after: "= ['sending', 'pending']",
  },
  {
    name: 'same-reference',
    sentence: 'Every attempt at a payout has the reference of the first.',
    file: pay,
    before: 'reference: referenceOf(participantId, payout, attempt),',
    after: 'reference: referenceOf(participantId, payout, 1),',
  },
  {
    name: 'expire-early',
    sentence: 'A claim is given up before its term has ended.',
    file: decide,
    before: "if (open?.status !== 'sending' || command.now < open.until)",
    after: "if (open?.status !== 'sending')",
  },
  {
    name: 'settle-late',
    sentence: 'A sender settles its attempt although others have written since.',
    file: decide,
    before: "if (standing.seq !== seq) return refuse('overtaken')",
    after: '',
  },
  {
    name: 'resend-anywhere',
    sentence: 'A reference is sent again at partners that have not said how long they recognise it.',
    file: notFound,
    before: 'secondsBetween(attempt.claimedAt, rule.until) < rule.idempotencyWindowSeconds &&',
    after: '',
  },
  {
    name: 'resend-soon',
    sentence: 'A reference is sent again while its first send may still be on its way.',
    file: notFound,
    before: 'secondsBetween(attempt.until, askedAt) >= resendPauseSeconds(attempt, rule) &&',
    after: '',
  },
  {
    name: 'resend-known',
    sentence: 'A reference is sent again although the partner has acknowledged it.',
    file: notFound,
    before: '!attempt.acknowledged &&',
    after: '',
  },
  {
    name: 'resend-elsewhere',
    sentence: 'A resend goes to the account of now instead of the one that was claimed.',
    file: inquire,
    before: `  const account = found.accounts.find(({ version }) => version === claim.accountVersion)
  if (!account) throw new RequestChanged(\`the account version of \${claim.reference} is gone\`)
  const request = partner.transfer(transferOf(claim, account))
  if (request.bodyHash === claim.bodyHash) return request`,
    after: `  const claimed = found.accounts.find(({ version }) => version === claim.accountVersion)
  const account = found.accounts.findLast(({ partner: of }) => of === claim.partner)
  if (claimed?.verified && account)
    return partner.transfer(transferOf(claim, { ...account, verified: claimed.verified }))`,
  },
  {
    name: 'hold-ignored',
    sentence: 'A payout on hold is paid.',
    file: fold,
    before: "if (standing.hold) return { state: 'held', ...standing.hold }",
    after: '',
  },
  {
    name: 'cancelled-paid',
    sentence: 'A cancelled payout is paid.',
    file: fold,
    before: "if (standing.cancelled) return { state: 'cancelled', ...standing.cancelled }",
    after: '',
  },
  {
    name: 'deferred-at-once',
    sentence: 'What the partner has put off is tried again at once.',
    file: fold,
    before: "{ type: 'deferred', reason, version, notBefore, times }",
    after: "{ type: 'deferred', reason, version, notBefore: at, times }",
  },
  {
    name: 'calendar-ignored',
    sentence: 'A payout leaves whenever a message wakes it, due or not.',
    file: pay,
    before: 'return isOpen(horizon(schemeNamed(scheme), now(), shard, shards), dated)',
    after: 'return true',
  },
  {
    name: 'late-proof-ignored',
    sentence: 'What the partner has paid although it had rejected it is paid once more.',
    file: pay,
    before: 'const paid = asPaid(outcome)',
    after: 'const paid = undefined',
  },
  {
    name: 'sent-late',
    sentence: 'A claim that was long in writing is sent although its term has ended.',
    file: pay,
    before: 'maySend(claim, now) ? await request.send(now) : unsent(now)',
    after: 'maySend(claim, now) ? await request.send(now) : await request.send(now)',
  },
]
