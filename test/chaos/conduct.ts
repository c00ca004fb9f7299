import type { Claim, Entry } from '../../shared/domain/entry.ts'
import { type Instant, plusSeconds, secondsBetween } from '../../shared/domain/instant.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import { setBackMaxSeconds } from './clock.ts'

/** A rule that an entry has broken, and how. */
export type Misconduct = { readonly check: string; readonly detail: string }
/** By partner: for how long it recognises a reference, and when an answer about one is sure. */
export type Windows = Readonly<
  Record<string, Pick<PartnerConfiguration, 'settleWindowSeconds' | 'idempotencyWindowSeconds'>>
>
type Rule = (before: readonly Entry[], entry: Entry, windows: Windows) => readonly Misconduct[]

const fine: readonly Misconduct[] = []
const wrong = (check: string, detail: string): readonly Misconduct[] => [{ check, detail }]

/** The last entry of these types, and what it is. */
function lastOf<Type extends Entry['event']['type']>(chain: readonly Entry[], ...types: readonly Type[]) {
  const named = (entry: Entry): entry is Entry & { readonly event: { readonly type: Type } } =>
    types.some((type) => type === entry.event.type)
  return chain.findLast(named)
}
const claimOf = (chain: readonly Entry[], attempt: number): Claim | undefined =>
  chain.flatMap(({ event }) => (event.type === 'claimed' && event.attempt === attempt ? [event] : [])).at(0)

/**
 * Nothing is sent of what people hold, of what is cancelled, of what the partner has put off until later, or of what only
 * a statement calls returned, before people have retried it.
 */
const claims: Rule = (before, { event, at }) => {
  if (event.type !== 'claimed') return fine
  const held = lastOf(before, 'held', 'hold-released')?.event.type === 'held'
  const cancelled = lastOf(before, 'cancelled', 'surfaced')?.event.type === 'cancelled'
  const obstacle = lastOf(before, 'deferred', 'rejected', 'refused', 'returned', 'retried')?.event
  const putOff =
    obstacle?.type === 'deferred' &&
    plusSeconds(at, setBackMaxSeconds) < obstacle.notBefore &&
    claimOf(before, obstacle.attempt)?.accountVersion === event.accountVersion
  const byStatement = obstacle?.type === 'returned' && obstacle.evidence.document !== undefined
  return [
    ...(held ? wrong('held', `${event.reference} is claimed on hold`) : []),
    ...(cancelled ? wrong('cancelled', `${event.reference} is claimed although it is cancelled`) : []),
    ...(byStatement ? wrong('returned', `${event.reference} is claimed by the word of a statement`) : []),
    ...(putOff ? wrong('deferral', `${event.reference} is claimed before ${obstacle.notBefore}`) : []),
  ]
}

const isExpiry = ({ event }: Entry) => event.type === 'unknown' && event.cause === 'claim-term-ended'

/** A claim is its claimant's until its term ends. */
const expiries: Rule = (before, entry) => {
  const until = lastOf(before, 'claimed', 'resent')?.event.until
  return isExpiry(entry) && until !== undefined && plusSeconds(entry.at, setBackMaxSeconds) < until
    ? wrong('expiry', `its claim is given up at ${entry.at}, before ${until}`)
    : fine
}

const outcomes: readonly string[] = ['pending', 'unknown', 'rejected', 'deferred']

/** What is no proof of payment is settled by the sender, right behind its send, or by asking once nobody sends. */
const settlements: Rule = (before, entry) => {
  const { event, by } = entry
  if (!outcomes.includes(event.type) || isExpiry(entry)) return fine
  const last = before.at(-1)
  const behindSend = last?.event.type === 'claimed' || last?.event.type === 'resent'
  const own = behindSend && last.by === by
  return own || (!behindSend && !by.startsWith('pay/'))
    ? fine
    : wrong('settlement', `${by} writes ${event.type} behind ${last?.event.type} of ${last?.by}`)
}

const acknowledging: readonly string[] = ['duplicate-reference', 'inconsistent-request']
const acknowledges = ({ event }: Entry): boolean =>
  event.type === 'pending' || (event.type === 'unknown' && acknowledging.includes(event.cause))

/** Nothing is sent again but a reference unknown to its partner, in time for the partner to recognise it. */
const resends: Rule = (before, { event, at }, windows) => {
  if (event.type !== 'resent') return fine
  const { attempt } = event
  const own = before.filter((entry) => 'attempt' in entry.event && entry.event.attempt === attempt)
  const claimed = own[0]
  const claim = claimOf(own, attempt)
  if (!claimed || !claim) return wrong('resend', 'is sent again without a claim')
  const { settleWindowSeconds = 0, idempotencyWindowSeconds = 0 } = windows[claim.partner] ?? {}
  const sentUntil: Instant = lastOf(own, 'claimed', 'resent')?.event.until ?? claim.until
  if (secondsBetween(claimed.at, at) >= idempotencyWindowSeconds)
    return wrong('resend', `${claim.partner} may not recognise ${claim.reference} any more`)
  if (plusSeconds(at, setBackMaxSeconds) < plusSeconds(sentUntil, settleWindowSeconds))
    return wrong('resend', `${claim.reference} is sent again before its first send has settled`)
  return own.some(acknowledges)
    ? wrong('resend', `${claim.reference} is sent again although ${claim.partner} knows it`)
    : fine
}

const rules = [claims, expiries, settlements, resends]

/** What is wrong with an entry behind these, as far as they alone can tell; asks none of the rules that wrote it. */
export const misconduct: Rule = (before, entry, windows) =>
  rules.flatMap((rule) => rule(before, entry, windows))
