import type { Book } from '../../infra/local/partners/book.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import { payoutOfEntryKey } from '../../shared/ledger/dynamodb/keys.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'
import type { Worker } from './operations.ts'
import type { Holder } from './world.ts'

/** To whom money goes: to the account that its participant has linked last, and to nobody of another name. */
export type Destinations = {
  /** Hears of everything that is written to the accounts. */
  changed(before: Item | undefined, after: Item): void
  /** Hears of everything that is written to the journal. */
  entered(after: Item): void
}

/** An account version, and when it was stored; epoch milliseconds. */
type Stored = { readonly version: string; readonly linkedAt: number; readonly at: number }
type Surroundings = {
  /** Epoch milliseconds. */
  readonly time: () => number
  /** Whoever signs entries so. */
  readonly workerOf: (by: string) => Worker | undefined
  readonly report: (problem: Problem) => void
}

/** Links of the programme's last day for them count, later ones do not. */
const linkedBefore = Date.parse('2021-03-05T00:00:00+07:00')

export function createDestinations({ time, workerOf, report }: Surroundings): Destinations {
  /** By participant. */
  const links = new Map<string, Stored[]>()
  return {
    changed(before, { pk, sk, linkedAt }) {
      // What else lies in that table says of nobody's account when it was linked.
      if (before || linkedAt?.S === undefined) return
      const own = links.get(pk?.S ?? '') ?? []
      links.set(pk?.S ?? '', own)
      own.push({ version: sk?.S ?? '', linkedAt: Date.parse(linkedAt.S), at: time() })
    },
    entered({ pk, sk, event, by }) {
      const { type, reference, accountVersion } = event?.M ?? {}
      const worker = workerOf(by?.S ?? '')
      if (type?.S !== 'claimed' || !worker) return
      const own = links.get(pk?.S ?? '') ?? []
      const claimed = own.find(({ version }) => version === accountVersion?.S)
      const known = own.filter((link) => link.at < worker.startedAt && link.linkedAt < linkedBefore)
      const wrong = (detail: string) => {
        const subject = `${pk?.S} ${payoutOfEntryKey(sk?.S ?? '')}`
        report({ check: 'destination', subject, detail: `${reference?.S} is claimed for ${detail}` })
      }
      if (!claimed) return wrong('an account that nobody has linked')
      if (claimed.linkedAt >= linkedBefore) return wrong(`${claimed.version}, which was linked too late`)
      const later = known.find((link) => link.linkedAt > claimed.linkedAt)
      if (later) wrong(`${claimed.version}, though ${later.version} was known`)
    },
  }
}

/** Whether a partner names somebody else where it is asked whose account that is. */
const isSomebodyElses = ({ behaviour }: Holder): boolean => behaviour === '15'

/** Money that has reached an account of which its partner says that it is somebody else's. */
export function strangersPaid(
  holders: readonly Holder[],
  books: ReadonlyMap<string, Book>,
): readonly Problem[] {
  return holders.filter(isSomebodyElses).flatMap(({ partner, number }) => {
    const reached =
      books
        .get(partner)
        ?.movements()
        .filter(({ accountNumber }) => accountNumber === number) ?? []
    return reached.map(({ partnerReferenceNo: reference }) => {
      const { participantId = '', payout = '' } = parseReference(reference) ?? {}
      const subject = `${participantId} ${payout}`.trim()
      const detail = `${reference} has reached an account of which ${partner} names another holder`
      return { check: 'stranger', subject, detail }
    })
  })
}
