import type { Case, Status } from './answers.ts'
import type { Distortion } from './distortion.ts'

/**
 * How a simulated partner treats an account or a transfer. The two digits after `999` in a bank account
 * (`99903…`), or after `+62899` in a wallet (`+6289903…`), choose from this table; every other number is `00`,
 * unless a test or the seed says otherwise. 0899 is an operator's real prefix: keep it out of sample data.
 * Many follow the test numbers that public sandboxes publish; the rest are what goes wrong between machines. Of 22 and
 * 32 only the partner's statement tells, so that the books of a run in which nobody hands one in do not balance.
 */
export type Behaviour = {
  readonly sentence: string
  /** Whose name the account inquiry answers; absent: the holder's own. */
  readonly holder?: 'other' | 'masked'
  readonly accountInquiry?: Hitch<Case>
  /** The transfer is answered so, and the partner remembers nothing of it. */
  readonly turnedAway?: Hitch<Case | 'lost'>
  /** The transfer is answered so, and remembered as failed: nothing is booked under its reference. */
  readonly refused?: Hitch<Case>
  /** What becomes of an accepted transfer, oldest step first; absent: paid at once. */
  readonly life?: readonly Step[]
  /** The first answer to an accepted transfer; absent: the truth. */
  readonly answer?: TransferAnswer
  /** The answer to a reference that is already known, whatever the partner's configuration says. */
  readonly duplicate?: Case
  readonly statusInquiry?: Hitch<Case | Distortion>
}

/** Something that goes wrong: always, or for the first few of something. */
export type Hitch<Outcome> = {
  readonly answer: Outcome
  readonly first?: {
    readonly count: number
    readonly of: 'requests' | 'references' | 'days'
    readonly per: 'account' | 'reference'
  }
}

/** From `after` seconds since the transfer arrived, an inquiry answers `status`; money moves at that moment. */
export type Step = {
  readonly after: number
  readonly status: Status
  readonly money?: 'debit' | 'credit'
}

export type TransferAnswer = Case | 'lost' | 'held' | Distortion

const minute = 60
const hour = 60 * minute
const day = 24 * hour

export const paidAtOnce: readonly Step[] = [{ after: 0, status: '00', money: 'debit' }]
const pending: Step = { after: 0, status: '03' }
const unseen: Step = { after: 0, status: '07' }
const paidAfter = (after: number): Step => ({ after, status: '00', money: 'debit' })

const firstRequestOfReference = { count: 1, of: 'requests', per: 'reference' } as const
const firstReferenceToAccount = { count: 1, of: 'references', per: 'account' } as const

export const behaviours = {
  '00': { sentence: 'Pays at once.' },
  '01': {
    sentence: 'In progress (202), paid one hour later.',
    answer: '20200',
    life: [pending, paidAfter(hour)],
  },
  '02': {
    sentence: 'In progress for three days, then paid.',
    answer: '20200',
    life: [pending, paidAfter(3 * day)],
  },
  '03': { sentence: 'Paid, but the connection is cut before the answer.', answer: 'lost' },
  '04': { sentence: 'Paid, but the answer is 504xx00.', answer: '50400' },
  '05': {
    sentence: 'Answers 500xx00 to the first request of a reference and forgets it; a resend pays.',
    turnedAway: { answer: '50000', first: firstRequestOfReference },
  },
  '06': { sentence: 'Answers 500xx00; the transfer has failed (status 06).', refused: { answer: '50000' } },
  '07': {
    sentence: 'The first request of a reference is lost on the way: nothing is known of it; a resend pays.',
    turnedAway: { answer: 'lost', first: firstRequestOfReference },
  },
  '08': {
    sentence: 'Paid, but the answer is lost and inquiries find nothing (status 07) for ten minutes.',
    answer: 'lost',
    life: [
      { after: 0, status: '07', money: 'debit' },
      { after: 10 * minute, status: '00' },
    ],
  },
  '09': {
    sentence: 'Answers 429xx00 to the first two references to the account, then pays.',
    turnedAway: { answer: '42900', first: { count: 2, of: 'references', per: 'account' } },
  },
  '10': { sentence: 'The wallet is not upgraded: transfers get 403xx15.', refused: { answer: '40315' } },
  '11': { sentence: 'The account is dormant: transfers get 403xx09.', refused: { answer: '40309' } },
  '12': { sentence: 'The account is inactive: transfers get 403xx18.', refused: { answer: '40318' } },
  '13': { sentence: 'The account is frozen: transfers get 403xx05.', refused: { answer: '40305' } },
  '14': {
    sentence: 'Nobody has this number: account inquiry and transfer get 404xx11.',
    accountInquiry: { answer: '40411' },
    refused: { answer: '40411' },
  },
  '15': { sentence: "The account inquiry answers somebody else's name.", holder: 'other' },
  '16': { sentence: 'The balance ceiling is reached: transfers get 403xx02.', refused: { answer: '40302' } },
  '17': {
    sentence: "The day's limit is reached (403xx23) on the first two days of trying, then pays.",
    refused: { answer: '40323', first: { count: 2, of: 'days', per: 'account' } },
  },
  '18': {
    sentence: 'Cut-off time (403xx06) for the first reference to the account, then pays.',
    refused: { answer: '40306', first: firstReferenceToAccount },
  },
  '19': {
    sentence: 'Insufficient funds (403xx14) for the first reference to the account, whatever the float.',
    refused: { answer: '40314', first: firstReferenceToAccount },
  },
  '20': {
    sentence: 'In progress with the money already taken, refunded (status 04) the next day.',
    answer: '20200',
    life: [
      { after: 0, status: '03', money: 'debit' },
      { after: day, status: '04', money: 'credit' },
    ],
  },
  '21': {
    sentence: 'In progress, cancelled (status 05) an hour later; never booked.',
    answer: '20200',
    life: [pending, { after: hour, status: '05' }],
  },
  '22': {
    sentence: 'In progress, failed (status 06) after an hour, yet paid (status 00) two days after that.',
    answer: '20200',
    life: [pending, { after: hour, status: '06' }, paidAfter(2 * day + hour)],
  },
  '23': { sentence: 'Paid, but the answer is an HTML page with status 200.', answer: 'html' },
  '24': { sentence: 'Paid, but the answer breaks off inside its JSON.', answer: 'truncated' },
  '25': { sentence: 'Paid, but the answer names a wrong amount.', answer: 'wrong-amount' },
  '26': {
    sentence: 'Paid, but the answer names another partnerReferenceNo.',
    answer: 'wrong-reference',
  },
  '27': {
    sentence: 'The answer is lost and nothing is ever booked: a resend gets 404xx18, inquiries status 07.',
    answer: 'lost',
    life: [unseen],
    duplicate: '40418',
  },
  '28': {
    sentence:
      'The first transfer to the account finds all tokens revoked (401xx01), then pays; a partner without tokens just pays.',
    turnedAway: { answer: '40101', first: { count: 1, of: 'requests', per: 'account' } },
  },
  '29': {
    sentence: 'Answers 500xx00, finds nothing (status 07) for ten minutes, then books it after all.',
    answer: '50000',
    life: [unseen, paidAfter(10 * minute)],
  },
  '30': { sentence: 'Suspected fraud: transfers get 403xx03.', refused: { answer: '40303' } },
  '31': { sentence: 'Paid, but never answered: the connection hangs for 15 real seconds.', answer: 'held' },
  '32': {
    sentence: 'Paid at once, refunded (status 04) the next day.',
    life: [...paidAtOnce, { after: day, status: '04', money: 'credit' }],
  },
  '33': { sentence: 'In progress for ever.', answer: '20200', life: [pending] },
  '34': {
    sentence: 'The account inquiry answers a masked name: the first letter of each word.',
    holder: 'masked',
  },
  '35': {
    sentence: 'Every request gets 409xx01, the first one too, though nothing is ever booked (status 07).',
    answer: '40901',
    life: [unseen],
    duplicate: '40901',
  },
  '36': {
    sentence: 'In progress (202), yet inquiries find nothing (status 07) for a day; then paid.',
    answer: '20200',
    life: [unseen, paidAfter(day)],
  },
  '37': {
    sentence: 'Paid, but the answer is lost and the first three status inquiries get 500xx00.',
    answer: 'lost',
    statusInquiry: { answer: '50000', first: { count: 3, of: 'requests', per: 'reference' } },
  },
  '38': {
    sentence: 'The first two account inquiries get 504xx00, then all is well.',
    accountInquiry: { answer: '50400', first: { count: 2, of: 'requests', per: 'account' } },
  },
  '39': {
    sentence: 'The answer is lost, a resend gets 403xx05, yet the first request is booked after ten minutes.',
    answer: 'lost',
    life: [unseen, paidAfter(10 * minute)],
    duplicate: '40305',
  },
  '40': refusedFromTheInquiry('As 10, and the account inquiry refuses already (403xx15).', '40315'),
  '41': refusedFromTheInquiry('As 11, and the account inquiry refuses already (403xx09).', '40309'),
  '42': refusedFromTheInquiry('As 12, and the account inquiry refuses already (403xx18).', '40318'),
  '43': refusedFromTheInquiry('As 13, and the account inquiry refuses already (403xx05).', '40305'),
  '44': {
    sentence: "As 12, and the account inquiry answers 400xx01 of the number, as BNI's own test does.",
    accountInquiry: { answer: '40001' },
    refused: { answer: '40318' },
  },
  '45': {
    sentence:
      'Paid, but the answer is lost and status inquiries get 404xx01 on the first two days of asking.',
    answer: 'lost',
    statusInquiry: { answer: '40401', first: { count: 2, of: 'days', per: 'reference' } },
  },
  '46': {
    sentence:
      'The answer is lost, inquiries find nothing (status 07) for two days, then it is booked after all.',
    answer: 'lost',
    life: [unseen, paidAfter(2 * day)],
  },
  '47': {
    sentence: 'Paid, but the answer is lost and the first two status inquiries break off inside their JSON.',
    answer: 'lost',
    statusInquiry: { answer: 'truncated', first: { count: 2, of: 'requests', per: 'reference' } },
  },
  '48': {
    sentence: 'Paid, but the answer is lost and the first two status inquiries name a wrong amount.',
    answer: 'lost',
    statusInquiry: { answer: 'wrong-amount', first: { count: 2, of: 'requests', per: 'reference' } },
  },
  '49': {
    sentence: 'The answer is lost; inquiries say failed (status 06) for two minutes, then it is paid.',
    answer: 'lost',
    life: [{ after: 0, status: '06' }, paidAfter(2 * minute)],
  },
} as const satisfies Record<string, Behaviour>
export type BehaviourNumber = keyof typeof behaviours

function refusedFromTheInquiry(sentence: string, answer: Case): Behaviour {
  return { sentence, accountInquiry: { answer }, refused: { answer } }
}

/** What stands under a number. */
export const behaviourNumbered = (number: BehaviourNumber): Behaviour => behaviours[number]

export const isBehaviourNumber = (digits: string): digits is BehaviourNumber =>
  Object.hasOwn(behaviours, digits)

/** All of the table, in its order. */
export const behaviourNumbers: readonly BehaviourNumber[] = Object.keys(behaviours)
  .filter(isBehaviourNumber)
  .sort()

/** Every hitch of the table under a name of its own, e.g. `09 turnedAway`. */
export const hitchNames: ReadonlyMap<Hitch<unknown>, string> = new Map(
  behaviourNumbers.flatMap((number) => {
    const { accountInquiry, turnedAway, refused, statusInquiry } = behaviourNumbered(number)
    const hitches: Readonly<Record<string, Hitch<unknown> | undefined>> = {
      accountInquiry,
      turnedAway,
      refused,
      statusInquiry,
    }
    return Object.entries(hitches).flatMap(([part, hitch]) =>
      hitch === undefined ? [] : [[hitch, `${number} ${part}`] as const],
    )
  }),
)
