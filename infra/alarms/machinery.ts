import { inAQuarter, type NamedRules, onceInAnHour } from './rule.ts'

/** What the functions run on, and whether they run. */
export const machinery: NamedRules = [
  [
    'function-failing',
    {
      watched: { of: 'function', figure: 'Errors' },
      condition: inAQuarter(3),
      silence: 'well',
      because: 'One crash is made up for by the next run; three in a quarter of an hour are not chance.',
    },
  ],
  [
    'function-throttled',
    {
      // Every try of a statement that waits for the one run of reconcile is a throttle. What waits for too long is in its
      // dead letters: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
      watched: { of: 'function', figure: 'Throttles', except: 'reconcile' },
      condition: inAQuarter(15),
      silence: 'well',
      because: 'Every queue has a limit of its own, so that once a minute means the account has none left.',
    },
  ],
  [
    'table-throttled',
    {
      watched: { of: 'table' },
      condition: { is: 'at-least', threshold: 1, minutes: 5, periods: 3 },
      silence: 'well',
      because: 'A table that grows refuses for minutes; a quarter of an hour is a limit that is reached.',
    },
  ],
  [
    'schedule-silent',
    {
      watched: { of: 'schedule', called: 'every-minutes' },
      condition: { is: 'below', threshold: 1, minutes: 1, periods: 5 },
      silence: 'alarming',
      because: 'A run may be late or fall out; five in a row are a schedule that has stopped.',
    },
  ],
  [
    'close-failing',
    {
      watched: { of: 'function', figure: 'Errors', folder: 'close' },
      condition: onceInAnHour,
      silence: 'well',
      because:
        'It goes through all payouts once a day: what it had to leave out, it leaves out until tomorrow.',
    },
  ],
  [
    'statement-failing',
    {
      watched: { of: 'function', figure: 'Errors', folder: 'statement' },
      condition: onceInAnHour,
      silence: 'well',
      because: 'It asks once a night, for one day: nobody asks for that day again.',
    },
  ],
  [
    'statement-silent',
    {
      watched: { of: 'schedule', called: 'daily', folder: 'statement' },
      condition: { is: 'below', threshold: 1, minutes: 1_440, periods: 2 },
      silence: 'alarming',
      because: 'One night without a run may be a deployment; two are a schedule that has stopped.',
    },
  ],
  [
    'arrivals-failing',
    {
      watched: { of: 'function', figure: 'Errors', folder: 'arrivals' },
      condition: onceInAnHour,
      silence: 'well',
      because: 'It looks once a day: until the next noon nobody would hear of a statement that is missing.',
    },
  ],
  [
    'arrivals-silent',
    {
      watched: { of: 'schedule', called: 'daily', folder: 'arrivals' },
      condition: { is: 'below', threshold: 1, minutes: 1_440, periods: 2 },
      silence: 'alarming',
      because: 'One day without a run may be a deployment; two are a schedule that has stopped.',
    },
  ],
  [
    'digest-failing',
    {
      watched: { of: 'function', figure: 'Errors', folder: 'digest' },
      condition: onceInAnHour,
      silence: 'well',
      because: 'It runs once a day: until its next run a day is without a digest.',
    },
  ],
  [
    'digest-silent',
    {
      watched: { of: 'schedule', called: 'daily', folder: 'digest' },
      condition: { is: 'below', threshold: 1, minutes: 1_440, periods: 2 },
      silence: 'alarming',
      because: 'A run makes up for the days before it; two days without one are a schedule that has stopped.',
    },
  ],
  [
    'archive-failing',
    {
      watched: { of: 'partner', metric: 'ArchiveFailed', countedBy: ['pay', 'inquire'] },
      condition: inAQuarter(3),
      silence: 'well',
      because: 'Each is the exchanges of one run, tried twice; three in a quarter of an hour are not chance.',
    },
  ],
  [
    'statement-archive-failing',
    {
      watched: { of: 'partner', metric: 'ArchiveFailed', countedBy: ['statement'] },
      condition: onceInAnHour,
      silence: 'well',
      because: 'It asks once a night, and what the bank answered then is in its exchanges or nowhere.',
    },
  ],
  [
    'operations-failing',
    {
      watched: { of: 'api' },
      condition: inAQuarter(3),
      silence: 'well',
      because: 'Operators try again once or twice; then they cannot act.',
    },
  ],
]
