import {
  type AlarmRule,
  behindMilliseconds,
  inAQuarter,
  type NamedRules,
  oneMessage,
  waitedSeconds,
} from './rule.ts'

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

/** What waits, and what was set aside. */
export const queues: NamedRules = [
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
  deadLetters('reconcile', /^reconcile-dlq$/, 'A statement was given up, and S3 does not tell of it again.'),
  deadLetters('bus', /^undelivered$/, 'EventBridge has given an event up, and does not try it again.'),
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
      condition: behindMilliseconds(900_000),
      silence: 'well',
      because: 'Changes of status are gathered for five minutes at most, and given up after six hours.',
    },
  ],
  [
    'totals-late',
    {
      watched: { of: 'stream', folder: 'totals' },
      condition: behindMilliseconds(1_800_000),
      silence: 'well',
      because: 'Entries are gathered for five minutes at most, and the stream forgets after a day.',
    },
  ],
]
