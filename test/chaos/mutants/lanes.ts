import type { Mutant } from './mutant.ts'

const canary = 'shared/domain/canary.ts'
const permit = 'shared/domain/permit.ts'

/** What people tell lanes: to pause, to go on, that money has come. */
export const laneMutants: readonly Mutant[] = [
  {
    name: 'pause-unseen',
    sentence: 'Whoever has a permit goes on, whatever is paused meanwhile.',
    file: 'functions/pay/watch.ts',
    before: 'return row.paused[kind] !== undefined || isOlder',
    after: 'return isOlder',
  },
  {
    name: 'paused-sends-again',
    sentence: 'What the partner does not know is sent again although its kind is paused.',
    file: 'functions/inquire/run.ts',
    before: 'isFullyOpen(await lanes.read(partner), kindOf(payout))',
    after: 'isFullyOpen({ paused: {} }, kindOf(payout))',
  },
  {
    name: 'canary-skipped',
    sentence: 'A lane that is resumed is open at once.',
    file: 'shared/domain/pause.ts',
    before: 'paused: Object.fromEntries(stays), canary }',
    after: 'paused: Object.fromEntries(stays) }',
  },
  {
    name: 'canary-uncounted',
    sentence: 'The payments of a canary are not counted.',
    file: permit,
    before: '...canaryWith(control, granted, lane.now),',
    after: '',
  },
  {
    name: 'canary-trusted',
    sentence: 'A lane is open as soon as its canary is known to be under way.',
    file: canary,
    before: "if (all.includes('paid')) return opened(control, kind)",
    after: 'if (all.length > 0) return opened(control, kind)',
  },
  {
    name: 'document-forgotten',
    sentence: 'Whoever comes again with a document that is booked is told that it was for something else.',
    file: 'shared/ledger/dynamodb/lanes.ts',
    before: "booked.amount === amount ? 'duplicate' : 'document-taken'",
    after: "booked.amount !== amount ? 'duplicate' : 'document-taken'",
  },
  {
    name: 'canary-wide',
    sentence: 'A canary is of five hundred payments.',
    file: canary,
    before: 'export const canaryMax = 5\n',
    after: 'export const canaryMax = 500\n',
  },
]
