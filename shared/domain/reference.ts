import { instalmentOf, kindOf, type Payout, payouts } from './payout.ts'

/**
 * `partnerReferenceNo`: the money key of one attempt, the same in every request about it. Readable, at most 50
 * characters (BNI puts it in a remark of 50), decoded from the right because a participant's id may itself
 * contain hyphens: `P-00017-I1-A1` is attempt 1 at incentive 1 of participant P-00017.
 */
export const attemptsMax = 99

const letters = { incentive: 'I', survey: 'S' } as const
const form = /^(?<participantId>[A-Z0-9-]{1,30})-(?<payout>[IS][1-9])-A(?<attempt>[1-9]\d?)$/
const payoutOfCode = new Map(payouts.map((payout) => [codeOf(payout), payout]))

function codeOf(payout: Payout): string {
  return `${letters[kindOf(payout)]}${instalmentOf(payout)}`
}

/** Throws beyond 99 attempts: the rules stop long before. */
export function referenceOf(participantId: string, payout: Payout, attempt: number): string {
  const reference = `${participantId}-${codeOf(payout)}-A${attempt}`
  if (!form.test(reference))
    throw new RangeError(`cannot make a reference of attempt ${attempt} at ${payout}`)
  return reference
}

/** What a reference says; `undefined` when it is not one of ours. */
export function parseReference(
  reference: string,
): { participantId: string; payout: Payout; attempt: number } | undefined {
  const parts = form.exec(reference)?.groups
  const payout = payoutOfCode.get(parts?.payout ?? '')
  if (!parts?.participantId || !payout) return undefined
  return { participantId: parts.participantId, payout, attempt: Number(parts.attempt) }
}
