import type * as z from 'zod'
import type { Refused } from '../../../shared/api/problem.ts'
import type { Instant } from '../../../shared/domain/instant.ts'
import type { Job, Proposal } from '../../../shared/operations/register.ts'
import type { instructionAnswer } from '../../../shared/operations/schemas.ts'

/** Who stands behind an instruction that is carried out now. */
export type Behind = {
  /** Whose instruction it is. */
  readonly maker: string
  /** The second person, where it took two. */
  readonly approvedBy?: string
  readonly now: Instant
  /** When it was first told to carry it out: what others have done since is not undone by its coming again. */
  readonly asked: Instant
  /** Unique to the invocation, so that what it has written can be told from all else. */
  readonly invocation: string
  /** Names the job that it may start; the same when the same command comes again. */
  readonly id: string
}

/** What one payout, partner or reference came to, in words. */
export type Effect = Extract<z.input<typeof instructionAnswer>, { result: 'done' }>['effects'][number]
/** The same, whatever it is of. */
export type Outcome = { readonly outcome: string; readonly done: boolean }

/** It is as the instruction wants it, by this command or by one before: whoever gives it again is told so as well. */
export const done = (outcome: string): Outcome => ({ outcome, done: true })
/** It was left as it was, and why. */
export const leftAlone = (outcome: string): Outcome => ({ outcome, done: false })

export type Carried = { readonly effects: Effect[] } | { readonly job: Job } | Refused

/** It takes two people, both of whom are to know what the partner's statements say, or what a retry would send. */
export type Stated = Required<Pick<Proposal, 'statements'>> | Required<Pick<Proposal, 'retry'>>

/** Whether an instruction takes one person or two, or why nobody need be asked. */
export type Judged = 'one' | 'two' | Stated | Refused

/** How the maker signs the journal. */
export const signature = ({ maker }: Pick<Behind, 'maker'>): string => `ops/${maker}`

/** The reason as it goes into the journal. */
export const reasonOf = (reason: string, { approvedBy }: Pick<Behind, 'approvedBy'>): string =>
  approvedBy === undefined ? reason : `${reason} (approved by ${approvedBy})`
