import { epochMs, type Instant, instant } from '../../../shared/domain/instant.ts'
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

/** Money between the treasury and our account at the partner, or that the partner took for itself. */
export type FloatMovement = {
  readonly at: Instant
  readonly direction: 'debit' | 'credit' | 'fee'
  readonly amount: Rupiah
  /** The number of the treasury's document, or of the partner's invoice. */
  readonly document?: string | undefined
}

/** The partner's own account of what it did: the truth of every test. Each answer is as of now. */
export type Book = {
  /** Oldest first. */
  movements(): readonly Movement[]
  /** Oldest first; the float at the start is one of them. */
  floatMovements(): readonly FloatMovement[]
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
  topUp(amount: number, document?: string): void
  /** Takes a fee out of the float. */
  charge(amount: Rupiah, document: string): void
  /** `held` is promised to debits that are still to come, `available` may be promised to new ones. */
  float(): { readonly available: Rupiah; readonly held: Rupiah }
  state(): PartnerState['book']
}

export function createBook(options: {
  /** At the start; a book that goes on has its own. */
  readonly float: Rupiah
  /** By which that float came. */
  readonly document?: string | undefined
  readonly now: () => number
  readonly state?: PartnerState['book'] | undefined
}): OpenBook {
  const { now, state } = options
  const entries: Movement[] = []
  const byReference = new Map<string, Movement[]>()
  const floatMovements: FloatMovement[] = []
  let upcoming: Movement[] = []
  /** Rupiah that has left the float, less what came. */
  let landed: number = noRupiah

  const happened = (movement: Movement): boolean => epochMs(movement.at) <= now()
  const signed = ({ direction, amount }: Movement | FloatMovement): number =>
    direction === 'credit' ? -amount : amount

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

  /** Takes effect at once. */
  function enterFloat(movement: FloatMovement): void {
    floatMovements.push(movement)
    landed += signed(movement)
  }

  function topUp(amount: number, document?: string): void {
    if (amount === 0) return
    const direction = amount < 0 ? 'debit' : 'credit'
    enterFloat({ at: instant(now()), direction, amount: rupiah(Math.abs(amount)), document })
  }

  for (const movement of state?.movements ?? []) enter(movement)
  for (const movement of state?.floatMovements ?? []) enterFloat(movement)
  if (!state) topUp(options.float, options.document)
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
    floatMovements: () => [...floatMovements],
    topUp,
    charge: (amount, document) => enterFloat({ at: instant(now()), direction: 'fee', amount, document }),
    float() {
      land()
      const debits = upcoming.filter(({ direction }) => direction === 'debit')
      const held = sum(debits.map(({ amount }) => amount))
      // Less than nothing: it has paid what nobody had money left for.
      return { available: rupiah(Math.max(0, -landed - held)), held }
    },
    state: () => ({ floatMovements: [...floatMovements], movements: [...entries] }),
  }
}
