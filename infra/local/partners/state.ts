import * as z from 'zod'
import { instantSchema, rupiahSchema } from '../../../shared/ledger/schemas.ts'
import { type Case, messages, type Status, statuses } from './answers.ts'
import { type BehaviourNumber, isBehaviourNumber } from './behaviours.ts'

/**
 * What a simulated partner knows, as JSON. Not kept is what a day or a few minutes would take away anyhow: tokens, the
 * rate's bucket, and which X-EXTERNAL-IDs were used today.
 */

const text = z.string()
const count = z.int().nonnegative()
const known = <Name extends string>(isKnown: (name: string) => boolean) =>
  z.custom<Name>((value) => typeof value === 'string' && isKnown(value))
const behaviour = known<BehaviourNumber>(isBehaviourNumber)
const status = known<Status>((name) => Object.hasOwn(statuses, name))
const refusal = known<Case>((name) => Object.hasOwn(messages, name))

const movement = z.object({
  at: instantSchema,
  direction: z.enum(['debit', 'credit']),
  partnerReferenceNo: text,
  referenceNo: text,
  amount: rupiahSchema,
  accountNumber: text,
  serviceCode: text,
})

const floatMovement = z.object({
  at: instantSchema,
  direction: z.enum(['debit', 'credit', 'fee']),
  amount: rupiahSchema,
  document: text.optional(),
})

const transfer = z.object({
  order: z.object({
    partnerReferenceNo: text,
    accountNumber: text,
    amount: rupiahSchema,
    transactionDate: text.optional(),
  }),
  externalId: text,
  bodyHash: text,
  arrivedAt: z.number(),
  referenceNo: text,
  behaviour,
  life: z
    .array(z.object({ after: z.number(), status, money: z.enum(['debit', 'credit']).exactOptional() }))
    .readonly(),
  refusal: refusal.optional(),
})

export const partnerState = z.object({
  /** Holder names by number. */
  accounts: z.array(z.tuple([text, text])),
  choice: z.object({
    /** Behaviours by account number or partnerReferenceNo. */
    told: z.array(z.tuple([text, behaviour])),
    /** By a hitch's name and what it happened to: the occasions that count. */
    counted: z.array(z.tuple([text, z.array(text)])),
  }),
  book: z.object({ floatMovements: z.array(floatMovement), movements: z.array(movement) }),
  transfers: z.object({ known: z.array(transfer), lastNumber: count }),
})
export type PartnerState = z.infer<typeof partnerState>
