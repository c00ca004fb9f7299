import { createHash } from 'node:crypto'
import type { InquiryOutcome, TransferOutcome, Verification } from '../../shared/domain/outcome.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { AccountDetails, AttemptQuestion, Partner, Transfer } from '../../shared/partners/partner.ts'

/** An answer, or what happens before there is one: a race, the passing of time, a failure. */
type Answer<Outcome> = Outcome | (() => Outcome | Promise<Outcome>)

/** What the partner was asked, in order; a send with its bytes. */
export type Asked =
  | { readonly call: 'verify'; readonly number: string }
  | { readonly call: 'send'; readonly reference: string; readonly body: string }
  | { readonly call: 'inquire'; readonly reference: string }

/** A partner that answers what a test has queued for each kind of call, and throws when nothing is left. */
export type ScriptedPartner = Partner & {
  readonly asked: readonly Asked[]
  verifies(...answers: Answer<Verification>[]): void
  pays(...answers: Answer<TransferOutcome>[]): void
  tells(...answers: Answer<InquiryOutcome>[]): void
}

export const verified = (more: { readonly fee?: number; readonly session?: string } = {}): Verification => ({
  outcome: 'verified',
  verifiedName: 'BUDI SANTOSO',
  ...more,
  evidence: {},
})

async function next<Outcome>(call: Asked['call'], answers: Answer<Outcome>[]): Promise<Outcome> {
  const answer = answers.shift()
  if (answer === undefined) throw new Error(`nobody told the partner what to answer to ${call}`)
  return answer instanceof Function ? answer() : answer
}

/** By default every account is verified; payments and questions need an answer each. */
export function createScriptedPartner(): ScriptedPartner {
  const verifications: Answer<Verification>[] = []
  const outcomes: Answer<TransferOutcome>[] = []
  const inquiries: Answer<InquiryOutcome>[] = []
  const asked: Asked[] = []
  return {
    asked,
    verifies: (...answers) => void verifications.push(...answers),
    pays: (...answers) => void outcomes.push(...answers),
    tells: (...answers) => void inquiries.push(...answers),

    async verify({ number }: AccountDetails) {
      asked.push({ call: 'verify', number })
      return verifications.length > 0 ? next('verify', verifications) : verified()
    },
    transfer(transfer: Transfer) {
      const body = JSON.stringify(transfer)
      const bodyHash = createHash('sha256').update(body).digest('hex')
      const reference = transfer.partnerReferenceNo
      async function send(): Promise<TransferOutcome> {
        asked.push({ call: 'send', reference, body })
        return next('send', outcomes)
      }
      return { body, bodyHash, send }
    },
    async inquire({ partnerReferenceNo: reference }: AttemptQuestion) {
      asked.push({ call: 'inquire', reference })
      return next('inquire', inquiries)
    },
    balance: async () => ({ outcome: 'known', available: rupiah(0) }),
  }
}
