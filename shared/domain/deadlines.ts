import { type Instant, plusSeconds } from './instant.ts'

/**
 * The deadlines of one payment, in seconds, in the order that keeps it safe: a call ends before its function
 * is stopped, the function is stopped before its claim's term ends, and the term ends before the queue hands
 * the message to anyone else. So whoever sees a claim past its term knows that nobody is still sending.
 * Deployment and rules read the same numbers; a test holds the template to the order.
 */

/** The longest wait for one answer that a partner's settings may ask for. */
export const callDeadlineMaxSeconds = 10

/** No call starts with less than its own deadline and this much left of the function's time: what the answer
 *  says must still be written down. */
export const callMarginSeconds = 5

/** When a pay invocation is stopped. */
export const payTimeoutSeconds = 120

/** How long a claim is its claimant's; later it is unknown what became of it, and the partner is asked. */
export const claimTermSeconds = 150

/** Whether there is time to send what may be sent until then: all of a call fits in. Whoever sees the term ended takes it
 *  that nobody is sending, and counts the partner's windows by it. */
export const maySend = ({ until }: { readonly until: Instant }, now: Instant): boolean =>
  plusSeconds(now, callDeadlineMaxSeconds) <= until

/** How long a lane's queue hides a message that was handed out: six times the function's timeout, as Lambda
 *  asks. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const laneVisibilitySeconds = 720
