import { createHash } from 'node:crypto'
import { type CivilDate, instant, jakartaDate } from '../../../shared/domain/instant.ts'
import {
  type Behaviour,
  type BehaviourNumber,
  behaviourNumbered,
  behaviourNumbers,
  type Hitch,
  hitchNames,
  isBehaviourNumber,
} from './behaviours.ts'
import type { PartnerState } from './state.ts'

/** One request as far as hitches count it. */
export type Occasion = {
  readonly accountNumber: string
  readonly partnerReferenceNo: string
  readonly externalId: string
}

/** Decides how the partner behaves this time. Deterministic, but for what tests set. */
export type BehaviourChoice = {
  /** Sets the behaviour of an account number or of a partnerReferenceNo; the reference wins over the account. */
  set(accountOrReference: string, behaviour: BehaviourNumber): void
  ofAccount(accountNumber: string): Behaviour
  ofTransfer(accountNumber: string, partnerReferenceNo: string): BehaviourNumber
  /** Whether the hitch applies this time; counts the occasion if it does. */
  applies(hitch: Hitch<unknown> | undefined, occasion: Occasion): boolean
  state(): PartnerState['choice']
}

/** Fits every transfer: it neither shows at the account inquiry nor costs seconds of real time. */
const drawable = behaviourNumbers.filter((number) => {
  const behaviour = behaviourNumbered(number)
  return (
    number !== '00' &&
    behaviour.holder === undefined &&
    behaviour.accountInquiry === undefined &&
    behaviour.answer !== 'held'
  )
})

export function createBehaviourChoice(options: {
  readonly now: () => number
  readonly seed: number
  /** Part of the ordinary references that get a drawn behaviour, 0 to 1. */
  readonly misbehaviourRate: number
  /** What is drawn from; absent: every behaviour that fits any transfer. */
  readonly drawn?: readonly BehaviourNumber[]
  readonly state?: PartnerState['choice'] | undefined
  readonly behaves?: ((behaviour: BehaviourNumber) => void) | undefined
}): BehaviourChoice {
  const { now, seed, misbehaviourRate, drawn = drawable, state, behaves = () => {} } = options
  const told = new Map<string, BehaviourNumber>(state?.told)
  /** Marks by the hitch's name and its subject. */
  const counted = new Map<string, Set<string>>(state?.counted.map(([key, marks]) => [key, new Set(marks)]))

  function draw(partnerReferenceNo: string): BehaviourNumber {
    if (misbehaviourRate === 0) return '00'
    const digest = createHash('sha256').update(`${seed}|${partnerReferenceNo}`).digest()
    if (digest.readUInt32BE(0) >= misbehaviourRate * 2 ** 32) return '00'
    return drawn[digest.readUInt32BE(4) % drawn.length] ?? '00'
  }

  function applies(hitch: Hitch<unknown> | undefined, occasion: Occasion): boolean {
    if (hitch?.first === undefined) return hitch !== undefined
    const { count, of, per } = hitch.first
    const subject = per === 'account' ? occasion.accountNumber : occasion.partnerReferenceNo
    const key = `${hitchNames.get(hitch)} ${subject}`
    const seen = counted.get(key) ?? new Set<string>()
    counted.set(key, seen)
    const mark = {
      requests: occasion.externalId,
      references: occasion.partnerReferenceNo,
      days: today(now),
    }[of]
    if (seen.has(mark)) return true
    if (seen.size >= count) return false
    seen.add(mark)
    return true
  }

  return {
    set: (accountOrReference, behaviour) => void told.set(accountOrReference, behaviour),
    ofAccount(accountNumber) {
      const number = told.get(accountNumber) ?? written(accountNumber) ?? '00'
      const behaviour = behaviourNumbered(number)
      if (behaviour.accountInquiry || behaviour.holder) behaves(number)
      return behaviour
    },
    ofTransfer(accountNumber, reference) {
      const number =
        told.get(reference) ?? told.get(accountNumber) ?? written(accountNumber) ?? draw(reference)
      behaves(number)
      return number
    },
    applies,
    state: () => ({ told: [...told], counted: [...counted].map(([key, marks]) => [key, [...marks]]) }),
  }
}

/** What the number itself asks for; `undefined` for an ordinary number. */
function written(accountNumber: string): BehaviourNumber | undefined {
  const digits = /^(?:999|\+62899)(\d\d)/.exec(accountNumber)?.[1]
  return digits !== undefined && isBehaviourNumber(digits) ? digits : undefined
}

const today = (now: () => number): CivilDate => jakartaDate(instant(now()))
