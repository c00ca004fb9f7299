import { epochMs, type Instant } from '../../../shared/domain/instant.ts'
import { noRupiah, type Rupiah, rupiah, sum } from '../../../shared/domain/rupiah.ts'
import type { PartnerState } from './state.ts'

/** Money that moved at the partner: a debit leaves our float for the account, a credit comes back. */
export type Movement = {
  readonly at: Instant
  readonly direction: 'debit' | 'credit'
  readonly partnerReferenceNo: string
  readonly referenceNo: string
  readonly amount: Rupiah
  /** Bank digits, or a wallet in E.164. */
  readonly accountNumber: string
  readonly serviceCode: string
}

/** The partner's own account of what it did: the truth of every test. Each answer is as of now. */
export type Book = {
  /** Oldest first. */
  movements(): readonly Movement[]
  /** Whether more was paid than came back under the reference. */
  paid(partnerReferenceNo: string): boolean
  /** Rupiah paid less rupiah refunded under the reference. */
  net(partnerReferenceNo: string): number
  /** References with something paid and not refunded, and the net rupiah of all. */
  totals(): { readonly references: number; readonly rupiah: number }
}

export type OpenBook = Book & {
  /** Appends a movement; one dated later takes effect then, without a timer. */
  enter(movement: Movement): void
  /** Whole rupiah; less than nothing where it is taken away. */
  topUp(amount: number): void
  /** `held` is promised to debits that are still to come, `available` may be promised to new ones. */
  float(): { readonly available: Rupiah; readonly held: Rupiah }
  state(): PartnerState['book']
}

export function createBook(options: {
  /** At the start; a book that goes on has its own. */
  readonly float: Rupiah
  readonly now: () => number
  readonly state?: PartnerState['book'] | undefined
}): OpenBook {
  const { now, state } = options
  const entries: Movement[] = []
  const byReference = new Map<string, Movement[]>()
  let funded: number = state?.funded ?? options.float
  let upcoming: Movement[] = []
  let landed: number = noRupiah

  const happened = (movement: Movement): boolean => epochMs(movement.at) <= now()
  const signed = ({ direction, amount }: Movement): number => (direction === 'debit' ? amount : -amount)

  function net(partnerReferenceNo: string): number {
    const own = byReference.get(partnerReferenceNo) ?? []
    return own.reduce((total, movement) => total + (happened(movement) ? signed(movement) : 0), 0)
  }

  /** Moves what has happened by now from `upcoming` into `landed`, so that a float costs no walk of the book. */
  function land(): void {
    for (const movement of upcoming) if (happened(movement)) landed += signed(movement)
    upcoming = upcoming.filter((movement) => !happened(movement))
  }

  function enter(movement: Movement): void {
    entries.push(movement)
    const own = byReference.get(movement.partnerReferenceNo)
    if (own === undefined) byReference.set(movement.partnerReferenceNo, [movement])
    else own.push(movement)
    upcoming.push(movement)
  }

  for (const movement of state?.movements ?? []) enter(movement)
  return {
    movements: () =>
      entries.filter(happened).sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)),
    net,
    paid: (partnerReferenceNo) => net(partnerReferenceNo) > 0,
    totals() {
      const nets = [...byReference.keys()].map(net).filter((amount) => amount > 0)
      return { references: nets.length, rupiah: sum(nets.map(rupiah)) }
    },
    enter,
    topUp(amount) {
      funded += amount
    },
    float() {
      land()
      const debits = upcoming.filter(({ direction }) => direction === 'debit')
      const held = sum(debits.map(({ amount }) => amount))
      return { available: rupiah(funded - landed - held), held }
    },
    state: () => ({ funded, movements: [...entries] }),
  }
}
