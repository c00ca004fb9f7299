import fc from 'fast-check'
import type { Instant } from '../../shared/domain/instant.ts'
import {
  deferralReasons,
  type InquiryOutcome,
  type RejectionReason,
  rejectionRemedy,
  type TransferOutcome,
  unknownCauses,
} from '../../shared/domain/outcome.ts'
import { surveyOf } from '../../shared/domain/payout.ts'
import {
  account,
  at,
  cancelled,
  deferred,
  entitlement,
  failed,
  notFound,
  paid,
  pending,
  refunded,
  rejected,
  unknown,
} from './examples.ts'
import type { Story } from './story.ts'

/** Anything that can happen to a payout, in any order. `which` picks among the sends or questions there were. */
export type Step =
  | { readonly do: 'claim' | 'refuse' | 'expire' | 'hold' | 'release' | 'retry' | 'cancel' | 'proceed' }
  | { readonly do: 'settle'; readonly which: number; readonly outcome: TransferOutcome }
  | { readonly do: 'ask'; readonly which: number }
  | {
      readonly do: 'answer'
      readonly which: number
      readonly outcome: InquiryOutcome
      readonly rule: Rule
      readonly late: boolean
      readonly settled: boolean
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'link'; readonly partner: string }
  | { readonly do: 'fill-survey' | 'replace-certificate' }
  | { readonly do: 'recovered' | 'write-off' }
  | {
      readonly do: 'attest'
      readonly outcome: 'paid' | 'not-paid'
      readonly idempotencyWindowSeconds: number
    }
  /** A statement shows that paid money came back. */
  | { readonly do: 'returned' }
type Rule = { readonly idempotencyWindowSeconds: number; readonly laneOpen: boolean }

export const partners = ['bni', 'gopay', 'linkaja', 'ovo'] as const

const isReason = (text: string): text is RejectionReason => text in rejectionRemedy
const reasons = Object.keys(rejectionRemedy).filter(isReason)
const transferOutcome: fc.Arbitrary<TransferOutcome> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(paid) },
  { weight: 2, arbitrary: fc.constant(pending) },
  { weight: 3, arbitrary: fc.constantFrom(...reasons).map(rejected) },
  { weight: 5, arbitrary: fc.constantFrom(...deferralReasons.slice(0, 2)).map((reason) => deferred(reason)) },
  { weight: 2, arbitrary: fc.constantFrom(...unknownCauses).map(unknown) },
)
const inquiryOutcome: fc.Arbitrary<InquiryOutcome> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<InquiryOutcome>(
      paid,
      pending,
      failed,
      cancelled,
      refunded,
      refunded,
      refunded,
      unknown(),
    ),
  },
  { weight: 4, arbitrary: fc.constant(notFound) },
)
const which = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat({ max: 9 }))
const rule = fc.record<Rule>({
  idempotencyWindowSeconds: fc.constantFrom(0, 86_400, 2_000_000),
  laneOpen: fc.boolean(),
})

type Steps = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Step> }
const often = (weight: number, ...steps: Step[]): Steps => ({ weight, arbitrary: fc.constantFrom(...steps) })
export const step: fc.Arbitrary<Step> = fc.oneof(
  often(7, { do: 'claim' }),
  often(4, { do: 'expire' }),
  often(2, { do: 'retry' }),
  often(4, { do: 'proceed' }),
  often(2, { do: 'release' }),
  often(2, { do: 'hold' }, { do: 'refuse' }),
  often(1, { do: 'cancel' }, { do: 'retry' }, { do: 'retry' }),
  often(3, { do: 'recovered' }, { do: 'write-off' }),
  often(1, { do: 'returned' }),
  often(2, { do: 'fill-survey' }, { do: 'replace-certificate' }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('link'), partner: fc.constantFrom(...partners) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(149, 150, 300, 450, 86_400) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('attest'),
      outcome: fc.constantFrom('paid', 'not-paid'),
      idempotencyWindowSeconds: fc.constantFrom(0, 600),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('settle'), which, outcome: transferOutcome }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask'), which }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('answer'),
      which,
      outcome: inquiryOutcome,
      rule,
      late: fc.boolean(),
      settled: fc.boolean(),
    }),
  },
)

/** A story and the answers that are still to come: each can come late, twice or never. */
export type World = {
  readonly story: Story
  readonly sends: { attempt: number; seq: number }[]
  readonly questions: { attempt: number; seq: number; askedAt: Instant }[]
}
export const newWorld = (story: Story): World => ({ story, sends: [], questions: [] })

/** The newest for 0, the one before for 1, and so on, round and round. */
const pick = <T>(from: readonly T[], index: number): T | undefined =>
  from.toReversed()[index % Math.max(1, from.length)]

function learn(story: Story, learned: 'fill-survey' | 'replace-certificate'): void {
  story.learn((facts) => {
    const { governing, replacements } = facts.entitlement ?? entitlement
    const survey = surveyOf(story.payout)
    if (learned === 'fill-survey')
      return survey === undefined ? facts : { ...facts, surveys: { [survey]: story.now(), ...facts.surveys } }
    const earlier = { ...governing, issuedAt: at('2020-08-31T10:00:00+07:00') }
    return { ...facts, entitlement: { ...entitlement, governing: earlier, replacements: replacements + 1 } }
  })
}

function ask({ story, sends, questions }: World, which: number): void {
  const send = pick(sends, which)
  if (send) questions.push({ attempt: send.attempt, seq: story.entries().length, askedAt: story.now() })
}

function act(world: World, action: Step): string {
  const { story, sends, questions } = world
  switch (action.do) {
    case 'settle': {
      const send = pick(sends, action.which)
      return send ? story.settle(action.outcome, send) : 'nothing sent'
    }
    case 'ask':
      ask(world, action.which)
      return 'asking'
    case 'answer': {
      if (action.settled) story.wait(450)
      if (!action.late) ask(world, 0)
      const asked = pick(questions, action.late ? action.which : 0)
      return asked ? story.answer(action.outcome, { ...asked, ...action.rule }) : 'nothing asked'
    }
    case 'wait':
      story.wait(action.seconds)
      return 'later'
    case 'link':
      story.learn((facts) => {
        const version = String(facts.accounts.length + 1)
        const linkedAt = story.now()
        return {
          ...facts,
          accounts: [...facts.accounts, account(version, { partner: action.partner, linkedAt })],
        }
      })
      return 'linked'
    case 'fill-survey':
    case 'replace-certificate':
      learn(story, action.do)
      return 'learned'
    case 'recovered':
    case 'write-off': {
      const { standing } = story.situation()
      const overpaid = standing.attempts.find(({ status }) => status === 'overpaid')
      return overpaid ? story.close(action.do, overpaid.claim.attempt) : 'nothing to recover'
    }
    case 'attest':
      if (story.statuses().length === 0) return 'nothing to attest'
      return story.attest(action.outcome, action)
    case 'returned': {
      const { state } = story.situation()
      if (state.state !== 'paid') return 'nothing to come back'
      return story.write({ type: 'returned', attempt: state.attempt, evidence: {} })
    }
    default:
      return story[action.do]()
  }
}

/** Takes a step; what was sent by it can be answered from now on. */
export function take(world: World, action: Step): string {
  const told = act(world, action)
  const last = world.story.entries().at(-1)
  if (last && (told === 'claimed' || told === 'resent')) {
    const attempt = 'attempt' in last.event ? last.event.attempt : 0
    world.sends.push({ attempt, seq: last.seq })
  }
  return told
}
