import { type Refused, refuse } from '../../../shared/api/problem.ts'
import { formatRupiah, rupiah } from '../../../shared/domain/rupiah.ts'
import type { Funding } from '../../../shared/ledger/ports.ts'
import type { Instruction } from '../../../shared/operations/instructions.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { type Behind, type Carried, done, type Judged, signature } from './carried.ts'

/** Money between the treasury and a partner's float, and what the partner takes of it for itself. */

type FloatInstruction = Extract<Instruction, { instruction: 'fund' | 'sweep' | 'fee' }>

/** The control row changes hands all the time; more lost races than this mean that something is wrong. */
const racesMax = 20

const notAvailable = ({ partner, amount }: FloatInstruction): Refused =>
  refuse(
    422,
    `The float at ${partner} cannot spare ${formatRupiah(amount)}: what open and paid attempts and permits need stays there.`,
  )

/** More than there is now need not be proposed. */
export async function judgeFloat(
  { ledger }: OpsDependencies,
  instruction: FloatInstruction,
): Promise<Judged> {
  if (instruction.instruction === 'fund') return 'two'
  const { available } = await ledger.lanes.read(instruction.partner)
  return instruction.amount > available ? notAvailable(instruction) : 'two'
}

/** Books the movement once, however often its document comes. */
export async function carryOutFloat(
  { ledger, scheme }: Pick<OpsDependencies, 'ledger' | 'scheme'>,
  instruction: FloatInstruction,
  behind: Behind,
): Promise<Carried> {
  const { instruction: name, partner, document } = instruction
  const amount = rupiah(instruction.amount)
  const { name: schemeName, budget } = scheme
  const movement = { partner, scheme: schemeName, amount, document, at: behind.now, by: signature(behind) }
  const funding: Funding = { ...movement, budget }
  const said = (outcome: string): Carried => ({ effects: [{ subject: partner, ...done(outcome) }] })
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
        return refuse(
          409,
          `Document ${document} was booked before for another movement of money. Each has a document of its own.`,
        )
      case 'over-budget':
        return refuse(
          422,
          `With ${formatRupiah(amount)} more, the floats would exceed the budget of ${schemeName}.`,
        )
      case 'not-available':
        return notAvailable(instruction)
      case 'overtaken':
    }
  }
  throw new Error(`the float of ${partner} was overtaken ${racesMax} times`)
}
