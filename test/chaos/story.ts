import type { Entry } from '../../shared/domain/entry.ts'
import { replay, stateOfStanding } from '../../shared/domain/fold.ts'
import { balances } from '../../shared/domain/postings.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import type { RunResult } from './run.ts'
import { readSubject, type Subject } from './subject.ts'
import { timelineOf } from './timeline.ts'

/** What became of one payout in a run, or of all payouts of a participant. Plain data, which threads can send. */
export type Story = {
  /** `P-3 incentive-1`, `P-3`, or empty when the problem is nobody's in particular. */
  readonly subject: string
  /** The run's lines that concern it; one that wrote a journal entry says which state that led to. */
  readonly lines: readonly string[]
  readonly journal: readonly {
    readonly at: string
    readonly payout: string
    readonly seq: number
    readonly by: string
    readonly event: string
    /** After the entry. */
    readonly state: string
  }[]
  /** What the journal's postings come to, in rupiah; accounts that are even again are left out. */
  readonly balances: readonly { readonly account: string; readonly rupiah: number }[]
  /** What the partners have moved for it, by their own books. */
  readonly movements: readonly {
    readonly at: string
    readonly partner: string
    readonly direction: 'debit' | 'credit'
    readonly reference: string
    readonly rupiah: number
  }[]
}

type Told = Pick<RunResult, 'lines' | 'chain' | 'books'>

export function storyOf(run: Told, subject: string): Story {
  const whom = readSubject(subject)
  const chains = whom?.payouts.map((payout) => run.chain(`${whom.participantId} ${payout}`)) ?? []
  const journal = chains.flatMap((chain) =>
    chain.map((entry, index) => described(entry, chain.slice(0, index + 1))),
  )
  return {
    subject,
    lines: timelineOf(run.lines, subject).map((line) => withState(line, journal)),
    journal,
    balances: [...balances(chains.flat().flatMap(({ postings }) => postings))]
      .filter(([, rupiah]) => rupiah !== 0)
      .map(([account, rupiah]) => ({ account, rupiah })),
    movements: whom ? movementsOf(run.books, whom) : [],
  }
}

function described(
  { at, subject, seq, by, event }: Entry,
  chain: readonly Entry[],
): Story['journal'][number] {
  const standing = replay(chain)
  const state = stateOfStanding(standing)?.state ?? standing.obstacle?.type ?? 'not begun'
  return { at, payout: subject, seq, by, event: event.type, state }
}

const appendForm = /^\S+ (?<by>[a-z]+\/\d+) append (?<event>\S+) \S+ (?<payout>[a-z]+-\d)#(?<seq>\d+)/

/** Of several workers that want to write an entry, and of one that dies before it, the journal tells who has. */
function withState(line: string, journal: Story['journal']): string {
  const parts = appendForm.exec(line)?.groups
  if (!parts) return line
  const written = journal.find(
    ({ by, event, payout, seq }) =>
      by === parts.by && event === parts.event && payout === parts.payout && seq === Number(parts.seq),
  )
  return `${line} -> ${written ? written.state : 'not written'}`
}

function movementsOf(books: RunResult['books'], { participantId, payouts }: Subject): Story['movements'] {
  const isOwn = (reference: string) => {
    const parsed = parseReference(reference)
    return parsed?.participantId === participantId && payouts.includes(parsed.payout)
  }
  return [...books].flatMap(([partner, book]) =>
    book
      .movements()
      .filter(({ partnerReferenceNo }) => isOwn(partnerReferenceNo))
      .map(({ at, direction, partnerReferenceNo: reference, amount: rupiah }) => ({
        at,
        partner,
        direction,
        reference,
        rupiah,
      })),
  )
}
