import type { Mutant } from './mutant.ts'

const participants = 'shared/ledger/dynamodb/participants.ts'
const intake = 'functions/intake/intake.ts'

/** Events, facts and the rows that follow from them. */
export const factMutants: readonly Mutant[] = [
  {
    name: 'number-in-journal',
    sentence: "A claim has the account's number in it instead of its last four digits.",
    file: 'functions/pay/pay.ts',
    before: 'lastFour: account.lastFour,',
    after: 'lastFour: account.number,',
  },
  {
    name: 'failed-event-dropped',
    sentence: 'An event is acknowledged although taking it in has failed.',
    file: intake,
    before: 'const recorded = await record({ deps, now, by }, screened.accepted)',
    after:
      "const recorded = await record({ deps, now, by }, screened.accepted).catch(() => 'recorded' as const)",
  },
  {
    name: 'conflict-is-recorded',
    sentence: 'A fact whose transaction met another counts as recorded.',
    file: participants,
    before: "if (outcome === 'conflict' || outcome.refused > 0) return 'overtaken'",
    after: "if (outcome === 'conflict') return 'recorded'\n    if (outcome.refused > 0) return 'overtaken'",
  },
  {
    name: 'entitled-again',
    sentence: 'A second certificate that races the first one entitles once more.',
    file: participants,
    before: `value: { ...keys.entitlement(participantId), ...entitlement }, condition: absent },
        { table: journal, value: entryItem(entry), condition: absent },`,
    after: `value: { ...keys.entitlement(participantId), ...entitlement }, condition: always },
        { table: journal, value: entryItem(entry), condition: always },`,
  },
  {
    name: 'replaced-blindly',
    sentence: 'Of two earlier certificates that race the last one wins instead of the earlier.',
    file: participants,
    before: `...next }, condition: unchanged },
        { table: payouts, value: later, condition: absent },`,
    after: `...next }, condition: always },
        { table: payouts, value: later, condition: always },`,
  },
  {
    name: 'first-to-arrive',
    sentence: 'The certificate that arrives first governs, even if another was issued before it.',
    file: intake,
    before: 'return precedes(certificate, entitlement.governing)',
    after: 'return precedes(certificate, certificate)',
  },
  {
    name: 'account-twice',
    sentence: 'The same link of an account is another version each time it arrives.',
    file: 'shared/ledger/dynamodb/accounts.ts',
    before: 'const hash = await keyedHash(canonicalJson(link))',
    after: 'const hash = await keyedHash(canonicalJson({ link, at: performance.now() }))',
  },
  {
    name: 'shared-later',
    sentence: 'An account that somebody else holds is marked only after it was there unmarked.',
    file: 'shared/ledger/dynamodb/accounts.ts',
    before: 'others.length > 0 ? { ...account, shared: true } : account',
    after: 'account',
  },
  {
    name: 'unlisted',
    sentence: 'A payout whose outcome is unknown is listed where nobody asks about it.',
    file: 'shared/domain/row.ts',
    before: 'list: lists.inquire(partner, shard),',
    after: 'list: lists.held(shard),',
  },
  {
    name: 'crash-forgets-rows',
    sentence: 'A certificate that comes again does not make up for the rows that a crash left out.',
    file: intake,
    before: '    await placeRows(step.deps, participantId)\n    return outcome',
    after: "    if (outcome === 'recorded') await placeRows(step.deps, participantId)\n    return outcome",
  },
  {
    name: 'account-wakes-nobody',
    sentence: 'Payouts that waited for an account are left waiting.',
    file: intake,
    before: '      await placeRows(step.deps, accepted.link.participantId)\n',
    after: '',
  },
  {
    name: 'row-goes-back',
    sentence: 'A row that has seen less is written over one that has seen more.',
    file: participants,
    before:
      "'attribute_not_exists(pk) OR (#seq < :seq AND #facts <= :facts) OR (#seq = :seq AND #facts < :facts)'",
    after: "'attribute_not_exists(pk) OR #seq <> :seq OR #facts <> :facts'",
  },
  {
    name: 'row-ahead',
    sentence: 'A row says that it has seen an entry more than there is.',
    file: 'shared/domain/row.ts',
    before: '...{ participantId, payout, seq: standing.seq, facts,',
    after: '...{ participantId, payout, seq: standing.seq + 1, facts,',
  },
  {
    name: 'row-forgets-claim',
    sentence: 'The row of what is being sent does not say since when its money is in transit.',
    file: 'shared/domain/row.ts',
    before: 'at: until, since, partner, attempt, ...claimed }',
    after: 'at: until, since, partner, attempt }',
  },
  {
    name: 'row-trusted',
    sentence: 'A payout whose row is behind its journal is left as it is.',
    file: 'functions/pay/pay.ts',
    before: '    await project(deps.ledger, found, deps.shards)\n',
    after: '',
  },
  {
    name: 'first-account',
    sentence: 'Whoever links another account is paid to the first one all the same.',
    file: 'shared/domain/facts.ts',
    before: 'facts.accounts.findLast(',
    after: 'facts.accounts.find(',
  },
]
