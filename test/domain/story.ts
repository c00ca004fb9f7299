import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import { type Command, checkTransition, decide, draft, type Situation } from '../../shared/domain/decide.ts'
import type { Claim, Entry, PayoutEvent } from '../../shared/domain/entry.ts'
import type { Facts } from '../../shared/domain/facts.ts'
import { openAttempt, replay, stateOf } from '../../shared/domain/fold.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { InquiryOutcome, TransferOutcome } from '../../shared/domain/outcome.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { account, at, linked, participantId, rejected } from './examples.ts'

/** What a worker that has just read `situation` would claim at `now`. */
export function claimOf({ payout, standing, state }: Situation, now: Instant): Claim {
  const attempt = standing.attempts.length + 1
  const target = state.state === 'scheduled' ? state : { partner: 'gopay', accountVersion: '1' }
  return {
    type: 'claimed',
    attempt,
    reference: referenceOf(participantId, payout, attempt),
    partner: target.partner,
    accountVersion: target.accountVersion,
    lastFour: `000${target.accountVersion.slice(-1)}`,
    amount: amountOf(scheme2020, payout),
    transactionDate: now,
    bodyHash: 'a'.repeat(64),
    until: plusSeconds(now, claimTermSeconds),
  }
}

const sends: readonly PayoutEvent['type'][] = ['claimed', 'resent']

type Which = { readonly attempt?: number; readonly seq?: number }
type Asked = Which & {
  readonly askedAt?: Instant
  readonly idempotencyWindowSeconds?: number
  readonly laneOpen?: boolean
}

/**
 * One payout's life: every step is decided, drafted, checked against the transition table and appended as
 * the functions do it. A step returns the entry's type, or why none was written.
 */
export function createStory(payout: Payout = 'incentive-1', startingFacts: Facts = linked) {
  const entries: Entry[] = []
  let facts = startingFacts
  let now = at('2020-09-18T10:00:01+07:00')

  const read = (): Situation => {
    const standing = replay(entries)
    return {
      participantId,
      payout,
      scheme: scheme2020.name,
      standing,
      state: stateOf(standing, facts, payout),
    }
  }
  let current: Situation | undefined
  /** As read after the last entry and the last fact. */
  const situation = (): Situation => {
    current ??= read()
    return current
  }

  function write(event: PayoutEvent): PayoutEvent['type'] {
    const before = situation()
    const { postings } = draft(before, event, now, 'test')
    const place = { owner: participantId, subject: payout, seq: entries.length + 1, previousHash: '' }
    entries.push({ ...place, at: now, by: 'test', event, postings })
    current = undefined
    checkTransition(before.state.state, event, situation().state.state)
    return event.type
  }

  function tell(command: Command) {
    const decision = decide(situation(), command)
    return 'refusal' in decision ? decision.refusal : write(decision.event)
  }

  const lastAttempt = () => situation().standing.attempts.length
  /** The entry that started the last send. */
  const lastSend = () => entries.findLast(({ event }) => sends.includes(event.type))?.seq ?? 0

  return {
    payout,
    situation,
    write,
    tell,
    entries: (): readonly Entry[] => entries,
    facts: (): Facts => facts,
    now: (): Instant => now,
    state: () => situation().state.state,
    statuses: () => situation().standing.attempts.map(({ status }) => status),
    wait: (seconds: number) => {
      now = plusSeconds(now, seconds)
    },
    learn: (change: (known: Facts) => Facts) => {
      facts = change(facts)
      current = undefined
    },
    claim: () => tell({ command: 'claim', claim: claimOf(situation(), now) }),
    settle: (outcome: TransferOutcome, { attempt = lastAttempt(), seq = lastSend() }: Which = {}) =>
      tell({ command: 'settle', attempt, seq, outcome }),
    /** Resends are allowed from 300 s after the last send's term on, if the new one's ends within
     *  `idempotencyWindowSeconds` (0: never) of the claim. */
    answer: (outcome: InquiryOutcome, asked: Asked = {}) => {
      const { attempt = lastAttempt(), seq = entries.length, askedAt = now } = asked
      const { idempotencyWindowSeconds = 0, laneOpen = true } = asked
      const until = plusSeconds(now, claimTermSeconds)
      const resend = { settleWindowSeconds: 300, idempotencyWindowSeconds, laneOpen, until }
      return tell({ command: 'answer', attempt, seq, askedAt, outcome, resend })
    },
    /** The same, put once the settle window after the last send has passed: the story waits for that. */
    finalAnswer(outcome: InquiryOutcome) {
      const { until = now } = openAttempt(situation().standing) ?? {}
      const settled = plusSeconds(until, 300)
      if (now < settled) now = settled
      return this.answer(outcome)
    },
    expire: () => tell({ command: 'expire', now }),
    refuse: (accountVersion = '1') =>
      tell({ command: 'refuse', partner: 'gopay', accountVersion, reason: 'account-unknown', evidence: {} }),
    hold: (accountVersion?: string) =>
      tell({ command: 'hold', reason: 'checked', ...(accountVersion !== undefined && { accountVersion }) }),
    release: (accountVersion?: string) =>
      tell({
        command: 'release-hold',
        reason: 'fine',
        ...(accountVersion !== undefined && { accountVersion }),
      }),
    retry: () => tell({ command: 'retry', reason: 'repaired' }),
    cancel: () => tell({ command: 'cancel', reason: 'scheme-closed' }),
    /** By a document; the settle window is 300 s. */
    attest: (
      outcome: 'paid' | 'not-paid',
      { attempt = lastAttempt(), idempotencyWindowSeconds = 0 } = {},
    ) => {
      const windows = { settleWindowSeconds: 300, idempotencyWindowSeconds }
      return tell({ command: 'attest', attempt, outcome, document: 'BNI-17', now, windows })
    },
    /** What became of money that was paid twice. */
    close: (command: 'recovered' | 'write-off', attempt = lastAttempt()) =>
      tell({ command, attempt, document: 'BNI-18' }),
    proceed: () => tell({ command: 'continue' }),
  }
}
export type Story = ReturnType<typeof createStory>

/** Steps of a story that many tests share. */
export const claim = (story: Story) => story.claim()
export const retry = (story: Story) => story.retry()
export function rejectedOnce(story: Story): void {
  story.claim()
  story.settle(rejected())
}

export const relink = (story: Story, version: string, partner = 'bni'): void =>
  story.learn((facts) => ({
    ...facts,
    accounts: [...facts.accounts, account(version, { partner, linkedAt: story.now() })],
  }))

/** The story of an incentive to an account that is linked. */
export function told(...steps: ((story: Story) => unknown)[]): Story {
  const story = createStory()
  for (const step of steps) step(story)
  return story
}
