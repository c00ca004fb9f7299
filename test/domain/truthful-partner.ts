import { epochMs, type Instant } from '../../shared/domain/instant.ts'
import type { InquiryOutcome, TransferOutcome } from '../../shared/domain/outcome.ts'
import { failed, notFound, paid, pending, refunded, rejected, unknown } from './examples.ts'

/** What the partner makes of a reference when it first hears of it. */
export const fates = ['pays', 'refuses', 'pays later', 'refuses later', 'pays and takes back'] as const
export type Fate = (typeof fates)[number]

/** How one send travels. */
export type Journey = {
  readonly fate: Fate
  /** Seconds until it arrives; `undefined`: never. */
  readonly delay: number | undefined
  /** Whether the answer comes back. */
  readonly heard: boolean
  /** What a known reference is answered with: nothing is paid by it. */
  readonly again: 'duplicate' | 'refusal'
}

/** Pending transfers are decided after this many seconds. */
const decidedAfter = 600
/** An answer that takes longer than this is a timeout for whoever sent. */
const patience = 10

type Booked = { readonly fate: Fate; readonly at: number; times: number }
type Underway = Journey & { readonly attempt: number; readonly at: number }

/**
 * The other side of the wire, which never lies about money: what it rejects it has not paid. It pays a reference
 * again only after `remembersSeconds`.
 */
export function createTruthfulPartner(remembersSeconds: number) {
  const book = new Map<number, Booked>()
  let underway: Underway[] = []
  const seconds = (now: Instant) => epochMs(now) / 1000
  const isDecided = ({ at }: Booked, now: Instant) => seconds(now) - at >= decidedAfter

  function arrive({ attempt, fate, at, again }: Underway): TransferOutcome {
    const known = book.get(attempt)
    if (known && at - known.at < remembersSeconds)
      return again === 'duplicate' ? unknown('duplicate-reference') : rejected('request-refused')
    book.set(attempt, { fate: known?.fate ?? fate, at: known?.at ?? at, times: (known?.times ?? 0) + 1 })
    const effective = known?.fate ?? fate
    if (effective === 'refuses') return rejected()
    return effective === 'pays' ? paid : pending
  }

  /** Everything that has arrived by now is booked, in order. */
  function catchUp(now: Instant): void {
    const arrived = underway.filter(({ at }) => at <= seconds(now)).sort((one, other) => one.at - other.at)
    underway = underway.filter(({ at }) => at > seconds(now))
    for (const each of arrived) arrive(each)
  }

  return {
    catchUp,
    /** What the sender gets to know of its send. */
    send(attempt: number, journey: Journey, now: Instant): TransferOutcome {
      catchUp(now)
      if (journey.delay === undefined) return unknown()
      const travelling = { ...journey, attempt, at: seconds(now) + journey.delay }
      if (journey.delay > patience) {
        underway.push(travelling)
        return unknown()
      }
      const answered = arrive(travelling)
      return journey.heard ? answered : unknown('connection-lost')
    },
    /** What became of an attempt. */
    tell(attempt: number, now: Instant): InquiryOutcome {
      catchUp(now)
      const known = book.get(attempt)
      if (!known) return notFound
      if (known.fate === 'refuses') return failed
      if (known.fate === 'pays') return paid
      if (!isDecided(known, now)) return pending
      return { 'pays later': paid, 'refuses later': failed, 'pays and takes back': refunded }[known.fate]
    },
    /** How often the payout has been, or will be, paid and kept, by everything that was ever sent. */
    paid(): number {
      const pays = ({ fate }: { fate: Fate }) => fate === 'pays' || fate === 'pays later'
      const booked = [...book.values()].reduce((sum, each) => sum + (pays(each) ? each.times : 0), 0)
      return booked + underway.filter((each) => pays(each) && !book.has(each.attempt)).length
    },
    /** Whether money may still move without another send. */
    isBusy: (now: Instant): boolean =>
      underway.some(({ attempt }) => !book.has(attempt)) ||
      [...book.values()].some((each) => each.fate.includes('later') && !isDecided(each, now)),
  }
}
