import { type Refused, refuse } from '../../../shared/api/problem.ts'
import type { Pause } from '../../../shared/domain/pause.ts'
import { kinds } from '../../../shared/domain/payout.ts'
import { formatRupiah, rupiah } from '../../../shared/domain/rupiah.ts'
import type { Funding } from '../../../shared/ledger/ports.ts'
import type { Instruction } from '../../../shared/operations/instructions.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { type Behind, type Carried, done, type Judged, signature } from './carried.ts'

/** Money between the treasury and a partner's float, and what the partner takes of it for itself. */

type FloatInstruction = Extract<Instruction, { instruction: 'fund' | 'sweep' | 'fee' }>

/** The control row changes hands all the time; more lost races than this mean that something is wrong. */
const racesMax = 20

type Against = Exclude<Awaited<ReturnType<OpsDependencies['ledger']['lanes']['foresee']>>, undefined>

type Dependencies = Pick<OpsDependencies, 'ledger' | 'scheme'>

const whose = ({ reason, by }: Pause): string =>
  reason === 'operator' ? by.replace(/^ops\//, '') : `itself: ${reason}`

/** Who keeps the lane shut though it was given float, and what opens it; `undefined` where it is open, or got none. */
async function stillPaused(
  { ledger }: Dependencies,
  { instruction, partner }: FloatInstruction,
): Promise<string | undefined> {
  if (instruction !== 'fund') return undefined
  const { paused } = await ledger.lanes.read(partner)
  const shut = kinds.flatMap((kind) => (paused[kind] ? [`${kind} by ${whose(paused[kind])}`] : []))
  return shut.length === 0 ? undefined : `the lane is still paused (${shut.join(', ')}): resume opens it`
}

/** Why it is not booked, in words. */
async function refusedBy(
  deps: Dependencies,
  against: Against,
  instruction: FloatInstruction,
): Promise<Refused> {
  const { partner, document } = instruction
  const amount = formatRupiah(instruction.amount)
  switch (against) {
    case 'duplicate': {
      const shut = await stillPaused(deps, instruction)
      return refuse(
        409,
        `Document ${document} was booked before for the same movement of money: ${shut ?? 'there is nothing left to do'}.`,
      )
    }
    case 'document-taken':
      return refuse(
        409,
        `Document ${document} was booked before for another movement of money. Each has a document of its own.`,
      )
    case 'over-budget': {
      const { name, budget } = deps.scheme
      const left = formatRupiah(rupiah(Math.max(0, budget - (await deps.ledger.lanes.given(name)))))
      return refuse(
        422,
        `With ${amount} more, the floats would exceed the budget of ${name}. ${left} of ${formatRupiah(budget)} are left. Book no more than that, or have another partner give back what it does not need, and sweep it, first; more takes a larger budget in the scheme.`,
      )
    }
    case 'not-available':
      return refuse(
        422,
        `The float at ${partner} cannot spare ${amount}: what open and paid attempts and permits need stays there.`,
      )
  }
}

/** What would not be booked now need not be proposed. */
export async function judgeFloat(deps: Dependencies, instruction: FloatInstruction): Promise<Judged> {
  const { ledger, scheme } = deps
  const { instruction: name, partner, document } = instruction
  const amount = rupiah(instruction.amount)
  const movement = { partner, scheme: scheme.name, budget: scheme.budget, amount, document }
  const against = await ledger.lanes.foresee(name, movement)
  return against === undefined ? 'two' : refusedBy(deps, against, instruction)
}

/** Books the movement once, however often its document comes. */
export async function carryOutFloat(
  deps: Dependencies,
  instruction: FloatInstruction,
  behind: Behind,
): Promise<Carried> {
  const { ledger, scheme } = deps
  const { instruction: name, partner, document } = instruction
  const amount = rupiah(instruction.amount)
  const { name: schemeName, budget } = scheme
  const movement = { partner, scheme: schemeName, amount, document, at: behind.now, by: signature(behind) }
  const funding: Funding = { ...movement, budget }
  const said = async (outcome: string): Promise<Carried> => {
    const shut = await stillPaused(deps, instruction)
    return { effects: [{ subject: partner, ...done(shut === undefined ? outcome : `${outcome}; ${shut}`) }] }
  }
  for (let race = 0; race < racesMax; race++) {
    const outcome = await (name === 'fund' ? ledger.lanes.fund(funding) : ledger.lanes[name](movement))
    switch (outcome) {
      case 'funded':
        return said(`${formatRupiah(amount)} more float`)
      case 'swept':
        return said(`${formatRupiah(amount)} back to the treasury`)
      case 'charged':
        return said(`${formatRupiah(amount)} of fees`)
      case 'duplicate':
        return said(`document ${document} was booked before: nothing changed`)
      case 'document-taken':
      case 'over-budget':
      case 'not-available':
        return refusedBy(deps, outcome, instruction)
      case 'overtaken':
    }
  }
  throw new Error(`the float of ${partner} was overtaken ${racesMax} times`)
}
