import * as z from 'zod'
import { payouts } from '../../shared/domain/payout.ts'
import { publicReasons, publicStatuses } from '../../shared/domain/public-status.ts'

/**
 * What goes out: the detail of `PayoutStatusChanged`, source `prakerja.disbursement`. `payout-status-changed.json` is
 * this schema for those who do not speak TypeScript; a test holds the two together.
 */
export const payoutStatusChanged = z
  .object({
    eventId: z
      .string()
      .describe('Participant, payout and sequence. Events come at least once: drop those whose id you have.'),
    participantId: z.string(),
    payout: z.enum(payouts),
    status: z
      .enum(publicStatuses)
      .describe(
        'waiting: for what `reason` names. action-needed: the participant must act. in-process: nothing to do but wait.',
      ),
    since: z.iso.datetime().describe('When the journal entry was written that this event reports.'),
    reason: z
      .enum(publicReasons)
      .exactOptional()
      .describe('What the payout waits for, why the participant must act, or why it was cancelled.'),
    remedy: z
      .enum(['participant', 'partner', 'operator'])
      .exactOptional()
      .describe('Whose move it is where nothing goes on by itself.'),
    expectedDate: z.iso
      .date()
      .exactOptional()
      .describe('The day in Jakarta on which it is due. Absent: being paid, or nobody knows.'),
    partner: z.string().exactOptional().describe('Where the money goes or went.'),
    lastFour: z.string().exactOptional().describe("The account's last four digits."),
    sequence: z
      .int()
      .nonnegative()
      .describe(
        'Grows within a payout. Events may overtake each other: one with a lower sequence than you have seen is out of date.',
      ),
  })
  .meta({
    title: 'PayoutStatusChanged',
    description:
      'Published for journal entries only: all seven payouts of a participant when the entitlement is created ' +
      '(sequence 0), and then whatever each payout goes through. A filled survey or a linked account writes no entry: ' +
      'the payout that waited for it is announced again when it is being paid. Fields may be added: ignore those ' +
      'that you do not know.',
  })
export type StatusChange = z.infer<typeof payoutStatusChanged>
