import type { PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { PartnerState } from './state.ts'

/** The accounts a partner keeps, by bank digits or by wallet number in E.164. */
export type Accounts = {
  know(number: string, holderName: string): void
  /** `undefined`: nobody has this number. */
  holder(number: string): string | undefined
  /** Reads a number as a request writes it, strictly in the partner's own form; `undefined` if it is not that. */
  read(written: string): string | undefined
  /** Writes a number as the partner does. */
  write(number: string): string
  state(): PartnerState['accounts']
}

const phonePrefix = { e164: '+62', '62': '62', '08': '0' } as const
const mobile = /^8\d{7,12}$/
const bankDigits = /^\d{6,34}$/

export function createAccounts(
  { kind, phoneFormat }: Pick<PartnerConfiguration, 'kind' | 'phoneFormat'>,
  state: PartnerState['accounts'] = [],
): Accounts {
  const holders = new Map<string, string>(state)
  const prefix = phonePrefix[phoneFormat]

  function readPhone(written: string): string | undefined {
    const national = written.slice(prefix.length)
    return written.startsWith(prefix) && mobile.test(national) ? `+62${national}` : undefined
  }

  return {
    know: (number, holderName) => void holders.set(number, holderName),
    holder: (number) => holders.get(number),
    read: (written) =>
      kind === 'wallet' ? readPhone(written) : bankDigits.test(written) ? written : undefined,
    write: (number) => (kind === 'wallet' ? `${prefix}${number.slice('+62'.length)}` : number),
    state: () => [...holders],
  }
}
