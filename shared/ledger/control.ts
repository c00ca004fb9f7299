import type { Control } from '../domain/permit.ts'
import type { Lanes } from './ports.ts'

/** The control row changes hands all the time; more lost races than this mean that something is wrong. */
const racesMax = 20

/** Reads, changes and writes a lane's control row until nobody has written in between. Without a control to write,
 *  nothing is written. `known`: the row as the caller wrote it last, to be tried before reading. */
export async function changeControl<Change extends { readonly control?: Control }>(
  lanes: Lanes,
  partner: string,
  change: (control: Control) => Change,
  known?: Control,
): Promise<Change> {
  for (let race = 0; race < racesMax; race++) {
    const before = race === 0 && known ? known : await lanes.read(partner)
    const changed = change(before)
    if (!changed.control || (await lanes.write(partner, changed.control)) === 'written') return changed
  }
  throw new Error(`the control row of ${partner} was overtaken ${racesMax} times`)
}
