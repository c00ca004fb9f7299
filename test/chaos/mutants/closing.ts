import type { Mutant } from './mutant.ts'

const close = 'functions/close/close.ts'

/** When nothing leaves, and what is ended then. */
export const closingMutants: readonly Mutant[] = [
  {
    name: 'closed-early',
    sentence: 'Closing begins four weeks before the last payment day is over.',
    file: close,
    before: 'if (now < endOfPayments(scheme)) return { cancelled: 0, next: endOfPayments(scheme) }',
    after: `const end = startOfDay(plusDays(jakartaDate(endOfPayments(scheme)), -28))
  if (now < end) return { cancelled: 0, next: end }`,
  },
  {
    name: 'left-open',
    sentence: 'Closing ends nothing.',
    file: close,
    before: 'nominating.includes(state)',
    after: 'false',
  },
  {
    name: 'blackout-ignored',
    sentence: 'The year-end blackout is a stretch of days like any other.',
    file: 'shared/domain/calendar.ts',
    before: 'if (scheme.blackouts.some(({ from, until }) => today >= from && today < until)) return []',
    after: '',
  },
]
