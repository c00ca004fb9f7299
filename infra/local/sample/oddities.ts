import { type Partner, wallets } from './programme.ts'
import type { Random } from './random.ts'

/**
 * Everything out of the ordinary that the sample contains: what it is and how many of every 1,000 participants
 * carry it. A participant carries at most one of each list, so the lists also mix. Other numbers of participants
 * carry in proportion, rounded; among few, the rare ones are missing. What is wrong with a message rather than
 * with somebody's story is in `strays.ts`. The shares are an assumption: no source publishes any.
 */
export type Oddity = { readonly perThousand: number; readonly means: string }

/** About trainings and the certificates for them. */
export const trainingOddities = {
  'second-training': { perThousand: 150, means: 'a second certificate some days later; it earns nothing' },
  'third-training': { perThousand: 40, means: 'two more certificates' },
  'later-certificate-first': {
    perThousand: 12,
    means: 'the second certificate is published nights before the first',
  },
  'published-at-odd-hour': {
    perThousand: 24,
    means: 'the platform forgot the certificate and catches up by day',
  },
  'month-end': { perThousand: 10, means: 'issued on the last day of a month' },
  'around-midnight': { perThousand: 6, means: 'issued seconds before or after midnight in Jakarta' },
  'last-second': { perThousand: 2, means: 'issued in the last second of 15 December 2020' },
  'skill-academy-on-tokopedia': {
    perThousand: 6,
    means: "Ruangguru's trainings, on sale elsewhere after wave 3",
  },
  'wave-conflict': { perThousand: 2, means: 'a second certificate that names another wave' },
  'certificate-conflict': {
    perThousand: 2,
    means: 'a certificate id published again with another training and day',
  },
} as const satisfies Record<string, Oddity>
export type TrainingOddity = keyof typeof trainingOddities

/** About surveys; whoever carries none of these fills all three in, in order. */
export const surveyOddities = {
  'no-survey': { perThousand: 150, means: 'fills none' },
  'first-survey-only': { perThousand: 20, means: 'fills the first' },
  'first-two-surveys': { perThousand: 20, means: 'fills the first and the second' },
  'survey-before-certificate': {
    perThousand: 20,
    means: 'fills all; the first is published before the certificate',
  },
} as const satisfies Record<string, Oddity>
export type SurveyOddity = keyof typeof surveyOddities

/** About how one of the participant's events is delivered. */
export const deliveryOddities = {
  'same-event-twice': { perThousand: 25, means: 'the same line again, some lines later' },
  'same-fact-in-new-event': { perThousand: 15, means: 'the same detail under a new event id, a night later' },
  'line-out-of-order': { perThousand: 30, means: 'a line stands some lines later than its time' },
} as const satisfies Record<string, Oddity>
export type DeliveryOddity = keyof typeof deliveryOddities

export type AccountOddity = Oddity & {
  /** When the first account is linked; absent: before the certificate is issued. */
  readonly linked?: 'late' | 'after-due' | 'in-2021' | 'last-minute' | 'too-late' | 'never'
  /** Two digits after 999, 0899 or 62899 in the account number that tell the simulated partner how to behave. */
  readonly behaviour?: string
  /** The partners it happens at; absent: any. */
  readonly partners?: readonly Partner[]
  /** What is linked after the certificate: another number, another partner, and back again, or nothing. */
  readonly relinked?: 'number' | 'partner' | 'and-back' | 'overtaking'
  readonly shared?: true
}

/** About the account that is to be paid into. */
export const accountOddities = {
  'linked-late': {
    perThousand: 80,
    linked: 'late',
    means: 'linked up to 25 days after the certificate arrived',
  },
  'linked-after-due': {
    perThousand: 30,
    linked: 'after-due',
    means: 'linked after the second incentive was due',
  },
  'linked-in-2021': { perThousand: 4, linked: 'in-2021', means: 'linked between 5 January and 4 March 2021' },
  'linked-last-minute': { perThousand: 1, linked: 'last-minute', means: 'linked on 4 March 2021 at 23:58' },
  'linked-too-late': { perThousand: 1, linked: 'too-late', means: 'linked on 5 March 2021: too late' },
  'never-linked': { perThousand: 24, linked: 'never', means: 'never linked' },
  'number-changed': { perThousand: 12, relinked: 'number', means: 'another number at the same partner' },
  'partner-changed': { perThousand: 12, relinked: 'partner', means: 'another partner' },
  'changed-and-back': {
    perThousand: 3,
    relinked: 'and-back',
    means: 'another partner, later the first account again',
  },
  'old-link-arrives-last': {
    perThousand: 4,
    relinked: 'overtaking',
    means: 'the newer account is published first',
  },
  'shared-account': {
    perThousand: 2,
    shared: true,
    means: 'one account linked by two; they spell it differently',
  },
  'ok-by-number': {
    perThousand: 2,
    behaviour: '00',
    means: 'a number the simulator knows, and nothing happens',
  },
  'pending-an-hour': { perThousand: 6, behaviour: '01', means: 'pending for an hour' },
  'pending-three-days': { perThousand: 4, behaviour: '02', means: 'pending for three days' },
  'answer-lost': { perThousand: 5, behaviour: '03', means: 'paid, but the answer is lost' },
  'timeout-though-paid': { perThousand: 4, behaviour: '04', means: 'paid, then 504' },
  'error-then-paid': {
    perThousand: 3,
    behaviour: '05',
    partners: ['gopay'],
    means: '500, paid when sent again',
  },
  'error-never-resent': {
    perThousand: 2,
    behaviour: '05',
    partners: ['bni', 'linkaja', 'ovo'],
    means: '500, would be paid when sent again, which nobody may do',
  },
  'error-then-failed': { perThousand: 3, behaviour: '06', means: '500, then failed' },
  'request-lost': { perThousand: 2, behaviour: '07', means: 'the request never arrives' },
  'found-late': { perThousand: 3, behaviour: '08', means: 'paid, but at first not found' },
  'rate-limited': { perThousand: 4, behaviour: '09', means: '429 twice' },
  'not-upgraded': { perThousand: 4, behaviour: '10', partners: wallets, means: 'wallet not upgraded' },
  'not-upgraded-repaired': {
    perThousand: 4,
    behaviour: '10',
    partners: wallets,
    relinked: 'partner',
    means: 'wallet not upgraded, then another partner',
  },
  dormant: { perThousand: 3, behaviour: '11', means: 'dormant account' },
  'dormant-repaired': {
    perThousand: 2,
    behaviour: '11',
    relinked: 'number',
    means: 'dormant, then another number',
  },
  inactive: { perThousand: 2, behaviour: '12', means: 'inactive account' },
  'inactive-repaired': {
    perThousand: 2,
    behaviour: '12',
    relinked: 'number',
    means: 'inactive, then another number',
  },
  frozen: { perThousand: 1, behaviour: '13', means: 'frozen account' },
  'frozen-repaired': {
    perThousand: 1,
    behaviour: '13',
    relinked: 'partner',
    means: 'frozen, then another partner',
  },
  'wrong-number': { perThousand: 2, behaviour: '14', means: 'no such account' },
  'wrong-number-repaired': {
    perThousand: 4,
    behaviour: '14',
    relinked: 'number',
    means: 'no such account, then right',
  },
  'name-mismatch': { perThousand: 3, behaviour: '15', means: "somebody else's account" },
  'name-mismatch-repaired': {
    perThousand: 2,
    behaviour: '15',
    relinked: 'partner',
    means: "somebody else's, then own",
  },
  'balance-ceiling': {
    perThousand: 3,
    behaviour: '16',
    partners: wallets,
    means: 'wallet at its balance ceiling',
  },
  'daily-limit': { perThousand: 3, behaviour: '17', means: "over the account's daily limit" },
  'cut-off': { perThousand: 3, behaviour: '18', means: "in the partner's cut-off, once" },
  'pending-then-refunded': { perThousand: 2, behaviour: '20', means: 'pending, then refunded' },
  cancelled: { perThousand: 2, behaviour: '21', means: 'cancelled at the partner' },
  'html-answer': { perThousand: 2, behaviour: '23', means: 'an HTML page for an answer' },
  'truncated-answer': { perThousand: 2, behaviour: '24', means: 'an answer cut off' },
  'wrong-amount': { perThousand: 2, behaviour: '25', means: 'an answer about another amount' },
  'token-revoked': { perThousand: 2, behaviour: '28', means: 'the access token is revoked once' },
  'masked-name': { perThousand: 2, behaviour: '34', means: 'the partner masks the name it answers' },
} as const satisfies Record<string, AccountOddity>

/**
 * Who carries what: for every participant one of the list's oddities or none, dealt like cards, so that the
 * numbers come out exactly.
 */
export function deal<Name extends string>(
  oddities: Readonly<Record<Name, Oddity>>,
  participants: number,
  random: Random,
): (Name | undefined)[] {
  const cards: (Name | undefined)[] = []
  for (const name in oddities) {
    const carriers = Math.round((oddities[name].perThousand * participants) / 1000)
    cards.push(...Array.from({ length: carriers }, () => name))
  }
  const blanks = Math.max(0, participants - cards.length)
  cards.push(...Array.from({ length: blanks }, () => undefined))
  return random.shuffled(cards).slice(0, participants)
}
