import type { Mutant } from './mutant.ts'

const batch = 'functions/pay/batch.ts'
const permit = 'shared/domain/permit.ts'
const postings = 'shared/domain/postings.ts'

/** Permits, and what a lane may spend. */
export const floatMutants: readonly Mutant[] = [
  {
    name: 'permit-skipped',
    sentence: 'A payout is paid though the lane has denied it.',
    file: batch,
    before: 'const ask = grant.granted.find((granted) => granted === asked)',
    after: 'const ask = asked',
  },
  {
    name: 'float-untouched',
    sentence: 'A permit takes nothing of the float.',
    file: permit,
    before: 'available -= ask.amount',
    after: 'available -= 0',
  },
  {
    name: 'used-given-back',
    sentence: 'What was paid is given back to the lane like what was not.',
    file: batch,
    before: 'return change + (result.sent === undefined ? ask.amount : 0)',
    after: 'return change + ask.amount',
  },
  {
    name: 'ended-permit-stays',
    sentence: 'A permit that was given back stays on the row, to be given back again.',
    file: permit,
    before: 'permits: { ...others, ...kept }, paused }',
    after: 'permits: { ...control.permits, ...kept }, paused }',
  },
  {
    name: 'failure-given-back',
    sentence: 'After a failure of ours the lane gets back what may have been sent.',
    file: batch,
    before: "if ('failed' in result) unsettled.push(ask)",
    after: "if ('failed' in result) back += ask.amount",
  },
  {
    name: 'rest-forgotten',
    sentence: 'A permit of which something is left counts as used to the last rupiah.',
    file: batch,
    before: 'const allUsed = end.back === 0 && end.unsettled.length === 0 && !end.pause',
    after: 'const allUsed = end.unsettled.length === 0 && !end.pause',
  },
  {
    name: 'abandoned-whole',
    sentence: 'The permit of a worker that died is given back whole, whatever the worker has claimed.',
    file: 'functions/release/release.ts',
    before: 'const own = chain.filter(({ by }) => by === worker)',
    after: "const own = chain.filter(({ by }) => by === '')",
  },
  {
    name: 'asked-not-settled',
    sentence: 'What inquiring frees of the float stays out of use.',
    file: 'shared/ledger/float.ts',
    before: 'endPermit(control, by, { back, unsettled })',
    after: 'endPermit(control, by, { back: 0, unsettled })',
  },
  {
    name: 'unannounced',
    sentence: 'An inquiry that dies behind its entry leaves what it freed out of use for good.',
    file: 'functions/inquire/inquire.ts',
    before: 'if (announced || !mayMoveFloat(event, outcome)) return',
    after: 'return',
  },
  {
    name: 'control-overwritten',
    sentence: 'A lane is written over whatever others have written since it was read.',
    file: 'shared/ledger/dynamodb/lanes.ts',
    before: 'const outcome = await payouts.put(value, followsRead(control.version))',
    after: 'const outcome = await payouts.put(value, always)',
  },
  {
    name: 'sweep-forgotten',
    sentence: 'Whoever comes again with a sweep or a fee that is booked is told that its document is taken.',
    file: 'shared/ledger/dynamodb/lanes.ts',
    before: "return bookedBefore(before, type, taking) ?? (isTooMuch ? 'not-available' : undefined)",
    after: "return isTooMuch ? 'not-available' : undefined",
  },
  {
    name: 'recovered-lost',
    sentence: 'What was paid twice and has come back is booked as given up.',
    file: postings,
    before: 'return [move(accounts.overpaid(partner), float)]',
    after: 'return [move(accounts.overpaid(partner), accounts.writtenOff(partner))]',
  },
  {
    name: 'spent-elsewhere',
    sentence: 'What every partner pays counts as spent at one of them.',
    file: postings,
    before: 'return [move(inTransit, paid), move(float, accounts.spent(partner))]',
    after: "return [move(inTransit, paid), move(float, accounts.spent('ovo'))]",
  },
  {
    name: 'overpaid-spent',
    sentence: 'What was paid twice is booked like what is paid once.',
    file: postings,
    before: 'return [move(float, accounts.overpaid(partner))]',
    after: 'return [move(float, accounts.spent(partner))]',
  },
  {
    name: 'budget-forgotten',
    sentence: 'What a float is funded with does not count as given out of the budget.',
    file: 'shared/ledger/dynamodb/lanes.ts',
    before: 'const funded = rupiah((before.funded ?? noRupiah) + funding.amount)',
    after: 'const funded = before.funded ?? noRupiah',
  },
  {
    name: 'permit-for-good',
    sentence: 'What a worker has left of its permit when it died is never given back.',
    file: permit,
    before: 'return [...(old || fresh.length > lingeringMax ? fresh : []), ...forgotten]',
    after: 'return []',
  },
]
