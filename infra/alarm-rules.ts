import type { PauseReason } from '../shared/domain/pause.ts'
import type { MetricName } from '../shared/runtime/metrics.ts'
import type { HandlerProps } from './function.ts'

/** What an alarm looks at. One rule makes an alarm for each partner, queue, function or schedule that it speaks of. */
export type Watched =
  /** What the functions in these folders count, of the whole stage or of each partner. */
  | {
      readonly of: 'stage' | 'partner'
      readonly metric: MetricName
      readonly countedBy: readonly HandlerProps['folder'][]
      /** Of the metric `LanePaused`. */
      readonly reason?: PauseReason
    }
  /** Messages that wait, or seconds that the oldest has waited, in each queue whose name after the stage's matches. */
  | { readonly of: 'queue'; readonly named: RegExp; readonly figure: 'messages' | 'age' }
  /** Of every function, or of those in one folder. */
  | {
      readonly of: 'function'
      readonly figure: 'Errors' | 'Throttles'
      readonly folder?: HandlerProps['folder']
    }
  /** Runs of each function that is called every so many minutes, which are its period then, or of each that is called daily. */
  | { readonly of: 'schedule'; readonly called: 'every-minutes' }
  | { readonly of: 'schedule'; readonly called: 'daily'; readonly folder: HandlerProps['folder'] }
  /** Milliseconds by which the function in this folder, which follows the journal's stream, is behind. */
  | { readonly of: 'stream'; readonly folder: HandlerProps['folder'] }
  /** Requests that a table or an index has refused for its load. */
  | { readonly of: 'table' }
  /** Answers of the operations API that are our fault. */
  | { readonly of: 'api' }

/** When an operator is woken, and why then. */
export type AlarmRule = {
  readonly watched: Watched
  /** The sum, or for ages and messages the maximum, of each of so many periods in a row. */
  readonly condition: {
    readonly is: 'at-least' | 'below'
    readonly threshold: number
    readonly minutes: number
    readonly periods: number
  }
  /** What a period without any figure is. Counts are only written when there is something to count. */
  readonly silence: 'well' | 'alarming'
  /** Why at this threshold, and not sooner or later. */
  readonly because: string
}

const once = { is: 'at-least', threshold: 1, minutes: 1, periods: 1 } as const
const oneMessage = { is: 'at-least', threshold: 1, minutes: 5, periods: 1 } as const
const waitedSeconds = (threshold: number) => ({ is: 'at-least', threshold, minutes: 5, periods: 1 }) as const
const inAQuarter = (threshold: number) => ({ is: 'at-least', threshold, minutes: 15, periods: 1 }) as const

const lanePaused = (
  reason: PauseReason,
  countedBy: HandlerProps['folder'],
  because: string,
): readonly [string, AlarmRule] => [
  `lane-paused-${reason}`,
  {
    watched: { of: 'partner', metric: 'LanePaused', countedBy: [countedBy], reason },
    condition: once,
    silence: 'well',
    because,
  },
]

const deadLetters = (work: string, named: RegExp, because: string): readonly [string, AlarmRule] => [
  `${work}-dead-letters`,
  {
    watched: { of: 'queue', named, figure: 'messages' },
    condition: oneMessage,
    silence: 'well',
    because,
  },
]

const late = (
  work: string,
  named: RegExp,
  seconds: number,
  because: string,
): readonly [string, AlarmRule] => [
  `${work}-late`,
  {
    watched: { of: 'queue', named, figure: 'age' },
    condition: waitedSeconds(seconds),
    silence: 'well',
    because,
  },
]

/** Everything an operator is woken for, by name; RUNBOOK.md has an article on each. */
export const alarmRules: ReadonlyMap<string, AlarmRule> = new Map<string, AlarmRule>([
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
  lanePaused('float-empty', 'pay', 'The partner has no money of ours left, and only the treasury can help.'),
  lanePaused('credentials-refused', 'pay', 'No payment passes until people have seen to the keys.'),
  lanePaused('canary-failed', 'release', 'The lane was re-opened, and what was wrong still is.'),
  lanePaused('unknown-outcomes', 'pay', 'A fifth of the last sends has no known outcome.'),
  [
    'float-short',
    {
      watched: { of: 'partner', metric: 'FloatShort', countedBy: ['release'] },
      condition: { is: 'at-least', threshold: 1, minutes: 1, periods: 10 },
      silence: 'well',
      because:
        'A permit takes its float for the minutes that its batch lasts; what is short for ten is not there.',
    },
  ],
  [
    'payouts-overdue',
    {
      watched: { of: 'partner', metric: 'PayoutOverdue', countedBy: ['release'] },
      condition: { is: 'at-least', threshold: 1, minutes: 60, periods: 3 },
      silence: 'well',
      because:
        'A peak day takes ten hours; what is still due after half a day, for three hours, does not move.',
    },
  ],
  [
    'events-quarantined',
    {
      watched: { of: 'stage', metric: 'EventQuarantined', countedBy: ['intake'] },
      condition: inAQuarter(20),
      silence: 'well',
      because: 'Single events are refused every day and wait for the morning; so many at once are one cause.',
    },
  ],
  deadLetters('lane', /^pay-[a-z]+-dlq$/, 'Our own code has failed on a payment five times.'),
  deadLetters('intake', /^intake(-accounts)?-dlq$/, 'Our own code has failed on an event twenty times.'),
  deadLetters('jobs', /^jobs-dlq$/, 'A job that people have started does not go on by itself.'),
  deadLetters('publish', /^publish-dlq$/, 'Part of the stream was given up, and it forgets after a day.'),
  deadLetters('totals', /^totals-dlq$/, 'Part of the stream was given up, and finance lacks it.'),
  deadLetters('bus', /^undelivered$/, 'EventBridge has tried for a day to hand an event to its queue.'),
  late(
    'lane',
    /^pay-[a-z]+$/,
    1_800,
    'The queue holds two minutes of work, and what a dead worker held comes back after twelve.',
  ),
  late('intake', /^intake(-accounts)?$/, 900, 'What a dead worker held comes back after six minutes.'),
  late('jobs', /^jobs$/, 1_800, 'A page takes two minutes at most, and comes back after twelve.'),
  [
    'publish-late',
    {
      watched: { of: 'stream', folder: 'publish' },
      condition: waitedSeconds(900_000),
      silence: 'well',
      because: 'Changes of status are gathered for five minutes at most, and given up after six hours.',
    },
  ],
  [
    'totals-late',
    {
      watched: { of: 'stream', folder: 'totals' },
      condition: waitedSeconds(1_800_000),
      silence: 'well',
      because: 'Entries are gathered for five minutes at most, and the stream forgets after a day.',
    },
  ],
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
      watched: { of: 'function', figure: 'Throttles' },
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
    'statement-failing',
    {
      watched: { of: 'function', figure: 'Errors', folder: 'statement' },
      condition: { is: 'at-least', threshold: 1, minutes: 60, periods: 1 },
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
    'digest-failing',
    {
      watched: { of: 'function', figure: 'Errors', folder: 'digest' },
      condition: { is: 'at-least', threshold: 1, minutes: 60, periods: 1 },
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
    'operations-failing',
    {
      watched: { of: 'api' },
      condition: inAQuarter(3),
      silence: 'well',
      because: 'Operators try again once or twice; then they cannot act.',
    },
  ],
])
