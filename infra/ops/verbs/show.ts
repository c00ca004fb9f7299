import type * as z from 'zod'
import { formatRupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import type { showAnswer } from '../../../shared/operations/schemas.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { toneOf } from '../../command/paint.ts'
import { apart, type Column, table } from '../../command/table.ts'
import { plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { age, moment, second } from '../../command/words.ts'
import { isMistake } from '../../command-line.ts'
import { readSubject, type Subject, subjectForms } from '../subject.ts'

type Participant = z.output<typeof showAnswer>
type Payout = Participant['payouts'][number]
type Attempt = Payout['attempts'][number]
type Unread = NonNullable<Participant['unread']>[number]

const payoutColumns = ({ now }: View): readonly Column<Payout>[] => [
  { title: 'PAYOUT', text: ({ payout }) => payout },
  { title: 'AMOUNT', right: true, text: ({ amount }) => formatRupiah(amount) },
  { title: 'STATE', text: ({ state }) => state, tone: ({ state }) => toneOf(state) },
  { title: 'REASON', text: ({ reason = '' }) => reason },
  { title: 'SINCE', text: ({ since }) => moment(since) },
  { title: 'AGE', right: true, text: ({ since }) => age(since, now) },
  {
    title: 'MOVE',
    text: ({ move }) => move,
    tone: ({ move }) => (move === 'operator' ? 'strong' : undefined),
  },
  { title: 'NEXT', text: ({ next }) => next },
]

const attemptColumns: readonly Column<Attempt>[] = [
  { title: 'REFERENCE', text: ({ reference }) => reference },
  { title: 'TO', text: ({ partner, lastFour }) => `${partner} …${lastFour}` },
  { title: 'STATUS', text: ({ status }) => status, tone: ({ status }) => toneOf(status) },
  { title: 'SINCE', text: ({ since }) => moment(since) },
  { title: 'SENDS', right: true, text: ({ sends }) => String(sends) },
  { title: 'STATEMENTS', text: ({ statements = '' }) => statements },
]

const accountColumns: readonly Column<Participant['accounts'][number]>[] = [
  { title: 'ACCOUNT', text: ({ partner, lastFour }) => `${partner} …${lastFour}` },
  { title: 'LINKED', text: ({ linkedAt }) => moment(linkedAt) },
  { title: 'VERIFICATION', text: ({ verification }) => verification },
  {
    title: 'NOTE',
    text: ({ shared }) => (shared ? 'linked by another participant, too' : ''),
    tone: () => 'bad',
  },
]

/** Which invocation of a function it was says nothing to people; which job it was, and who, does. */
const writer = (by: string): string => by.replace(/^(?!job|ops)(\w+)\/.*$/, '$1')

const timelineColumns: readonly Column<Participant['timeline'][number]>[] = [
  { title: 'WHEN (WIB)', text: ({ at }) => second(at) },
  { title: 'PAYOUT', text: ({ payout = '' }) => payout },
  { title: 'WHAT', text: ({ what }) => what, tone: ({ what }) => toneOf(what) },
  { title: 'REFERENCE', text: ({ reference = '' }) => reference },
  { title: 'DETAIL', text: ({ detail }) => detail },
  { title: 'BY', text: ({ by = '' }) => writer(by), tone: () => 'quiet' },
]

/** What the timeline may lack. */
const unreadLine = ({ partner, reference }: Unread): string =>
  `the statement lines of ${reference} at ${partner} cannot be read now: the timeline may lack what the partner booked`

const damagedLine = (payout: string): string =>
  `${payout} cannot be shown: its journal is damaged, see the article journal-tampered in infra/RUNBOOK.md`

/** What a payout's or an attempt's timeline leaves out of the participant's. */
function narrowed(participant: Participant, { payout, reference }: Subject): Participant {
  if (payout === undefined) return participant
  const about = (attempt: Pick<Attempt, 'reference'>) =>
    reference === undefined || attempt.reference === reference
  return {
    ...participant,
    payouts: participant.payouts
      .filter((each) => each.payout === payout)
      .map((each) => ({ ...each, attempts: each.attempts.filter(about) })),
    timeline: participant.timeline.filter(
      (line) => line.payout === payout && (reference === undefined || line.reference === reference),
    ),
    unread: (participant.unread ?? []).filter((each) => each.payout === payout && about(each)),
    damaged: (participant.damaged ?? []).filter((each) => each === payout),
  }
}

const show =
  (text: string, subject: Subject) =>
  (answer: Participant, view: View): Shown => {
    const { participantId, payouts, timeline, unread = [], damaged = [] } = narrowed(answer, subject)
    const { wave, scheme, certificate, accounts } = answer
    const { certificateId, platform, trainingProvider, issuedAt } = certificate
    const attempts = payouts.flatMap((payout) => payout.attempts)
    if (subject.reference !== undefined && attempts.length === 0 && damaged.length === 0)
      return { lines: [`${subject.reference} was never sent`], code: exitCodes.refused }
    return {
      lines: [
        `${view.paint('strong', participantId)}  wave ${wave}, scheme ${scheme}`,
        `certificate ${certificateId} of ${trainingProvider} at ${platform}, issued ${moment(issuedAt)}`,
        ...apart(table(accounts, accountColumns, view.paint)),
        ...apart(table(payouts, payoutColumns(view), view.paint)),
        ...apart(table(attempts, attemptColumns, view.paint)),
        ...apart(table(timeline, timelineColumns, view.paint)),
        ...apart(unread.map((each) => view.paint('bad', unreadLine(each)))),
        ...apart(damaged.map((payout) => view.paint('bad', damagedLine(payout)))),
      ],
      ...(unread.length > 0 && {
        hints: [
          `Once more, in a minute; if it stays so, the log of ops says why: ${view.command(`show ${text}`)}`,
        ],
      }),
    }
  }

export const showVerb: Verb = {
  name: 'show',
  summary:
    'Everything about a participant, a payout or an attempt: what happened, what comes next, whose move it is.',
  words: [{ name: 'participantId', takes: subjectForms }],
  routes: [routes.show],
  examples: [
    ['P-00017', 'the participant, with all seven payouts'],
    ['P-00017/incentive-2', 'one payout'],
    ['P-00017-I2-A1', "one attempt, by the reference on the partner's statement"],
  ],
  notes: 'With --json it is always the whole participant.',
  plan({ words: [text = ''] }) {
    const subject = readSubject(text)
    if (isMistake(subject)) return subject
    return plan(routes.show, { parameters: { participantId: subject.participantId } }, show(text, subject))
  },
}
