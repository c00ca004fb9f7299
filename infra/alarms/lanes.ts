import type { PauseReason } from '../../shared/domain/pause.ts'
import type { HandlerProps } from '../function.ts'
import { type AlarmRule, inAQuarter, type NamedRules, once } from './rule.ts'

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

/** What keeps one partner’s payments from going their way. */
export const lanes: NamedRules = [
  lanePaused('float-empty', 'pay', 'The partner has no money of ours left, and only the treasury can help.'),
  lanePaused('credentials-refused', 'pay', 'No payment passes until people have seen to the keys.'),
  lanePaused('canary-failed', 'release', 'The lane was re-opened, and what was wrong still is.'),
  lanePaused('unknown-outcomes', 'pay', 'A fifth of the last sends has no known outcome.'),
  [
    'outcomes-unknown',
    {
      watched: { of: 'partner', metric: 'PayoutUnknown', countedBy: ['pay'] },
      condition: { is: 'at-least', threshold: 50, minutes: 60, periods: 1 },
      silence: 'well',
      because: 'A lane sends up to 43,000 in an hour: some always time out, and fifty have a cause.',
    },
  ],
  [
    'outcomes-overdue',
    {
      watched: { of: 'partner', metric: 'OutcomeOverdue', countedBy: ['inquire', 'pay'] },
      condition: { is: 'at-least', threshold: 1, minutes: 60, periods: 1 },
      silence: 'well',
      because:
        'After two days the statement has come, too: what it does not tell, or contradicts, or what cannot even be asked, only people find out.',
    },
  ],
  [
    'questions-failing',
    {
      watched: { of: 'partner', metric: 'QuestionFailed', countedBy: ['inquire'] },
      condition: inAQuarter(3),
      silence: 'well',
      because: 'The next run asks again; three in a quarter of an hour are not chance.',
    },
  ],
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
    'paid-rate',
    {
      watched: { of: 'paid-rate', band: { least: 80, most: 120, released: 100 } },
      condition: { is: 'at-least', threshold: 1, minutes: 60, periods: 2 },
      silence: 'well',
      because: 'Of a hundred that leave, a few fail and a few are paid later; more than that has a cause.',
    },
  ],
  [
    'spending-above-plan',
    {
      watched: { of: 'spending' },
      condition: {
        is: 'at-least',
        threshold: ({ rupiahPerDay }) => rupiahPerDay,
        minutes: 1_440,
        periods: 1,
      },
      silence: 'well',
      because: 'The scheme plans no day on which more than this is paid.',
    },
  ],
]
