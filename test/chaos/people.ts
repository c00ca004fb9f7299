import type { Behind, Carried } from '../../functions/ops/instructions/carried.ts'
import { carryOutFloat } from '../../functions/ops/instructions/fund.ts'
import { carryOutPause } from '../../functions/ops/instructions/pause.ts'
import { isRefused } from '../../shared/api/problem.ts'
import { instant } from '../../shared/domain/instant.ts'
import { pausedItself } from '../../shared/domain/pause.ts'
import type { Kind } from '../../shared/domain/payout.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { type Rupiah, rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Deed } from './deeds.ts'
import { serving } from './environments.ts'
import type { Funds } from './funds.ts'
import type { Operators } from './operators.ts'
import type { ChaosPartner } from './partners/partner.ts'
import type { Pauses } from './pauses.ts'
import type { System } from './system.ts'
import { amountToppedUp } from './world.ts'

/** Those who fund lanes, close and re-open them; what is about single payouts they hand on. Whatever they instruct goes
 *  on as an invocation of its own, and can go wrong like any other. */
export type People = {
  /** Books money as being at the partner, by a document of its own. */
  fund(partner: PartnerName, amount: Rupiah): void
  perform(deed: Deed): Promise<void>
  /** A payout has been claimed in that lane: what some have been waiting for. */
  claimed(partner: string): void
}

type Surroundings = {
  /** Without faults: to see what there is. */
  readonly ledger: LedgerWithAccounts
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly operators: Operators
  readonly funds: Funds
  readonly pauses: Pick<Pauses, 'isPaused'>
  readonly system: System
  /** Epoch milliseconds. */
  readonly time: () => number
  readonly note: (line: string) => void
}

type LaneDeed = Extract<Deed, { partner: PartnerName }>
type Pausing = Extract<Deed, { deed: 'pause' }>

const feeTaken = rupiah(6_500)
/** Two people, which is enough for everything. */
const both = { maker: 'mira', approvedBy: 'budi' } as const

export function createPeople(surroundings: Surroundings): People {
  const { ledger, partners, operators, funds, pauses, system, time, note } = surroundings
  const waiting: Pausing[] = []
  let documents = 0

  /** An instruction that is given at `asked`, carried out as ops does it, and again until it is heard to be done. */
  function instruct(
    partner: PartnerName,
    carryOut: (own: LedgerWithAccounts, behind: Behind) => Promise<Carried>,
    asked = time(),
  ): void {
    system.perform(async (environment, worker) => {
      const { ledger: own, now, by } = serving(environment, worker)
      const behind = { ...both, now: now(), asked: instant(asked), invocation: by, id: by }
      const carried = await carryOut(own, behind)
      if (isRefused(carried)) throw new Error(`${partner}: ${carried.problem.detail}`)
      for (const { subject, outcome } of 'effects' in carried ? carried.effects : [])
        note(`people: ${subject} ${outcome}`)
      system.wake(partner)
    }, asked)
  }

  function fund(partner: PartnerName, amount: Rupiah): void {
    documents += 1
    const document = `SP2D-${documents}`
    const instruction = { instruction: 'fund', partner, amount, document } as const
    instruct(partner, async (own, behind) => {
      const carried = await carryOutFloat({ ledger: own, scheme: scheme2020 }, instruction, behind)
      funds.told(document)
      return carried
    })
  }

  /** Takes money from the float by a document of its own; the partner moves it once that is booked. Refused where the lane
   *  needs it. */
  function take(name: 'sweep' | 'fee', partner: PartnerName, amount: Rupiah): void {
    documents += 1
    const document = `${name}-${documents}`
    const instruction = { instruction: name, partner, amount, document } as const
    let moved = false
    instruct(partner, async (own, behind) => {
      const carried = await carryOutFloat({ ledger: own, scheme: scheme2020 }, instruction, behind)
      if (isRefused(carried)) {
        note(`people: ${name} ${partner} refused`)
        return { effects: [] }
      }
      funds.told(document)
      const simulator = partners.get(partner)?.simulator
      if (!moved && name === 'sweep') simulator?.topUp(-amount)
      if (!moved && name === 'fee') simulator?.charge(amount, document)
      moved = true
      return carried
    })
  }

  /** All that the lane can spare, but no more than comes again. */
  async function sweep(partner: PartnerName): Promise<void> {
    const { available } = await ledger.lanes.read(partner)
    if (available <= 0) return
    const amount = rupiah(Math.min(available, amountToppedUp))
    note(`people: sweep ${amount} from ${partner}`)
    take('sweep', partner, amount)
  }

  function tell(name: 'pause' | 'resume', partner: PartnerName, kind?: Kind, at = time()): void {
    const instruction = { instruction: name, partner, ...(kind && { kind }), reason: 'drawn' } as const
    instruct(
      partner,
      (own, behind) => carryOutPause({ ledger: own, partners: [partner] }, instruction, behind),
      at,
    )
  }

  function pause({ partner, kind, seconds }: Omit<Pausing, 'at' | 'deed' | 'when'>): void {
    note(`people: pause ${partner} for ${seconds} s`)
    tell('pause', partner, kind)
    tell('resume', partner, kind, time() + seconds * 1_000)
  }

  async function resume(partner: PartnerName, isMeant: (control: Control) => boolean): Promise<void> {
    if (!pauses.isPaused(partner) || !isMeant(await ledger.lanes.read(partner))) return
    note(`people: resume ${partner}`)
    tell('resume', partner)
  }

  async function lookAfter(deed: LaneDeed): Promise<void> {
    const { partner } = deed
    const simulator = partners.get(partner)?.simulator
    switch (deed.deed) {
      case 'pause':
        return deed.when === 'claiming' ? void waiting.push(deed) : pause(deed)
      case 'resume':
        return resume(partner, ({ paused }) => Object.keys(paused).length > 0)
      case 'look-after':
        return resume(partner, pausedItself)
      case 'revoke-tokens':
        note(`people: revoke-tokens ${partner}`)
        return simulator?.revokeTokens()
      case 'throttle':
        note(`people: throttle ${partner} for ${deed.seconds} s`)
        return simulator?.throttle(deed.seconds)
      case 'sweep':
        return sweep(partner)
      case 'fee':
        note(`people: fee of ${partner}`)
        return take('fee', partner, feeTaken)
      case 'fund':
        note(`people: fund ${partner}`)
        simulator?.topUp(amountToppedUp)
        fund(partner, amountToppedUp)
    }
  }

  return {
    fund,
    perform: (deed) => ('partner' in deed ? lookAfter(deed) : operators.perform(deed)),
    claimed(partner) {
      const next = waiting.findIndex((deed) => deed.partner === partner)
      for (const deed of next < 0 ? [] : waiting.splice(next, 1)) pause(deed)
    },
  }
}
