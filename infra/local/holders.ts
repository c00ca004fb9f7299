import * as z from 'zod'
import { parsePhone } from '../../shared/domain/phone.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import type { Feed } from './feed.ts'

/** An account as its partner keeps it: bank digits, or a wallet in E.164. */
export type Holder = { readonly partner: string; readonly number: string; readonly name: string }

const wallets: ReadonlySet<string> = new Set(
  Object.entries(partnerConfigurations).flatMap(([name, { kind }]) => (kind === 'wallet' ? [name] : [])),
)

/** A number as the partner keeps it, from however it was written; what is no mobile number stays as it is. */
export const numberAt = (partner: string, written: string): string =>
  wallets.has(partner) ? (parsePhone(written) ?? written) : written

const link = z.object({
  'detail-type': z.literal('PayoutAccountLinked'),
  detail: z.object({ partner: z.string(), accountNumber: z.string(), holderName: z.string() }),
})

/** Every account that the feed links, under the first name it was linked with. */
export function holdersIn(feed: Feed): readonly Holder[] {
  const holders = new Map<string, Holder>()
  for (const { envelope } of feed) {
    const parsed = link.safeParse(envelope)
    if (!parsed.success) continue
    const { partner, accountNumber, holderName: name } = parsed.data.detail
    const number = numberAt(partner, accountNumber)
    const key = `${partner} ${number}`
    if (!holders.has(key)) holders.set(key, { partner, number, name })
  }
  return [...holders.values()]
}
