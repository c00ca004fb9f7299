import type { Movement } from './movement.ts'
import type { exportKinds } from './schemas.ts'

/** What leaves the system as files: rows with a key each, by which they are ordered, and the same whoever writes them. */

export type ExportRow = {
  /** Rows are in the order of their keys, as text; of two with one key the one of the higher rank stays. */
  readonly key: string
  readonly rank: string
  /** In the order of the columns. */
  readonly cells: readonly (string | number | null)[]
}
export type Exported = {
  readonly columns: readonly string[]
  /** Those of them that hold whole numbers; the others hold texts, and any may hold `null`. */
  readonly wholeNumbers: readonly string[]
  /** `undefined`: the movement is none of these. */
  rowOf(movement: Movement): ExportRow | undefined
}

/** Book, and with it state, of a payout after a movement: where its obligation has gone. */
function bookAfter({ postings }: Movement): string | undefined {
  return postings
    .map(({ to }) => to.split('/')[0])
    .find((book) => book !== undefined && obligations.has(book))
}
const obligations: ReadonlySet<string> = new Set(['budget', 'payable', 'in-transit', 'paid'])

/** Every movement with its postings, as `from>to=amount`, in the order in which they happened. */
const entries: Exported = {
  columns: [
    'day',
    'at',
    'id',
    'type',
    'partner',
    'participant_id',
    'payout',
    'kind',
    'attempt',
    'partner_reference_no',
    'reference_no',
    'document',
    'amount',
    'wave',
    'scheme',
    'platform',
    'training_provider',
    'postings',
  ],
  wholeNumbers: ['attempt', 'amount', 'wave'],
  rowOf(movement) {
    const { day, at, id, type, partner, participantId, payout, kind, attempt, amount, document } = movement
    const { partnerReferenceNo, referenceNo, wave, scheme, platform, trainingProvider, postings } = movement
    const moved = postings.map((posting) => `${posting.from}>${posting.to}=${posting.amount}`).join(' ')
    const what = [day, at, id, type, partner, participantId, payout, kind, attempt]
    const papers = [partnerReferenceNo, referenceNo, document]
    const origin = [wave, scheme, platform, trainingProvider]
    return { key: `${at} ${id}`, rank: '', cells: [...what, ...papers, amount, ...origin, moved] }
  },
}

/** Each payout that has moved on a day, as it stood at the day's end. */
const payouts: Exported = {
  columns: [
    'day',
    'participant_id',
    'payout',
    'kind',
    'amount',
    'standing',
    'since',
    'partner',
    'attempt',
    'partner_reference_no',
    'reference_no',
    'wave',
    'scheme',
    'platform',
    'training_provider',
  ],
  wholeNumbers: ['amount', 'attempt', 'wave'],
  rowOf(movement) {
    const { day, at, id, partner, participantId, payout, kind, attempt, amount } = movement
    const { partnerReferenceNo, referenceNo, wave, scheme, platform, trainingProvider } = movement
    const standing = bookAfter(movement)
    if (participantId === null || payout === null || standing === undefined) return undefined
    const what = [day, participantId, payout, kind, amount, standing, at]
    const papers = [partner, attempt, partnerReferenceNo, referenceNo]
    const seq = (id.split('/').at(-1) ?? '').padStart(6, '0')
    return {
      key: `${participantId}/${payout}`,
      rank: seq,
      cells: [...what, ...papers, wave, scheme, platform, trainingProvider],
    }
  },
}

export const exported: Readonly<Record<(typeof exportKinds)[number], Exported>> = { entries, payouts }
