import { instant } from '../../shared/domain/instant.ts'
import type { Control } from '../../shared/domain/permit.ts'
import type { Rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Deed } from './deeds.ts'
import type { Operators } from './operators.ts'
import type { ChaosPartner } from './partners/partner.ts'
import type { System } from './system.ts'
import { amountToppedUp } from './world.ts'

/** Those who fund lanes and look after them; what is about single payouts they hand on. */
export type People = {
  /** Books money as being at the partner. */
  fund(partner: PartnerName, amount: Rupiah): Promise<void>
  perform(deed: Deed): Promise<void>
}

type Surroundings = {
  /** Without faults: what finance does is done or not, and finance sees which. */
  readonly ledger: LedgerWithAccounts
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly operators: Operators
  readonly system: System
  /** Epoch milliseconds. */
  readonly time: () => number
  readonly note: (line: string) => void
}

const fundingRacesMax = 10

export function createPeople({ ledger, partners, operators, system, time, note }: Surroundings): People {
  let documents = 0

  async function fund(partner: PartnerName, amount: Rupiah): Promise<void> {
    documents += 1
    const { name: scheme, budget } = scheme2020
    const at = instant(time())
    const funding = { partner, scheme, budget, amount, document: `SP2D-${documents}`, at, by: 'finance' }
    for (let race = 0; race < fundingRacesMax; race++)
      if ((await ledger.lanes.fund(funding)) !== 'overtaken') return
    throw new Error(`${partner} could not be funded`)
  }

  async function resume(partner: PartnerName): Promise<void> {
    const isPaused = ({ paused }: Control) => Object.keys(paused).length > 0
    const lifted = await changeControl(ledger.lanes, partner, (control) =>
      isPaused(control) ? { control: { ...control, paused: {}, version: control.version + 1 } } : {},
    )
    if (!lifted.control) return
    note(`people: resume ${partner}`)
    system.wake(partner)
  }

  async function lookAfter({ deed, partner }: Extract<Deed, { partner: PartnerName }>): Promise<void> {
    if (deed === 'resume') return resume(partner)
    note(`people: ${deed} ${partner}`)
    const simulator = partners.get(partner)?.simulator
    if (deed === 'revoke-tokens') return simulator?.revokeTokens()
    simulator?.topUp(amountToppedUp)
    await fund(partner, amountToppedUp)
    system.wake(partner)
  }

  return {
    fund,
    perform: (deed) => ('partner' in deed ? lookAfter(deed) : operators.perform(deed)),
  }
}
